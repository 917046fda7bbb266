// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/connection.h"
#include "core/http/tcpprogress.h"

#include <QByteArray>
#include <QHash>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace hublet::http {

/// The time limits that ConnectionTable::sweep() watches over; see limits.h.
struct ConnectionTimes {
    std::chrono::milliseconds head{};
    std::chrono::milliseconds keepAliveIdle{};
    std::chrono::milliseconds bodyIdle{};
    std::chrono::milliseconds bodyRateWindow{};
    std::chrono::milliseconds answerStall{};
};

/// All open connections, and the watchdog that ends those that take too long: libmicrohttpd itself only knows
/// a limit that every single byte resets. Thread-safe.
class ConnectionTable {
public:
    ConnectionTable(const ConnectionTimes& times, int maxPerAddress);

    /// Registers a connection just accepted, before libmicrohttpd gets its socket. Null when its address has
    /// too many.
    [[nodiscard]] std::shared_ptr<Connection> add(int fd, const SocketAddress& peer);
    /// The connection of that socket; null when it is not registered.
    [[nodiscard]] std::shared_ptr<Connection> find(int fd) const;
    /// To be called before the socket is closed. Afterwards nobody here touches the socket.
    void remove(int fd);

    [[nodiscard]] int size() const { return m_size.load(std::memory_order_relaxed); }
    /// Called after each remove(), on the thread that called it.
    void setRemovedCallback(std::function<void()> callback) { m_removed = std::move(callback); }

    /// Ends connections that are beyond a limit: 408 where the client owes us something, reset where it does
    /// not read. Returns how many. Has connections report what their clients have taken. To be called by one
    /// thread, every interval().
    int sweep();
    /// How often to sweep so that the shortest limit is kept well.
    [[nodiscard]] std::chrono::milliseconds interval() const;

    /// cut() for all.
    void cutAll();

private:
    /// What the last sweeps saw of a connection.
    struct Watch {
        std::shared_ptr<Connection> connection;
        Connection::PhaseMark mark;
        Connection::TimePoint since;       ///< when the phase was seen first, or time stood still for it
        Connection::TimePoint windowStart; ///< of the measurement of speed
        Connection::TimePoint lastProgress;
        qint64 windowBytes = 0; ///< the counter at windowStart
        qint64 lastBytes = 0;   ///< the counter at lastProgress
        bool drained = false;   ///< the client had closed at the last sweep already
        bool ended = false;
    };
    enum class Verdict {
        Fine,
        Late,    ///< the client owes us bytes: 408
        Stalled, ///< the client does not read: reset
        Quiet,   ///< nothing going on, or the client has gone: closed without a word
    };

    Verdict judge(Watch& watch, Connection::TimePoint now) const;
    static void restart(Watch& watch, const TcpProgress& progress, Connection::TimePoint now);
    Verdict judgeIdle(Watch& watch, const TcpProgress& progress, Connection::TimePoint now) const;
    Verdict judgeBody(Watch& watch, Connection::TimePoint now) const;
    Verdict judgeSending(Watch& watch, const TcpProgress& progress, Connection::TimePoint now) const;
    static void end(int fd, Verdict verdict);
    void forget(int fd);

    const ConnectionTimes m_times;
    const int m_maxPerAddress;
    std::function<void()> m_removed;

    mutable std::mutex m_mutex;
    std::unordered_map<int, Watch> m_watches; ///< by socket
    QHash<QByteArray, int> m_perAddress;      ///< without loopback
    std::atomic<int> m_size{0};
};

} // namespace hublet::http
