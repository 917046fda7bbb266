// SPDX-License-Identifier: Apache-2.0
#include "core/http/listensockets.h"

#include "core/http/limits.h"
#include "core/http/logging.h"
#include "core/http/socketaddress.h"

#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hublet::http {

namespace {

constexpr int kFreePortTries = 16; ///< a port free on one address may be taken on the next

QString shown(const QByteArray& address)
{
    return QString::fromLatin1(address);
}

bool isAbsentFamily(int error)
{
    return error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
}

tl::unexpected<Error> listenError(int error, const QByteArray& address, quint16 port)
{
    if (error == EADDRINUSE)
        return fail(
            ErrorCode::Busy,
            QStringLiteral("Port %1 on %2 is in use by another program.").arg(port).arg(shown(address)));
    if (error == EACCES)
        return fail(
            ErrorCode::Forbidden,
            QStringLiteral("This user may not listen on port %1 of %2.").arg(port).arg(shown(address)));
    return fail(ErrorCode::Io, QStringLiteral("Cannot listen on %1, port %2: %3")
                                   .arg(shown(address))
                                   .arg(port)
                                   .arg(QString::fromLocal8Bit(std::strerror(error))));
}

/// An invalid descriptor and errno when it cannot be had.
UniqueFd openSocket(const SocketAddress& address)
{
    const int on = 1;
    UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.isValid())
        return fd;
    // SO_REUSEADDR lets a restart have the port at once. Never SO_REUSEPORT: another user could share the
    // port.
    bool ok = ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;
    if (address.family() == AF_INET6)
        ok = ok && ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0;
    ok = ok && ::bind(fd.get(), address.get(), address.size()) == 0 &&
         ::listen(fd.get(), limits::kListenBacklog) == 0;
    if (!ok) {
        const int error = errno;
        fd.reset();
        errno = error;
    }
    return fd;
}

/// Each once, and beside an unspecified address no other of its family, which it stands for. Error:
/// InvalidArgument.
Result<QList<QByteArray>> distinctAddresses(const QList<QByteArray>& addresses)
{
    struct Wanted {
        QByteArray text;
        SocketAddress address;
    };
    std::vector<Wanted> wanted;
    const auto isCovered = [&wanted](const SocketAddress& address) {
        return std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& other) {
            return other.address.family() == address.family() &&
                   (other.address.isAny() || other.address.text() == address.text());
        });
    };
    for (const QByteArray& text : addresses) {
        const std::optional<SocketAddress> address = SocketAddress::parse(text, 0);
        if (!address)
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("%1 is not a numeric address.").arg(shown(text)));
        if (isCovered(*address))
            continue;
        if (address->isAny())
            std::erase_if(wanted,
                          [&](const Wanted& other) { return other.address.family() == address->family(); });
        wanted.push_back({text, *address});
    }
    QList<QByteArray> texts;
    for (const Wanted& one : wanted)
        texts.append(one.text);
    return texts;
}

Result<ListenSockets> openAll(const QList<QByteArray>& addresses, quint16 port)
{
    ListenSockets open;
    open.port = port;
    std::optional<Error> skipped;
    for (const QByteArray& text : addresses) {
        UniqueFd fd = openSocket(*SocketAddress::parse(text, open.port));
        if (!fd.isValid()) {
            const int error = errno;
            const auto failure = listenError(error, text, open.port);
            if (!isAbsentFamily(error))
                return failure;
            skipped = failure.value();
            qCInfo(logHttp, "Not listening on %s: this machine does not have it", text.constData());
            continue;
        }
        if (open.port == 0)
            open.port = SocketAddress::ofSocket(fd.get()).port();
        open.sockets.push_back(std::move(fd));
        open.addresses.append(text);
    }
    if (open.sockets.empty())
        return tl::unexpected<Error>(skipped.value_or(
            Error(ErrorCode::InvalidArgument, QStringLiteral("There is no address to listen on."))));
    return open;
}

} // namespace

Result<ListenSockets> openListenSockets(const QList<QByteArray>& addresses, quint16 port)
{
    const auto distinct = distinctAddresses(addresses);
    if (!distinct)
        return forward(distinct);
    Result<ListenSockets> open = openAll(*distinct, port);
    for (int tries = 1;
         port == 0 && !open && open.error().code() == ErrorCode::Busy && tries < kFreePortTries; ++tries)
        open = openAll(*distinct, port);
    return open;
}

} // namespace hublet::http
