// SPDX-License-Identifier: Apache-2.0
#include "core/http/producerpump.h"

#include "core/http/limits.h"
#include "core/http/logging.h"

#include <algorithm>
#include <cstring>

namespace hublet::http {

ProducerPump::ProducerPump(Response::Producer producer, WorkerPool& pool,
                           std::shared_ptr<Connection> connection)
    : m_pool(pool), m_connection(std::move(connection)), m_producer(std::move(producer))
{
}

ProducerPump::ReadResult ProducerPump::read(char* buffer, qsizetype capacity)
{
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            if (m_failed)
                return {Read::Error};
            if (!m_pieces.empty()) {
                const QByteArray& front = m_pieces.front();
                const qsizetype count = std::min(capacity, front.size() - m_frontOffset);
                std::memcpy(buffer, front.constData() + m_frontOffset, static_cast<std::size_t>(count));
                m_frontOffset += count;
                m_ahead -= count;
                if (m_frontOffset == front.size()) {
                    m_pieces.pop_front();
                    m_frontOffset = 0;
                }
                schedule(lock);
                return {Read::Bytes, count};
            }
            if (m_ended)
                return {Read::End};
            schedule(lock);
        }
        switch (m_connection->sleep()) {
        case Connection::Sleep::Asleep:
            return {Read::Wait};
        case Connection::Sleep::Woken:
            break;
        case Connection::Sleep::Cut:
            return {Read::Error};
        }
    }
}

void ProducerPump::cancel()
{
    const std::lock_guard lock(m_mutex);
    m_cancelled = true;
}

void ProducerPump::schedule(std::unique_lock<std::mutex>& lock)
{
    if (m_running || m_ended || m_failed || m_ahead > limits::kProducedAheadBytes / 2)
        return;
    m_running = true;
    lock.unlock();
    m_pool.post([self = shared_from_this()] { self->run(); });
}

void ProducerPump::run()
{
    bool running = true;
    while (running) {
        Result<QByteArray> piece = m_producer();
        {
            const std::lock_guard lock(m_mutex);
            if (!piece)
                m_failed = true;
            else if (piece->isEmpty())
                m_ended = true;
            else {
                m_ahead += piece->size();
                m_pieces.push_back(std::move(*piece));
            }
            running = !m_ended && !m_failed && !m_cancelled && m_ahead < limits::kProducedAheadBytes;
            m_running = running;
        }
        if (!piece)
            qCWarning(logHttp, "An answer was cut short: %s", qUtf8Printable(piece.error().describe()));
        m_connection->wake();
    }
}

} // namespace hublet::http
