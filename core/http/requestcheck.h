// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/method.h"
#include "core/http/request.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>
#include <vector>

/// Everything that is decided about a request before a handler sees it, as functions without side effects.
/// What libmicrohttpd refuses already is checked again here, so that the rules do not depend on how it was
/// set up.
namespace hublet::http {

/// Who may talk to the server: reliability 3.2 and DECISIONS 13, 17. Empty lists are the safe default.
struct RequestPolicy {
    quint16 port = 0; ///< the server's own; filled in by Server

    /// Host values allowed besides localhost[:port], 127.0.0.1:port, [::1]:port and the address that the
    /// connection came to, with port. The unspecified addresses, 0.0.0.0 and [::], are never allowed. An
    /// entry without a port allows any port. Compared without regard to case; IPv6 addresses in brackets.
    QList<QByteArray> allowedHosts;
    /// Browser origins allowed, e.g. "https://hub.example". Compared without regard to case. There is no
    /// wildcard.
    QList<QByteArray> allowedOrigins;
    /// Response headers that scripts of an allowed origin may read.
    QList<QByteArray> exposedHeaders;
    /// Numeric addresses of proxies whose X-Forwarded-For, -Host and -Proto are believed.
    QList<QByteArray> proxies;
};

/// Why a request is refused. `reason` is a sentence for the client.
struct Refusal {
    int status = 400;
    QByteArrayView reason;
    bool operator==(const Refusal&) const = default;
};

/// The head of a request as it came over the wire.
struct RequestHead {
    QByteArrayView method;
    QByteArrayView target;
    QByteArrayView version;
    std::vector<Request::Header> headers;
};

/// The headers that the server itself acts on; null when absent.
struct KnownHeaders {
    QByteArrayView host;
    QByteArrayView origin;
    QByteArrayView fetchSite;       ///< Sec-Fetch-Site
    QByteArrayView preflightMethod; ///< Access-Control-Request-Method
    QByteArrayView forwardedFor;
    QByteArrayView forwardedHost;
    QByteArrayView forwardedProto;
    bool hasAmbientCredentials = false; ///< a cookie, or Authorization that browsers send by themselves
    bool isBodyEncoded = false;         ///< by a Content-Encoding other than identity
    qint64 contentLength = 0;           ///< -1: chunked
};

/// Version (505), sizes and number of headers (414, 431).
[[nodiscard]] std::optional<Refusal> checkLimits(const RequestHead& head);

/// The framing rules of reliability 2.2 (400): header names and values, exactly one Host, at most one
/// Content-Length of digits up to 2^63-1, Transfer-Encoding only "chunked", only once, only in HTTP/1.1,
/// never with Content-Length. Fills `known`.
[[nodiscard]] std::optional<Refusal> checkHeaders(const RequestHead& head, KnownHeaders& known);

/// Is `host`, the value of a Host header, one of the policy's, or `ownAddress` (in brackets for IPv6, without
/// a port) with the server's port (else 421)?
[[nodiscard]] bool isAllowedHost(QByteArrayView host, const RequestPolicy& policy, QByteArrayView ownAddress);

enum class OriginVerdict {
    Plain,     ///< not from a page of another origin, or harmless: answered without CORS headers
    Allowed,   ///< from an allowed origin: answered with CORS headers
    Preflight, ///< an allowed origin asks what it may do: answered by the server itself
    Refused,   ///< 403
};
[[nodiscard]] OriginVerdict checkOrigin(Method method, const KnownHeaders& known,
                                        const RequestPolicy& policy);

} // namespace hublet::http
