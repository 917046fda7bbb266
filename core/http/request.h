// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/method.h"
#include "core/http/query.h"

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace hublet::http {

/// A request whose line and headers were received completely and passed every check of requestcheck.h.
///
/// Immutable, and safe to read from any thread. It lives as long as its exchange: until the answer was sent,
/// or until the BodySink that took its body was destroyed, whichever is later. Views returned here live just
/// as long; copy what must live longer.
class Request {
public:
    /// One header line; the name is in the client's spelling.
    struct Header {
        QByteArrayView name;
        QByteArrayView value;
    };

    Request() = default;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    [[nodiscard]] Method method() const { return m_method; }
    /// The path as sent, still percent-encoded, without the query. Starts with '/' (or is "*" for OPTIONS).
    [[nodiscard]] QByteArrayView rawPath() const { return m_rawPath; }
    /// The path split on raw '/', runs of '/' collapsed, each segment percent-decoded exactly once (UTF-8 by
    /// custom, not checked; no NUL). A decoded segment may hold '/'. "." and ".." are ordinary segments.
    [[nodiscard]] const std::vector<QByteArrayView>& segments() const { return m_segments; }
    /// Does the raw path end with '/' (and is more than that)?
    [[nodiscard]] bool hasTrailingSlash() const { return m_rawPath.size() > 1 && m_rawPath.endsWith('/'); }

    [[nodiscard]] const Query& query() const { return m_query; }
    [[nodiscard]] std::optional<QString> value(QByteArrayView key) const { return m_query.value(key); }
    [[nodiscard]] QStringList values(QByteArrayView key) const { return m_query.values(key); }
    [[nodiscard]] bool flag(QByteArrayView key) const { return m_query.flag(key); }

    /// The first header of that name, without regard to case; null when there is none.
    [[nodiscard]] QByteArrayView header(QByteArrayView name) const;
    [[nodiscard]] const std::vector<Header>& headers() const { return m_headers; }
    [[nodiscard]] QByteArrayView userAgent() const { return header("User-Agent"); }

    /// Host and port as the client used them, e.g. "127.0.0.1:8082"; from X-Forwarded-Host behind a listed
    /// proxy.
    [[nodiscard]] QByteArrayView host() const { return m_host; }
    /// "http" or "https"; from X-Forwarded-Proto behind a listed proxy.
    [[nodiscard]] QByteArrayView scheme() const { return m_scheme; }
    /// scheme://host, without a slash at the end: what every absolute URL in an answer starts with (DECISIONS
    /// 13).
    [[nodiscard]] QByteArray baseUrl() const;

    /// Numeric address of the client, without a port; from X-Forwarded-For behind a listed proxy.
    [[nodiscard]] const QByteArray& remoteAddress() const { return m_remoteAddress; }
    /// Does the client sit on this machine, at a loopback address? Behind a listed proxy only if its
    /// X-Forwarded-For says so; never behind a proxy that is not listed but leaves one.
    [[nodiscard]] bool isFromThisMachine() const { return m_fromThisMachine; }
    /// Unique in this process and, in practice, between processes; 16 hex digits. Sent back as X-Request-Id.
    [[nodiscard]] const QByteArray& requestId() const { return m_requestId; }

    /// Bytes of the body: 0 without one, -1 when it comes chunked and the length is unknown.
    [[nodiscard]] qint64 contentLength() const { return m_contentLength; }
    [[nodiscard]] bool hasBody() const { return m_contentLength != 0; }

private:
    friend class RequestBuilder;

    Method m_method = Method::Get;
    qint64 m_contentLength = 0;
    QByteArray m_head;    ///< the bytes that all views below point into
    QByteArray m_decoded; ///< decoded path segments, one after the other
    QByteArrayView m_rawPath;
    std::vector<QByteArrayView> m_segments;
    Query m_query;
    std::vector<Header> m_headers;
    QByteArrayView m_host;
    QByteArrayView m_scheme;
    QByteArray m_remoteAddress;
    bool m_fromThisMachine = false;
    QByteArray m_requestId;
};

} // namespace hublet::http
