// SPDX-License-Identifier: Apache-2.0
#include "core/http/socketaddress.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace hublet::http {

namespace {

const sockaddr_in* v4(const sockaddr_storage& storage)
{
    return reinterpret_cast<const sockaddr_in*>(&storage);
}
const sockaddr_in6* v6(const sockaddr_storage& storage)
{
    return reinterpret_cast<const sockaddr_in6*>(&storage);
}

constexpr int kMappedPrefixBytes = 12; ///< ::ffff:a.b.c.d
constexpr std::uint8_t kLoopbackNet = 127;

} // namespace

SocketAddress::SocketAddress(const sockaddr* address, socklen_t size)
    : m_size(std::min<socklen_t>(size, sizeof(m_storage)))
{
    std::memcpy(&m_storage, address, m_size);
}

std::optional<SocketAddress> SocketAddress::parse(const QByteArray& numeric, quint16 port)
{
    sockaddr_in ip4{};
    if (::inet_pton(AF_INET, numeric.constData(), &ip4.sin_addr) == 1) {
        ip4.sin_family = AF_INET;
        ip4.sin_port = htons(port);
        return SocketAddress(reinterpret_cast<const sockaddr*>(&ip4), sizeof(ip4));
    }
    sockaddr_in6 ip6{};
    if (::inet_pton(AF_INET6, numeric.constData(), &ip6.sin6_addr) == 1) {
        ip6.sin6_family = AF_INET6;
        ip6.sin6_port = htons(port);
        return SocketAddress(reinterpret_cast<const sockaddr*>(&ip6), sizeof(ip6));
    }
    return std::nullopt;
}

SocketAddress SocketAddress::ofSocket(int fd)
{
    SocketAddress address;
    address.m_size = sizeof(address.m_storage);
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.m_storage), &address.m_size) != 0)
        return {};
    return address;
}

quint16 SocketAddress::port() const
{
    if (family() == AF_INET)
        return ntohs(v4(m_storage)->sin_port);
    if (family() == AF_INET6)
        return ntohs(v6(m_storage)->sin6_port);
    return 0;
}

QByteArray SocketAddress::text() const
{
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    const char* text = nullptr;
    if (family() == AF_INET) {
        text = ::inet_ntop(AF_INET, &v4(m_storage)->sin_addr, buffer.data(), buffer.size());
    } else if (family() == AF_INET6) {
        const in6_addr& ip = v6(m_storage)->sin6_addr;
        text = IN6_IS_ADDR_V4MAPPED(&ip)
                   ? ::inet_ntop(AF_INET, ip.s6_addr + kMappedPrefixBytes, buffer.data(), buffer.size())
                   : ::inet_ntop(AF_INET6, &ip, buffer.data(), buffer.size());
    }
    return QByteArray(text);
}

QByteArray SocketAddress::urlText() const
{
    const QByteArray plain = text();
    return plain.contains(':') ? '[' + plain + ']' : plain;
}

bool SocketAddress::isLoopback() const
{
    if (family() == AF_INET)
        return reinterpret_cast<const std::uint8_t*>(&v4(m_storage)->sin_addr)[0] == kLoopbackNet;
    if (family() != AF_INET6)
        return false;
    const in6_addr& ip = v6(m_storage)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&ip) ||
           (IN6_IS_ADDR_V4MAPPED(&ip) && ip.s6_addr[kMappedPrefixBytes] == kLoopbackNet);
}

bool SocketAddress::isAny() const
{
    if (family() == AF_INET)
        return v4(m_storage)->sin_addr.s_addr == INADDR_ANY;
    return family() == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6(m_storage)->sin6_addr);
}

} // namespace hublet::http
