// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/hasher.h"
#include "core/store/files/blockstrand.h"

#include <optional>

namespace hublet::store {

/// Hashes a stream beside the thread that writes it. Used by one thread; may be destroyed at any time.
class HashStrand {
public:
    /// `gitSize`: when set, the git blob id is computed too, for a content of so many bytes.
    HashStrand(BlockStrand::Shared& shared, std::optional<qint64> gitSize);

    /// As BlockStrand::takeBlock().
    [[nodiscard]] QByteArray takeBlock() { return m_strand.takeBlock(); }
    /// Queues `block` for hashing.
    void add(QByteArray block) { m_strand.add(std::move(block)); }

    struct Digests {
        Sha256 sha256;
        std::optional<GitOid> blobOid;
    };
    /// Waits until everything is hashed. Call once.
    [[nodiscard]] Digests finish();

private:
    Sha256Hasher m_sha256;
    std::optional<Sha1Hasher> m_sha1;
    BlockStrand m_strand; ///< last: its thread uses the hashers
};

} // namespace hublet::store
