// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/sharedroom.h"
#include "core/base/workerpool.h"

#include <QByteArray>

#include <functional>
#include <memory>

namespace hublet::store {

/// Works through a stream of blocks in order, on another thread beside the one that makes them. When too many
/// blocks wait, takeBlock() and add() do. Used by one thread.
class BlockStrand {
public:
    static constexpr qsizetype BlockBytes = 256 * 1024;

    /// What all strands of a store share: threads, and memory for the blocks that wait.
    struct Shared {
        explicit Shared(int threads) : pool(threads) {}

        SharedRoom room{{.total = 128 * BlockBytes, .least = 8 * BlockBytes, .most = 32 * BlockBytes}};
        WorkerPool pool; ///< last: its threads use the room
    };

    /// `work` is called with one block after the other, never twice at once.
    BlockStrand(Shared& shared, std::function<void(const QByteArray&)> work);
    /// Drops what is queued and waits for the block under way.
    ~BlockStrand();
    BlockStrand(const BlockStrand&) = delete;
    BlockStrand& operator=(const BlockStrand&) = delete;

    /// An empty block with room for BlockBytes, used ones first; waits while too many are queued.
    [[nodiscard]] QByteArray takeBlock();
    /// Queues `block`; waits while too many are queued.
    void add(QByteArray block);
    /// Waits until all is worked through.
    void finish();

private:
    struct State;
    static void drain(const std::shared_ptr<State>& state);

    WorkerPool& m_pool;
    std::shared_ptr<State> m_state; ///< shared with the running task, which ends a little after finish()
};

} // namespace hublet::store
