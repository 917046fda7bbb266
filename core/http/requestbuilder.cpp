// SPDX-License-Identifier: Apache-2.0
#include "core/http/requestbuilder.h"

#include "core/http/socketaddress.h"
#include "core/http/target.h"

namespace hublet::http {

namespace {

constexpr QByteArrayView kHttp = "http";
constexpr QByteArrayView kHttps = "https";

/// The element of a comma-separated list that the first proxy of a chain wrote.
QByteArrayView firstElement(QByteArrayView list)
{
    const qsizetype comma = list.indexOf(',');
    return (comma < 0 ? list : list.first(comma)).trimmed();
}

/// The last address of X-Forwarded-For that is not a listed proxy itself: everything left of it was written
/// by somebody we have no reason to believe. The first one when all are listed: a proxy's own request.
/// Nothing when there is none, or it is no address.
std::optional<SocketAddress> forwardedClient(QByteArrayView list, const QList<QByteArray>& proxies)
{
    QByteArray element;
    while (!list.isEmpty()) {
        const qsizetype comma = list.lastIndexOf(',');
        element = (comma < 0 ? list : list.sliced(comma + 1)).trimmed().toByteArray();
        list = comma < 0 ? QByteArrayView() : list.first(comma);
        if (!proxies.contains(element))
            break;
    }
    return SocketAddress::parse(element, 0);
}

} // namespace

std::optional<Refusal> RequestBuilder::build(RequestHead head, const Context& context, Request& request,
                                             OriginVerdict& origin)
{
    origin = OriginVerdict::Plain;
    request.m_requestId = context.requestId;
    request.m_remoteAddress = context.peerAddress;
    if (std::optional<Refusal> refusal = checkLimits(head))
        return refusal;
    keepCopies(head, request);

    KnownHeaders known;
    if (std::optional<Refusal> refusal = checkHeaders(head, known))
        return refusal;
    request.m_headers = std::move(head.headers);
    request.m_contentLength = known.contentLength;

    const std::optional<Method> method = methodFromName(head.method);
    if (!method)
        return Refusal{501, "The method is not known."};
    request.m_method = *method;
    if (known.isBodyEncoded && request.hasBody())
        return Refusal{415, "Bodies are taken as they are, without a Content-Encoding."};

    const std::optional<Target> target = parseTarget(head.target);
    if (!target || (target->path == "*" && *method != Method::Options))
        return Refusal{400, "The request target is malformed."};
    if (!target->authority.isNull() && target->authority.compare(known.host, Qt::CaseInsensitive) != 0)
        return Refusal{400, "The request target and the Host header disagree."};
    if (target->path != "*")
        request.m_segments = decodeSegments(target->path, request.m_decoded);
    request.m_rawPath = target->path;
    request.m_query = Query(target->query);

    if (std::optional<Refusal> refusal = resolveAddresses(known, context, request))
        return refusal;
    origin = checkOrigin(*method, known, context.policy);
    if (origin == OriginVerdict::Refused)
        return Refusal{403, "Pages of this origin may not do this."};
    return std::nullopt;
}

void RequestBuilder::keepCopies(RequestHead& head, Request& request)
{
    qsizetype total = head.target.size();
    for (const Request::Header& header : head.headers)
        total += header.name.size() + header.value.size();
    request.m_head.reserve(total);
    const auto keep = [&request](QByteArrayView bytes) {
        const qsizetype offset = request.m_head.size();
        request.m_head.append(bytes);
        return QByteArrayView(request.m_head.constData() + offset, bytes.size());
    };
    head.target = keep(head.target);
    for (Request::Header& header : head.headers)
        header = {keep(header.name), keep(header.value)};
}

std::optional<Refusal> RequestBuilder::resolveAddresses(const KnownHeaders& known, const Context& context,
                                                        Request& request)
{
    request.m_host = known.host;
    request.m_scheme = kHttp;
    if (context.policy.proxies.contains(context.peerAddress)) {
        if (const QByteArrayView host = firstElement(known.forwardedHost); !host.isEmpty())
            request.m_host = host;
        if (const QByteArrayView scheme = firstElement(known.forwardedProto);
            scheme == kHttp || scheme == kHttps)
            request.m_scheme = scheme;
        if (const auto client = forwardedClient(known.forwardedFor, context.policy.proxies)) {
            request.m_remoteAddress = client->text();
            request.m_fromThisMachine = client->isLoopback();
        }
    } else {
        const auto peer = SocketAddress::parse(context.peerAddress, 0);
        request.m_fromThisMachine = peer && peer->isLoopback() && known.forwardedFor.isNull();
    }
    if (!isAllowedHost(request.m_host, context.policy, context.ownAddress))
        return Refusal{421, "This host is not served here."};
    return std::nullopt;
}

} // namespace hublet::http
