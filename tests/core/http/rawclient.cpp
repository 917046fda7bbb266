// SPDX-License-Identifier: Apache-2.0
#include "rawclient.h"

#include "core/http/socketaddress.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace hublet::http {

namespace {

bool waitFor(int fd, short events)
{
    pollfd polled{fd, events, 0};
    return ::poll(&polled, 1, static_cast<int>(RawClient::kPatience.count())) == 1;
}

UniqueFd connectTo(quint16 port, const QByteArray& numericAddress)
{
    const auto address = SocketAddress::parse(numericAddress, port);
    if (!address)
        return {};
    UniqueFd fd(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(fd.get(), address->get(), address->size()) != 0)
        fd.reset();
    return fd;
}

} // namespace

QByteArray RawResponse::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers) {
        if (key.compare(name.toByteArray(), Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

RawClient::RawClient(quint16 port, const QByteArray& address) : m_socket(connectTo(port, address)) {}

bool RawClient::send(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        if (!waitFor(m_socket.get(), POLLOUT))
            return false;
        const qint64 sent = sendSome(bytes);
        if (sent < 0)
            return false;
        bytes = bytes.sliced(sent);
    }
    return true;
}

qint64 RawClient::sendSome(QByteArrayView bytes)
{
    const ssize_t sent = ::send(m_socket.get(), bytes.data(), static_cast<std::size_t>(bytes.size()),
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 && errno == EAGAIN ? 0 : sent;
}

bool RawClient::fill()
{
    if (!waitFor(m_socket.get(), POLLIN))
        return false;
    std::array<char, 65536> piece{};
    const ssize_t got = ::recv(m_socket.get(), piece.data(), piece.size(), 0);
    if (got <= 0)
        return false;
    m_buffer.append(piece.data(), got);
    return true;
}

bool RawClient::fillUntil(QByteArrayView mark)
{
    while (!m_buffer.contains(mark)) {
        if (!fill())
            return false;
    }
    return true;
}

RawResponse RawClient::read(bool headersOnly)
{
    RawResponse response;
    if (!fillUntil("\r\n\r\n"))
        return response;
    const qsizetype end = m_buffer.indexOf("\r\n\r\n");
    const QList<QByteArray> lines = m_buffer.first(end).replace("\r\n", "\n").split('\n');
    m_buffer.remove(0, end + 4);
    response.status = lines.first().mid(9, 3).toInt();
    for (const QByteArray& line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        response.headers.append({line.first(colon), line.sliced(colon + 1).trimmed()});
    }
    if (headersOnly || response.status < 200 || response.status == 204 || response.status == 304) {
        response.complete = true;
    } else if (response.header("Transfer-Encoding") == "chunked") {
        for (;;) {
            if (!fillUntil("\r\n"))
                return response;
            const qsizetype lineEnd = m_buffer.indexOf("\r\n");
            const qsizetype size = m_buffer.first(lineEnd).toLongLong(nullptr, 16);
            m_buffer.remove(0, lineEnd + 2);
            while (m_buffer.size() < size + 2) {
                if (!fill())
                    return response;
            }
            response.body.append(m_buffer.first(size));
            m_buffer.remove(0, size + 2);
            if (size == 0)
                break;
        }
        response.complete = true;
    } else {
        const qsizetype length = response.header("Content-Length").toLongLong();
        while (m_buffer.size() < length && fill()) {
        }
        response.complete = m_buffer.size() >= length;
        response.body = m_buffer.first(std::min(length, m_buffer.size()));
        m_buffer.remove(0, response.body.size());
    }
    return response;
}

RawResponse RawClient::get(QByteArrayView path, QByteArrayView moreHeaders, QByteArrayView method)
{
    QByteArray request;
    request.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    send(request.append(moreHeaders).append("\r\n"));
    return read(method == "HEAD");
}

bool RawClient::isClosed()
{
    while (fill()) {
    }
    return m_buffer.isEmpty() && waitFor(m_socket.get(), POLLIN);
}

bool RawClient::isQuiet(int milliseconds)
{
    pollfd polled{m_socket.get(), POLLIN, 0};
    return m_buffer.isEmpty() && ::poll(&polled, 1, milliseconds) == 0;
}

void RawClient::reset()
{
    const linger now{1, 0};
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    m_socket.reset();
}

} // namespace hublet::http
