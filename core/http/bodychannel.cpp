// SPDX-License-Identifier: Apache-2.0
#include "core/http/bodychannel.h"

#include "core/http/connection.h"

#include <algorithm>
#include <cstring>

namespace hublet::http {

void BodyChannel::write(const QByteArray& bytes)
{
    {
        const std::lock_guard lock(m_mutex);
        m_pending.append(bytes.constData(), bytes.size()); // a copy: nothing is shared between the threads
    }
    wake();
}

void BodyChannel::end()
{
    close(State::Ended);
}

void BodyChannel::fail()
{
    close(State::Failed);
}

void BodyChannel::close(State state)
{
    {
        const std::lock_guard lock(m_mutex);
        m_state = state;
    }
    wake();
}

void BodyChannel::wake() const
{
    std::shared_ptr<Connection> connection;
    {
        const std::lock_guard lock(m_mutex);
        connection = m_connection;
    }
    if (connection)
        connection->wake();
}

void BodyChannel::attach(std::shared_ptr<Connection> connection)
{
    const std::lock_guard lock(m_mutex);
    m_connection = std::move(connection);
}

BodyChannel::ReadResult BodyChannel::take(char* buffer, qsizetype capacity)
{
    const std::lock_guard lock(m_mutex);
    if (m_state == State::Failed)
        return {Read::Error};
    if (!m_pending.isEmpty()) {
        const qsizetype count = std::min(capacity, m_pending.size());
        std::memcpy(buffer, m_pending.constData(), static_cast<std::size_t>(count));
        m_pending.remove(0, count);
        return {Read::Bytes, count};
    }
    return {m_state == State::Ended ? Read::End : Read::Wait};
}

BodyChannel::ReadResult BodyChannel::read(char* buffer, qsizetype capacity)
{
    for (;;) {
        const ReadResult result = take(buffer, capacity);
        if (result.outcome != Read::Wait)
            return result;
        // m_connection is set once, on this thread, before the first read.
        switch (m_connection->sleep()) {
        case Connection::Sleep::Asleep:
            return result;
        case Connection::Sleep::Woken:
            break;
        case Connection::Sleep::Cut:
            return {Read::Error};
        }
    }
}

} // namespace hublet::http
