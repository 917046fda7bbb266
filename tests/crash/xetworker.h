// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/world.h"

#include <optional>

namespace hublet::crash {

/// The steps of Worker that store contents as segments of xorbs. Each gives its acknowledgement.
class XetWorker {
public:
    XetWorker(World& world, quint32 seed, qint64 user) : m_world(world), m_seed(seed), m_user(user) {}

    /// Uploads the xorbs of XetUpload.
    [[nodiscard]] Result<QByteArray> xorbs(int cycle);
    /// Registers its files; in odd cycles one of them lies as a blob until then.
    [[nodiscard]] Result<QByteArray> shard(int cycle);
    /// Uploads a content as segments; beside it the one of the cycle before, which lies as a blob.
    [[nodiscard]] Result<QByteArray> segments(int cycle);
    /// Makes a blob of what segments() stored.
    [[nodiscard]] Result<QByteArray> whole(int cycle);
    /// And segments of it again, and of the small files of the commit, which lie in a pack.
    [[nodiscard]] Result<QByteArray> segmented(int cycle);

private:
    [[nodiscard]] Result<QByteArray> convert(const char* step, int cycle, const std::vector<Sha256>& contents,
                                             store::StorageForm form);

    World& m_world;
    const quint32 m_seed;
    const qint64 m_user;
};

} // namespace hublet::crash
