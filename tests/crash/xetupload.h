// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/world.h"
#include "tests/support/xetclient.h"

namespace hublet::crash {

/// What a Xet client uploads in one cycle: two xorbs, one of them for two files, of which one will be needed
/// by nobody; the other xorb is for none.
struct XetUpload {
    XetUpload(quint32 seed, int cycle);

    test::CutFile kept;
    test::CutFile dying;
    test::ClientXorb xorb; ///< chunks of `kept`, then of `dying`
    test::ClientXorb unused;

    [[nodiscard]] QByteArray shard() const;
};

/// As a POST of a xorb.
[[nodiscard]] Result<void> post(store::ContentStore& store, const test::ClientXorb& xorb);
/// As a POST of a shard: both files become known, and the user claims `kept`.
[[nodiscard]] Result<void> registerFiles(World& world, const XetUpload& upload, qint64 user);

} // namespace hublet::crash
