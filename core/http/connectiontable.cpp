// SPDX-License-Identifier: Apache-2.0
#include "core/http/connectiontable.h"

#include "core/http/limits.h"
#include "core/http/logging.h"

#include <sys/socket.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace hublet::http {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLongestInterval = 1s;
constexpr std::chrono::milliseconds kShortestInterval = 5ms;
constexpr int kSweepsPerLimit = 8; ///< a limit is overdrawn by at most this part of it

constexpr std::string_view kTimeoutAnswer = "HTTP/1.1 408 Request Timeout\r\n"
                                            "Content-Length: 0\r\n"
                                            "Connection: close\r\n\r\n";

/// Fewer than `perSecond` bytes a second in `time`.
bool isSlow(qint64 bytes, std::chrono::milliseconds time, qint64 perSecond)
{
    return bytes * 1000 < perSecond * time.count();
}

std::chrono::milliseconds between(Connection::TimePoint from, Connection::TimePoint to)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
}

} // namespace

ConnectionTable::ConnectionTable(const ConnectionTimes& times, int maxPerAddress)
    : m_times(times), m_maxPerAddress(maxPerAddress)
{
}

std::shared_ptr<Connection> ConnectionTable::add(int fd, const SocketAddress& peer)
{
    const auto now = std::chrono::steady_clock::now();
    auto connection = std::make_shared<Connection>(fd, peer, now);
    const std::lock_guard lock(m_mutex);
    forget(fd); // libmicrohttpd may have closed the former owner of the number without serving it
    if (!peer.isLoopback()) {
        int& count = m_perAddress[connection->peerText()];
        if (count >= m_maxPerAddress)
            return nullptr;
        ++count;
    }
    Watch watch;
    watch.connection = connection;
    watch.mark = connection->phase();
    watch.since = watch.windowStart = watch.lastProgress = now;
    m_watches.emplace(fd, std::move(watch));
    m_size.store(static_cast<int>(m_watches.size()), std::memory_order_relaxed);
    return connection;
}

std::shared_ptr<Connection> ConnectionTable::find(int fd) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_watches.find(fd);
    return found == m_watches.end() ? nullptr : found->second.connection;
}

void ConnectionTable::remove(int fd)
{
    {
        const std::lock_guard lock(m_mutex);
        forget(fd);
    }
    if (m_removed)
        m_removed();
}

void ConnectionTable::forget(int fd)
{
    const auto found = m_watches.find(fd);
    if (found == m_watches.end())
        return;
    const Connection& connection = *found->second.connection;
    if (!connection.peer().isLoopback()) {
        const auto count = m_perAddress.find(connection.peerText());
        if (count != m_perAddress.end() && --count.value() == 0)
            m_perAddress.erase(count);
    }
    m_watches.erase(found);
    m_size.store(static_cast<int>(m_watches.size()), std::memory_order_relaxed);
}

std::chrono::milliseconds ConnectionTable::interval() const
{
    const auto shortest = std::min(
        {m_times.head, m_times.keepAliveIdle, m_times.bodyIdle, m_times.bodyRateWindow, m_times.answerStall});
    return std::clamp(shortest / kSweepsPerLimit, kShortestInterval, kLongestInterval);
}

int ConnectionTable::sweep()
{
    const auto now = std::chrono::steady_clock::now();
    int ended = 0;
    const std::lock_guard lock(m_mutex); // keeps the sockets open while we look at them
    for (auto& [fd, watch] : m_watches) {
        const Verdict verdict = watch.ended ? Verdict::Fine : judge(watch, now);
        if (verdict == Verdict::Fine)
            continue;
        watch.ended = true;
        end(fd, verdict);
        if (verdict != Verdict::Quiet)
            ++ended;
    }
    return ended;
}

