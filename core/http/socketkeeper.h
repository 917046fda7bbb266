// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/uniquefd.h"
#include "core/http/connectiontable.h"
#include "core/http/lingeringsockets.h"
#include "core/http/listensockets.h"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

namespace hublet::http {

/// The thread beside libmicrohttpd's: accepts connections (so that the limits count for all addresses
/// together), runs the watchdog of ConnectionTable, and drains LingeringSockets.
class SocketKeeper {
public:
    /// Gets each accepted socket with its registered connection; on the keeper's thread.
    using Accepted = std::function<void(UniqueFd socket, const std::shared_ptr<Connection>& connection)>;
    /// Gets how many connections a sweep has ended; on the keeper's thread.
    using Swept = std::function<void(int ended)>;

    SocketKeeper(ListenSockets listen, ConnectionTable& connections, int maxConnections, Accepted accepted,
                 Swept swept);
    ~SocketKeeper(); ///< stopAccepting()

    void start();
    /// Closes the listening sockets and ends the thread. The watchdog is off afterwards.
    void stop();
    /// Any thread: a connection has gone; there may be room for the next.
    void connectionRemoved();
    [[nodiscard]] LingeringSockets& lingering() { return m_lingering; }

private:
    void run();
    void acceptFrom(int listener);
    void wake();
    [[nodiscard]] bool hasRoom() const { return m_connections.size() < m_maxConnections; }

    ListenSockets m_listen;
    ConnectionTable& m_connections;
    const int m_maxConnections;
    const Accepted m_accepted;
    const Swept m_swept;
    LingeringSockets m_lingering;
    UniqueFd m_wakeEvent;
    std::thread m_thread;
    std::atomic<bool> m_stopping{false};
    std::atomic<bool> m_paused{false}; ///< not accepting for want of room
    bool m_exhausted = false;          ///< no descriptors left at the last try; keeper's thread only
};

} // namespace hublet::http
