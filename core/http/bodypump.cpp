// SPDX-License-Identifier: Apache-2.0
#include "core/http/bodypump.h"

#include "core/http/limits.h"

#include <algorithm>

namespace hublet::http {

BodyPump::BodyPump(std::unique_ptr<BodySink> sink, WorkerPool& pool, SharedRoom& room,
                   std::shared_ptr<Connection> connection, std::weak_ptr<void> owner)
    : m_pool(pool), m_room(room), m_connection(std::move(connection)), m_owner(std::move(owner)),
      m_sink(std::move(sink))
{
}

qsizetype BodyPump::push(QByteArrayView bytes)
{
    std::unique_lock lock(m_mutex);
    if (m_concluded)
        return bytes.size();
    const qsizetype room = m_room.bytes();
    qsizetype taken = 0;
    while (taken < bytes.size() && m_queued < room) {
        if (m_blocks.empty() || m_blocks.back().size() == limits::kBodyBlockBytes) {
            if (m_spare.empty()) {
                m_blocks.emplace_back();
                m_blocks.back().reserve(std::min(limits::kBodyBlockBytes, bytes.size() - taken));
            } else {
                m_blocks.push_back(std::move(m_spare.back()));
                m_spare.pop_back();
            }
        }
        QByteArray& block = m_blocks.back();
        const qsizetype count =
            std::min({limits::kBodyBlockBytes - block.size(), bytes.size() - taken, room - m_queued});
        block.append(bytes.sliced(taken, count));
        taken += count;
        m_queued += count;
    }
    m_received += taken;
    m_full = taken < bytes.size();
    if (hasWork())
        schedule(lock);
    return taken;
}

void BodyPump::end()
{
    std::unique_lock lock(m_mutex);
    m_ended = true;
    schedule(lock);
}

void BodyPump::abort()
{
    std::unique_lock lock(m_mutex);
    if (m_concluded)
        return;
    m_aborted = true;
    schedule(lock);
}

std::optional<Response> BodyPump::takeAnswer()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_answer, std::nullopt);
}

/// A worker is worth waking for every piece of the first block, so that a body that is wrong from the start
/// is refused at once; after that for full blocks only: waking it for every packet would cost as much as
/// taking the packet in.
bool BodyPump::hasWork() const
{
    return !m_blocks.empty() && (m_ended || m_received <= limits::kBodyBlockBytes ||
                                 m_blocks.front().size() == limits::kBodyBlockBytes);
}

void BodyPump::schedule(std::unique_lock<std::mutex>& lock)
{
    if (m_running || m_concluded)
        return;
    m_running = true;
    lock.unlock();
    m_pool.post([this, owner = m_owner.lock()] { run(); });
}

void BodyPump::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_aborted && hasWork()) {
        QByteArray block = std::move(m_blocks.front());
        m_blocks.pop_front();
        const qsizetype size = block.size();
        lock.unlock();
        const Result<void> appended = m_sink->appendBlock(block);
        if (!appended) {
            conclude(m_sink->failed(appended.error()));
            return;
        }
        lock.lock();
        recycle(std::move(block), size);
    }
    if (m_aborted) {
        lock.unlock();
        m_sink->abort();
        conclude(std::nullopt);
    } else if (m_ended) {
        lock.unlock();
        finish();
    } else {
        m_running = false;
    }
}

void BodyPump::finish()
{
    // A late answer may come from another thread before the sink returns.
    std::unique_ptr<BodySink> sink = std::move(m_sink);
    std::optional<Response> answer = sink->finishLater(
        [this, owner = m_owner.lock()](Response late) { conclude(std::move(late)); }, m_connection->gone());
    sink.reset();
    if (answer)
        conclude(std::move(answer));
}

void BodyPump::recycle(QByteArray block, qsizetype handedOver)
{
    m_queued -= handedOver;
    block.resize(0);
    m_spare.push_back(std::move(block));
    // Waking a connection costs two system calls, so let some room gather first.
    if (m_full && m_queued <= m_room.bytes() / 2) {
        m_full = false;
        m_connection->wake();
    }
}

void BodyPump::conclude(std::optional<Response> answer)
{
    m_sink.reset();
    {
        const std::lock_guard lock(m_mutex);
        m_concluded = true;
        m_running = false;
        m_blocks.clear();
        m_spare.clear();
        m_answer = std::move(answer);
    }
    m_connection->wake();
}

} // namespace hublet::http
