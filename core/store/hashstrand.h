// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/workerpool.h"

#include <memory>
#include <optional>

namespace hublet::store {

/// Hashes a stream beside the thread that writes it: blocks are hashed in order on a thread of the pool. At
/// most MaxQueuedBlocks wait; then takeBlock() does. Used by one thread; may be destroyed at any time.
class HashStrand {
public:
    static constexpr qsizetype BlockBytes = 256 * 1024;
    static constexpr int MaxQueuedBlocks = 8;

    /// `gitSize`: when set, the git blob id is computed too, for a content of so many bytes.
    HashStrand(WorkerPool& pool, std::optional<qint64> gitSize);
    ~HashStrand();

    /// An empty block with room for BlockBytes, used ones first; waits while too many are queued.
    [[nodiscard]] QByteArray takeBlock();
    /// Queues `block` for hashing.
    void add(QByteArray block);

    struct Digests {
        Sha256 sha256;
        std::optional<GitOid> blobOid;
    };
    /// Waits until everything is hashed. Call once.
    [[nodiscard]] Digests finish();

private:
    struct State;
    static void drain(const std::shared_ptr<State>& state);

    WorkerPool& m_pool;
    std::shared_ptr<State> m_state; ///< shared with the running task, which may outlive this object
};

} // namespace hublet::store
