// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/http/socketaddress.h"

#include <QByteArray>
#include <QtGlobal>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

struct MHD_Connection;

namespace hublet::http {

/// What a connection is doing, as far as time limits are concerned.
enum class Phase : quint8 {
    Head,    ///< the first head has not arrived completely
    Body,    ///< a body is being received
    Working, ///< a handler has the request: not the client's fault
    Sending, ///< an answer is being sent
    Idle,    ///< between an answer and the next complete head
};

/// One accepted connection. Lets the HTTP thread that serves it put it to sleep, and any thread wake it
/// again.
///
/// The socket belongs to libmicrohttpd; it may be touched only under the lock of ConnectionTable.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Connection(int fd, const SocketAddress& peer, TimePoint acceptedAt)
        : m_fd(fd), m_peer(peer), m_peerText(peer.text()),
          m_ownAddress(SocketAddress::ofSocket(fd).urlText()), m_acceptedAt(acceptedAt)
    {
    }

    [[nodiscard]] int fd() const { return m_fd; }
    [[nodiscard]] const SocketAddress& peer() const { return m_peer; }
    [[nodiscard]] const QByteArray& peerText() const { return m_peerText; }
    /// The address of this machine that the client connected to, as it stands in a URL, without the port.
    [[nodiscard]] const QByteArray& ownAddress() const { return m_ownAddress; }
    [[nodiscard]] TimePoint acceptedAt() const { return m_acceptedAt; }

    /// HTTP thread: libmicrohttpd has taken the connection over.
    void attach(MHD_Connection* connection);

    // Sleeping. wake() before sleep() is remembered, so that a wake-up is never lost; a spurious one is
    // possible.

    enum class Sleep {
        Asleep, ///< the HTTP thread must return to libmicrohttpd now
        Woken,  ///< there was a wake-up: look again
        Cut,    ///< the server stops: give up
    };
    /// HTTP thread, inside a callback of this connection.
    [[nodiscard]] Sleep sleep();
    /// Any thread, at any time.
    void wake();
    /// Any thread: wakes it for good; it never sleeps again and every exchange on it gives up.
    void cut();
    [[nodiscard]] bool isCut() const;
    [[nodiscard]] bool isAsleep() const;

    /// Any thread: nobody will read an answer on this connection.
    void setGone() { m_gone.cancel(); }
    /// Is cancelled then, and by cut(): work for an answer alone may stop.
    [[nodiscard]] const CancelToken& gone() const { return m_gone; }

    // What the client takes of an answer.

    /// HTTP thread, when an answer begins: from now on `progress` is told how many bytes the client has
    /// taken.
    void beginReporting(std::function<void(qint64 bytes)> progress);
    /// HTTP thread: `progress` is not called again, and not being called.
    void endReporting();
    /// Watchdog: as many bytes as TcpProgress::acknowledged were taken since the connection began.
    void report(qint64 acknowledged);

    // Written by the HTTP thread, read by the watchdog.

    void enter(Phase phase);
    /// The phase and how many there were before it, to tell one request's phase from the next one's.
    struct PhaseMark {
        Phase phase = Phase::Head;
        quint64 serial = 0;
        bool operator==(const PhaseMark&) const = default;
    };
    [[nodiscard]] PhaseMark phase() const;
    void addBodyBytes(qint64 count) { m_bodyBytes.fetch_add(count, std::memory_order_relaxed); }
    [[nodiscard]] qint64 bodyBytes() const { return m_bodyBytes.load(std::memory_order_relaxed); }

    // HTTP thread only.

    int countRequest() { return ++m_requests; }
    /// The client may still be sending when the connection is closed: see LingeringSockets.
    void setLingering() { m_lingering = true; }
    [[nodiscard]] bool isLingering() const { return m_lingering; }

private:
    const int m_fd;
    const SocketAddress m_peer;
    const QByteArray m_peerText;
    const QByteArray m_ownAddress;
    const TimePoint m_acceptedAt;
    const CancelToken m_gone;

    mutable std::mutex m_mutex;
    MHD_Connection* m_connection = nullptr;
    bool m_asleep = false;
    bool m_wakePending = false;
    bool m_cut = false;
    std::function<void(qint64)> m_progress;
    qint64 m_takenBefore = 0; ///< bytes, when the answer that m_progress is for began

    std::atomic<quint64> m_phase{0}; ///< serial and phase in one word
    std::atomic<qint64> m_bodyBytes{0};
    int m_requests = 0;
    bool m_lingering = false;
};

} // namespace hublet::http
