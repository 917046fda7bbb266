// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/blockstrand.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace hublet::store {

struct BlockStrand::State {
    State(SharedRoom& shared, std::function<void(const QByteArray&)> function)
        : room(shared), work(std::move(function))
    {
    }

    SharedRoom::Share room;
    std::function<void(const QByteArray&)> work; ///< called by the pool thread inside drain()
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<QByteArray> queue;
    std::vector<QByteArray> spare; ///< blocks done with, kept for their memory
    bool isRunning = false;        ///< a pool thread is inside drain()

    /// How many may wait.
    [[nodiscard]] std::size_t roomForBlocks() const { return std::size_t(room.bytes() / BlockBytes); }

    void waitForRoom(std::unique_lock<std::mutex>& lock)
    {
        changed.wait(lock, [this] { return queue.size() < roomForBlocks(); });
    }
};

BlockStrand::BlockStrand(Shared& shared, std::function<void(const QByteArray&)> work)
    : m_pool(shared.pool), m_state(std::make_shared<State>(shared.room, std::move(work)))
{
}

BlockStrand::~BlockStrand()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->queue.clear();
    }
    finish();
}

QByteArray BlockStrand::takeBlock()
{
    std::unique_lock lock(m_state->mutex);
    m_state->waitForRoom(lock);
    QByteArray block;
    if (!m_state->spare.empty()) {
        block = std::move(m_state->spare.back());
        m_state->spare.pop_back();
    }
    lock.unlock();
    block.resize(0);
    block.reserve(BlockBytes);
    return block;
}

void BlockStrand::add(QByteArray block)
{
    std::unique_lock lock(m_state->mutex);
    m_state->waitForRoom(lock);
    m_state->queue.push_back(std::move(block));
    if (m_state->isRunning)
        return;
    m_state->isRunning = true;
    m_pool.post([state = m_state] { drain(state); });
}

void BlockStrand::drain(const std::shared_ptr<State>& state)
{
    std::unique_lock lock(state->mutex);
    while (!state->queue.empty()) {
        QByteArray block = std::move(state->queue.front());
        state->queue.pop_front();
        // A writer that waits is woken for several blocks at once, not for each.
        const std::size_t room = state->roomForBlocks();
        const bool hasRoomAgain = state->queue.size() <= room / 2;
        lock.unlock();
        if (hasRoomAgain)
            state->changed.notify_all();
        state->work(block);
        lock.lock();
        if (state->spare.size() < room)
            state->spare.push_back(std::move(block));
    }
    state->isRunning = false;
    lock.unlock();
    state->changed.notify_all();
}

void BlockStrand::finish()
{
    std::unique_lock lock(m_state->mutex);
    m_state->changed.wait(lock, [this] { return !m_state->isRunning && m_state->queue.empty(); });
}

} // namespace hublet::store
