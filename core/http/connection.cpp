// SPDX-License-Identifier: Apache-2.0
#include "core/http/connection.h"

#include "core/http/tcpprogress.h"

#include <microhttpd.h>

namespace hublet::http {

namespace {

constexpr int kPhaseBits = 3;
constexpr quint64 kPhaseMask = (1U << kPhaseBits) - 1;

} // namespace

void Connection::attach(MHD_Connection* connection)
{
    const std::lock_guard lock(m_mutex);
    m_connection = connection;
}

Connection::Sleep Connection::sleep()
{
    const std::lock_guard lock(m_mutex);
    if (m_cut)
        return Sleep::Cut;
    if (m_wakePending) {
        m_wakePending = false;
        return Sleep::Woken;
    }
    m_asleep = true;
    MHD_suspend_connection(m_connection);
    return Sleep::Asleep;
}

void Connection::wake()
{
    const std::lock_guard lock(m_mutex);
    if (!m_asleep) {
        m_wakePending = true;
        return;
    }
    // A sleeping connection is not closed by libmicrohttpd, so the pointer is good.
    m_asleep = false;
    MHD_resume_connection(m_connection);
}

void Connection::cut()
{
    {
        const std::lock_guard lock(m_mutex);
        m_cut = true;
    }
    setGone();
    wake();
}

bool Connection::isCut() const
{
    const std::lock_guard lock(m_mutex);
    return m_cut;
}

bool Connection::isAsleep() const
{
    const std::lock_guard lock(m_mutex);
    return m_asleep;
}

void Connection::beginReporting(std::function<void(qint64)> progress)
{
    const std::lock_guard lock(m_mutex);
    m_progress = std::move(progress);
    m_takenBefore = tcpProgress(m_fd).acknowledged;
}

void Connection::endReporting()
{
    const std::lock_guard lock(m_mutex);
    m_progress = {};
}

void Connection::report(qint64 acknowledged)
{
    const std::lock_guard lock(m_mutex);
    if (m_progress)
        m_progress(acknowledged - m_takenBefore);
}

void Connection::enter(Phase phase)
{
    // One writer, so that no read-modify-write is needed.
    const quint64 serial = (m_phase.load(std::memory_order_relaxed) >> kPhaseBits) + 1;
    m_phase.store(serial << kPhaseBits | static_cast<quint64>(phase), std::memory_order_relaxed);
}

Connection::PhaseMark Connection::phase() const
{
    const quint64 word = m_phase.load(std::memory_order_relaxed);
    return {static_cast<Phase>(word & kPhaseMask), word >> kPhaseBits};
}

} // namespace hublet::http
