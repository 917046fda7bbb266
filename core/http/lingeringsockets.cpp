// SPDX-License-Identifier: Apache-2.0
#include "core/http/lingeringsockets.h"

#include "core/http/limits.h"

#include <sys/socket.h>

#include <cerrno>

namespace hublet::http {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLingerTime = 2s;
constexpr std::chrono::milliseconds kInterval = 250ms;
constexpr std::size_t kMaxLingering = 64; ///< sockets; more are closed at once
constexpr qint64 kBytesPerTurn = limits::kMiB;

} // namespace

void LingeringSockets::add(UniqueFd socket)
{
    if (!socket.isValid())
        return;
    ::shutdown(socket.get(), SHUT_WR);
    const std::lock_guard lock(m_mutex);
    if (m_entries.size() < kMaxLingering)
        m_entries.push_back({std::move(socket), std::chrono::steady_clock::now() + kLingerTime});
}

void LingeringSockets::appendTo(std::vector<pollfd>& polled) const
{
    const std::lock_guard lock(m_mutex);
    for (const Entry& entry : m_entries)
        polled.push_back({entry.socket.get(), POLLIN, 0});
}

void LingeringSockets::drain()
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_entries, isDone);
}

bool LingeringSockets::isEmpty() const
{
    const std::lock_guard lock(m_mutex);
    return m_entries.empty();
}

std::chrono::milliseconds LingeringSockets::interval()
{
    return kInterval;
}

bool LingeringSockets::isDone(Entry& entry)
{
    // MSG_TRUNC on TCP drops the bytes without copying them anywhere.
    const ssize_t got = ::recv(entry.socket.get(), nullptr, kBytesPerTurn, MSG_TRUNC | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        return true;
    if (got > 0)
        entry.discarded += got;
    return entry.discarded > limits::kDiscardBytes || std::chrono::steady_clock::now() > entry.until;
}

} // namespace hublet::http
