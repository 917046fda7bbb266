// SPDX-License-Identifier: Apache-2.0
#include "core/http/socketkeeper.h"

#include "core/http/logging.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace hublet::http {

SocketKeeper::SocketKeeper(ListenSockets listen, ConnectionTable& connections, int maxConnections,
                           Accepted accepted, Swept swept)
    : m_listen(std::move(listen)), m_connections(connections), m_maxConnections(maxConnections),
      m_accepted(std::move(accepted)), m_swept(std::move(swept)),
      m_wakeEvent(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
}

SocketKeeper::~SocketKeeper()
{
    stop();
}

void SocketKeeper::start()
{
    m_thread = std::thread([this] { run(); });
}

void SocketKeeper::stop()
{
    if (!m_thread.joinable())
        return;
    m_stopping.store(true);
    wake();
    m_thread.join();
    m_listen.sockets.clear();
}

void SocketKeeper::connectionRemoved()
{
    if (m_paused.load())
        wake();
}

void SocketKeeper::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wakeEvent.get(), &one, sizeof(one));
}

void SocketKeeper::run()
{
    const auto sweepInterval = m_connections.interval();
    auto nextSweep = std::chrono::steady_clock::now();
    std::vector<pollfd> polled;
    while (!m_stopping.load()) {
        polled.assign(1, {m_wakeEvent.get(), POLLIN, 0});
        // Paused is set before looking, so that a removal in between is not missed.
        m_paused.store(true);
        const std::size_t listeners = hasRoom() && !m_exhausted ? m_listen.sockets.size() : 0;
        if (listeners > 0)
            m_paused.store(false);
        for (std::size_t i = 0; i < listeners; ++i)
            polled.push_back({m_listen.sockets[i].get(), POLLIN, 0});
        m_lingering.appendTo(polled);
        const auto wait =
            m_lingering.isEmpty() ? sweepInterval : std::min(sweepInterval, LingeringSockets::interval());
        ::poll(polled.data(), polled.size(), static_cast<int>(wait.count()));

        if (polled[0].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t read = ::read(m_wakeEvent.get(), &count, sizeof(count));
        }
        m_exhausted = false;
        for (std::size_t i = 1; i <= listeners; ++i) {
            if (polled[i].revents != 0)
                acceptFrom(polled[i].fd);
        }
        m_lingering.drain();
        if (const auto now = std::chrono::steady_clock::now(); now >= nextSweep) {
            nextSweep = now + sweepInterval;
            m_swept(m_connections.sweep());
        }
    }
}

void SocketKeeper::acceptFrom(int listener)
{
    while (hasRoom()) {
        sockaddr_storage storage{};
        socklen_t size = sizeof(storage);
        auto* const address = reinterpret_cast<sockaddr*>(&storage);
        UniqueFd socket(::accept4(listener, address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket.isValid()) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                qCWarning(logHttp, "No connection can be accepted for now: %s", std::strerror(errno));
                m_exhausted = true;
            }
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            return;
        }
        if (const auto connection = m_connections.add(socket.get(), SocketAddress(address, size)))
            m_accepted(std::move(socket), connection);
    }
}

} // namespace hublet::http