ConnectionTable::Verdict ConnectionTable::judge(Watch& watch, Connection::TimePoint now) const
{
    const Connection::PhaseMark mark = watch.connection->phase();
    const TcpProgress progress = tcpProgress(watch.connection->fd());
    if (mark.phase == Phase::Sending)
        watch.connection->report(progress.acknowledged);
    if (progress.gone && (mark.phase == Phase::Working || mark.phase == Phase::Sending))
        watch.connection->setGone();
    // While a connection sleeps it waits for us, not for the client: its time stands still.
    if (mark != watch.mark || mark.phase == Phase::Working || watch.connection->isAsleep()) {
        watch.mark = mark;
        restart(watch, progress, now);
        return Verdict::Fine;
    }
    // libmicrohttpd misses the end of a stream that arrives together with the last bytes before it.
    const bool wasDrained = std::exchange(watch.drained, progress.drained);
    if (wasDrained && progress.drained && mark.phase != Phase::Sending)
        return Verdict::Quiet;
    switch (mark.phase) {
    case Phase::Head:
        return between(watch.connection->acceptedAt(), now) > m_times.head ? Verdict::Late : Verdict::Fine;
    case Phase::Idle:
        return judgeIdle(watch, progress, now);
    case Phase::Body:
        return judgeBody(watch, now);
    case Phase::Sending:
        return judgeSending(watch, progress, now);
    case Phase::Working:
        break;
    }
    return Verdict::Fine;
}

void ConnectionTable::restart(Watch& watch, const TcpProgress& progress, Connection::TimePoint now)
{
    watch.since = watch.windowStart = watch.lastProgress = now;
    watch.drained = false;
    switch (watch.mark.phase) {
    case Phase::Body:
        watch.lastBytes = watch.connection->bodyBytes();
        break;
    case Phase::Sending:
        watch.lastBytes = progress.acknowledged;
        break;
    case Phase::Head:
    case Phase::Idle:
    case Phase::Working:
        watch.lastBytes = progress.received;
        break;
    }
    watch.windowBytes = watch.lastBytes;
}

ConnectionTable::Verdict ConnectionTable::judgeIdle(Watch& watch, const TcpProgress& progress,
                                                    Connection::TimePoint now) const
{
    // The first byte of the next head starts its time; later ones do not prolong it.
    const bool headBegun = watch.lastProgress != watch.since;
    if (headBegun)
        return between(watch.lastProgress, now) > m_times.head ? Verdict::Late : Verdict::Fine;
    if (progress.received != watch.lastBytes) {
        watch.lastProgress = now;
        return Verdict::Fine;
    }
    return between(watch.since, now) > m_times.keepAliveIdle ? Verdict::Quiet : Verdict::Fine;
}

ConnectionTable::Verdict ConnectionTable::judgeBody(Watch& watch, Connection::TimePoint now) const
{
    const qint64 bytes = watch.connection->bodyBytes();
    if (bytes != watch.lastBytes) {
        watch.lastBytes = bytes;
        watch.lastProgress = now;
    }
    if (between(watch.lastProgress, now) > m_times.bodyIdle)
        return Verdict::Late;
    const auto window = between(watch.windowStart, now);
    if (window <= m_times.bodyRateWindow)
        return Verdict::Fine;
    if (isSlow(bytes - watch.windowBytes, window, limits::kBodyMinBytesPerSecond))
        return Verdict::Late;
    watch.windowStart = now;
    watch.windowBytes = bytes;
    return Verdict::Fine;
}

ConnectionTable::Verdict ConnectionTable::judgeSending(Watch& watch, const TcpProgress& progress,
                                                       Connection::TimePoint now) const
{
    const auto window = between(watch.windowStart, now);
    if (window <= m_times.answerStall)
        return Verdict::Fine;
    const qint64 bytes = progress.acknowledged;
    if (isSlow(bytes - watch.windowBytes, window, limits::kAnswerMinBytesPerSecond))
        return Verdict::Stalled;
    watch.windowStart = now;
    watch.windowBytes = bytes;
    return Verdict::Fine;
}

void ConnectionTable::end(int fd, Verdict verdict)
{
    if (verdict == Verdict::Late) {
        // Nothing else is being sent in these phases, and the answer fits into an empty socket buffer.
        [[maybe_unused]] const ssize_t sent =
            ::send(fd, kTimeoutAnswer.data(), kTimeoutAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    } else if (verdict == Verdict::Stalled) {
        const linger reset{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    }
    // libmicrohttpd sees the end of the stream, ends the exchange and closes the socket.
    ::shutdown(fd, SHUT_RDWR);
}

void ConnectionTable::cutAll()
{
    const std::lock_guard lock(m_mutex);
    for (auto& [fd, watch] : m_watches)
        watch.connection->cut();
}

} // namespace hublet::http
