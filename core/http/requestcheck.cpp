// SPDX-License-Identifier: Apache-2.0
#include "core/http/requestcheck.h"

#include "core/http/limits.h"

#include <algorithm>
#include <limits>

namespace hublet::http {

namespace {

bool equalsIgnoringCase(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && a.compare(b, Qt::CaseInsensitive) == 0;
}

bool containsIgnoringCase(const QList<QByteArray>& list, QByteArrayView value)
{
    return std::any_of(list.begin(), list.end(),
                       [value](const QByteArray& entry) { return equalsIgnoringCase(entry, value); });
}

/// RFC 9110 5.6.2
bool isToken(QByteArrayView name)
{
    constexpr QByteArrayView kMarks = "!#$%&'*+-.^_`|~";
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kMarks.contains(c);
    });
}

bool isFieldValue(QByteArrayView value)
{
    constexpr unsigned char kFirstPrintable = 0x20;
    constexpr unsigned char kDelete = 0x7F;
    return std::all_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return c == '\t' || (byte >= kFirstPrintable && byte != kDelete);
    });
}

/// 1*DIGIT up to 2^63-1.
std::optional<qint64> parseContentLength(QByteArrayView digits)
{
    if (digits.isEmpty())
        return std::nullopt;
    qint64 value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        const int digit = c - '0';
        if (value > (std::numeric_limits<qint64>::max() - digit) / 10)
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

bool isHttp10(QByteArrayView version)
{
    return version == "HTTP/1.0";
}

struct HostParts {
    QByteArrayView name;
    QByteArrayView port; ///< null without one
};

HostParts splitHost(QByteArrayView host)
{
    const qsizetype colon = host.lastIndexOf(':');
    if (colon < 0 || host.lastIndexOf(']') > colon)
        return {host, {}};
    return {host.first(colon), host.sliced(colon + 1)};
}

/// The length and coding of the body. `lengths` and `codings` are how many such headers there are.
std::optional<Refusal> checkBodyFraming(const RequestHead& head, QByteArrayView length, int lengths,
                                        QByteArrayView coding, int codings, qint64& contentLength)
{
    if (lengths > 1)
        return Refusal{400, "More than one Content-Length."};
    if (codings > 0) {
        if (codings > 1 || lengths > 0 || isHttp10(head.version) || !equalsIgnoringCase(coding, "chunked"))
            return Refusal{400, "Transfer-Encoding must be chunked, alone and in HTTP/1.1."};
        contentLength = -1;
        return std::nullopt;
    }
    if (lengths == 0)
        return std::nullopt;
    const std::optional<qint64> value = parseContentLength(length);
    if (!value)
        return Refusal{400, "Content-Length is not a number of bytes."};
    contentLength = *value;
    return std::nullopt;
}

} // namespace

std::optional<Refusal> checkLimits(const RequestHead& head)
{
    if (head.version != "HTTP/1.1" && !isHttp10(head.version))
        return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
    if (head.target.size() > limits::kTargetBytes)
        return Refusal{414, "The request target is too long."};
    if (head.headers.size() > static_cast<std::size_t>(limits::kHeaderCount))
        return Refusal{431, "There are too many headers."};
    qsizetype total = 0;
    for (const Request::Header& header : head.headers) {
        const qsizetype size = header.name.size() + header.value.size();
        if (size > limits::kHeaderBytes)
            return Refusal{431, "A header is too long."};
        total += size;
    }
    if (total > limits::kHeadersBytes)
        return Refusal{431, "The headers are too long."};
    return std::nullopt;
}

std::optional<Refusal> checkHeaders(const RequestHead& head, KnownHeaders& known)
{
    int hosts = 0;
    int lengths = 0;
    int codings = 0;
    QByteArrayView length;
    QByteArrayView coding;
    for (const auto& [name, value] : head.headers) {
        if (!isToken(name) || !isFieldValue(value))
            return Refusal{400, "A header is malformed."};
        if (equalsIgnoringCase(name, "Host")) {
            known.host = value;
            ++hosts;
        } else if (equalsIgnoringCase(name, "Content-Length")) {
            length = value;
            ++lengths;
        } else if (equalsIgnoringCase(name, "Transfer-Encoding")) {
            coding = value;
            ++codings;
        } else if (equalsIgnoringCase(name, "Content-Encoding")) {
            known.isBodyEncoded =
                known.isBodyEncoded || !(value.isEmpty() || equalsIgnoringCase(value, "identity"));
        } else if (equalsIgnoringCase(name, "Origin")) {
            known.origin = value;
        } else if (equalsIgnoringCase(name, "Sec-Fetch-Site")) {
            known.fetchSite = value;
        } else if (equalsIgnoringCase(name, "Access-Control-Request-Method")) {
            known.preflightMethod = value;
        } else if (equalsIgnoringCase(name, "X-Forwarded-For")) {
            known.forwardedFor = value;
        } else if (equalsIgnoringCase(name, "X-Forwarded-Host")) {
            known.forwardedHost = value;
        } else if (equalsIgnoringCase(name, "X-Forwarded-Proto")) {
            known.forwardedProto = value;
        } else if (equalsIgnoringCase(name, "Cookie")) {
            known.hasAmbientCredentials = true;
        } else if (equalsIgnoringCase(name, "Authorization")) {
            constexpr QByteArrayView kBearer = "Bearer ";
            if (value.size() < kBearer.size() || !equalsIgnoringCase(value.first(kBearer.size()), kBearer))
                known.hasAmbientCredentials = true;
        }
    }
    if (hosts != 1 || known.host.isEmpty())
        return Refusal{400, "Exactly one Host header is required."};
    return checkBodyFraming(head, length, lengths, coding, codings, known.contentLength);
}

bool isAllowedHost(QByteArrayView host, const RequestPolicy& policy, QByteArrayView ownAddress)
{
    constexpr quint16 kHttpPort = 80;
    const HostParts parts = splitHost(host);
    const bool ownPort =
        parts.port.isNull() ? policy.port == kHttpPort : parts.port == QByteArray::number(policy.port);
    if (equalsIgnoringCase(parts.name, "localhost"))
        return parts.port.isNull() || ownPort;
    // Pages of foreign sites reach servers of this machine by these names (reliability 3.1).
    if (parts.name == "0.0.0.0" || parts.name == "[::]")
        return false;
    if (ownPort && (parts.name == "127.0.0.1" || parts.name == "[::1]" ||
                    (!ownAddress.isEmpty() && equalsIgnoringCase(parts.name, ownAddress))))
        return true;
    return std::any_of(policy.allowedHosts.begin(), policy.allowedHosts.end(), [&](const QByteArray& entry) {
        return equalsIgnoringCase(entry, host) ||
               (splitHost(entry).port.isNull() && equalsIgnoringCase(entry, parts.name));
    });
}

OriginVerdict checkOrigin(Method method, const KnownHeaders& known, const RequestPolicy& policy)
{
    const bool preflight = method == Method::Options && !known.preflightMethod.isNull();
    const bool crossSite = known.fetchSite == "cross-site" || known.fetchSite == "same-site";
    if (known.origin.isNull() && !crossSite)
        return OriginVerdict::Plain;
    if (!known.origin.isNull() && containsIgnoringCase(policy.allowedOrigins, known.origin))
        return preflight ? OriginVerdict::Preflight : OriginVerdict::Allowed;
    if (!isSafe(method) || known.hasAmbientCredentials || preflight)
        return OriginVerdict::Refused;
    return OriginVerdict::Plain;
}

} // namespace hublet::http
