// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QtGlobal>

#include <sys/socket.h>

#include <optional>

namespace hublet::http {

/// An IPv4 or IPv6 address with a port.
class SocketAddress {
public:
    SocketAddress() = default;
    SocketAddress(const sockaddr* address, socklen_t size);

    /// `numeric` is "127.0.0.1", "::1" or "::"; no names, no brackets.
    [[nodiscard]] static std::optional<SocketAddress> parse(const QByteArray& numeric, quint16 port);
    /// Of a bound socket.
    [[nodiscard]] static SocketAddress ofSocket(int fd);

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&m_storage); }
    [[nodiscard]] socklen_t size() const { return m_size; }
    [[nodiscard]] int family() const { return m_storage.ss_family; }
    [[nodiscard]] quint16 port() const;
    /// The address without the port; an IPv4 address mapped into IPv6 as plain IPv4. Empty when unknown.
    [[nodiscard]] QByteArray text() const;
    /// The address as it stands in a Host header or URL: IPv6 in brackets.
    [[nodiscard]] QByteArray urlText() const;
    [[nodiscard]] bool isLoopback() const;
    [[nodiscard]] bool isAny() const;

private:
    sockaddr_storage m_storage{};
    socklen_t m_size = 0;
};

} // namespace hublet::http
