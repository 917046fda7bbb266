// SPDX-License-Identifier: Apache-2.0
#include "core/store/hashstrand.h"

#include "core/base/hasher.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace hublet::store {

struct HashStrand::State {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<QByteArray> queue;
    std::vector<QByteArray> spare; ///< hashed blocks, kept for their memory
    bool isRunning = false;        ///< a pool thread is inside drain(), and alone owns the hashers
    Sha256Hasher sha256;
    std::optional<Sha1Hasher> sha1;
};

HashStrand::HashStrand(WorkerPool& pool, std::optional<qint64> gitSize)
    : m_pool(pool), m_state(std::make_shared<State>())
{
    if (gitSize)
        m_state->sha1 = gitBlobHasher(*gitSize);
}

HashStrand::~HashStrand()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->queue.clear(); // nobody asks for the digest any more
}

QByteArray HashStrand::takeBlock()
{
    std::unique_lock lock(m_state->mutex);
    m_state->changed.wait(lock, [this] { return m_state->queue.size() < MaxQueuedBlocks; });
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

void HashStrand::add(QByteArray block)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->queue.push_back(std::move(block));
    if (m_state->isRunning)
        return;
    m_state->isRunning = true;
    m_pool.post([state = m_state] { drain(state); });
}

void HashStrand::drain(const std::shared_ptr<State>& state)
{
    std::unique_lock lock(state->mutex);
    while (!state->queue.empty()) {
        QByteArray block = std::move(state->queue.front());
        state->queue.pop_front();
        // A writer that waits is woken for several blocks at once, not for each.
        const bool hasRoomAgain = state->queue.size() == MaxQueuedBlocks / 2;
        lock.unlock();
        if (hasRoomAgain)
            state->changed.notify_all();
        state->sha256.add(block);
        if (state->sha1)
            state->sha1->add(block);
        lock.lock();
        state->spare.push_back(std::move(block));
    }
    state->isRunning = false;
    lock.unlock();
    state->changed.notify_all();
}

HashStrand::Digests HashStrand::finish()
{
    std::unique_lock lock(m_state->mutex);
    m_state->changed.wait(lock, [this] { return !m_state->isRunning && m_state->queue.empty(); });
    Digests digests{m_state->sha256.finish(), std::nullopt};
    if (m_state->sha1)
        digests.blobOid = m_state->sha1->finish();
    return digests;
}

} // namespace hublet::store
