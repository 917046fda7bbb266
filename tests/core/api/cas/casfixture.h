// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/core/api/hub/hubfixture.h"
#include "xetcontent.h"

namespace hublet::api::cas {

/// The Hub and the CAS in one server, and the model acme/bert to upload to.
class CasFixture : public HubFixture {
public:
    CasFixture();

    /// What the token route of acme/bert says. `kind`: "read" or "write".
    [[nodiscard]] QJsonObject grant(const QByteArray& kind, const QByteArray& headers);
    /// A header line with such a token of the administrator's.
    [[nodiscard]] QByteArray token(const QByteArray& kind) { return tokenOf(kind, admin()); }
    [[nodiscard]] QByteArray tokenOf(const QByteArray& kind, const QByteArray& headers);
    /// "/cas/<store>"
    [[nodiscard]] QByteArray base();

    /// One request below base().
    [[nodiscard]] http::RawResponse cas(const QByteArray& method, const QByteArray& path,
                                        const QByteArray& headers, const QByteArray& body = {});
    [[nodiscard]] http::RawResponse postXorb(const XetContent& content, const QByteArray& body);
    [[nodiscard]] http::RawResponse postShard(const QByteArray& shard);
    /// Xorb and shard; fails the test when one is refused.
    void upload(const XetContent& content);
    /// Names it in a commit to main.
    [[nodiscard]] http::RawResponse commit(const XetContent& content, const QByteArray& path);
    using HubFixture::commit;
};

} // namespace hublet::api::cas
