// SPDX-License-Identifier: Apache-2.0
#include "core/http/response.h"

#include "core/base/jsonwriter.h"

#include <algorithm>

namespace hublet::http {

namespace {

constexpr std::size_t kUsualHeaders = 16; ///< room that spares most answers a reallocation

constexpr qsizetype kErrorMessageLength = 1000; ///< of X-Error-Message

bool isNamed(const Response::Header& header, QByteArrayView name)
{
    return header.name.size() == name.size() && header.name.compare(name, Qt::CaseInsensitive) == 0;
}

/// One line of Latin-1, whatever the message holds.
QByteArray headerText(const QString& message)
{
    QByteArray text = message.left(kErrorMessageLength).toLatin1();
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F)
            c = ' ';
    }
    return text.trimmed();
}

Response withBody(int status, Response::Body body, QByteArray contentType)
{
    Response response(status);
    response.setBody(std::move(body));
    if (!contentType.isEmpty())
        response.addHeader(QByteArrayLiteral("Content-Type"), std::move(contentType));
    return response;
}

} // namespace

Response Response::bytes(int status, QByteArray body, QByteArray contentType)
{
    return withBody(status, std::move(body), std::move(contentType));
}

Response Response::json(int status, QByteArray body)
{
    return withBody(status, std::move(body), QByteArrayLiteral("application/json; charset=utf-8"));
}

Response Response::text(int status, QByteArray body)
{
    return withBody(status, std::move(body), QByteArrayLiteral("text/plain; charset=utf-8"));
}

Response Response::extents(int status, std::vector<Extent> body, QByteArray contentType)
{
    return withBody(status, std::move(body), std::move(contentType));
}

Response Response::produced(int status, Producer body, QByteArray contentType)
{
    return withBody(status, std::move(body), std::move(contentType));
}

Response Response::written(int status, Channel body, QByteArray contentType)
{
    return withBody(status, std::move(body), std::move(contentType));
}

Response Response::refusal(int status, const QString& message)
{
    JsonWriter json;
    json.beginObject().key("error").value(message).endObject();
    return Response::json(status, json.take()).setHeader("X-Error-Message", headerText(message));
}

QByteArray Response::header(QByteArrayView name) const
{
    const auto found = std::find_if(m_headers.begin(), m_headers.end(),
                                    [name](const Header& header) { return isNamed(header, name); });
    return found == m_headers.end() ? QByteArray() : found->value;
}

Response& Response::setHeader(QByteArray name, QByteArray value) &
{
    std::erase_if(m_headers, [&name](const Header& header) { return isNamed(header, name); });
    return addHeader(std::move(name), std::move(value));
}

Response&& Response::setHeader(QByteArray name, QByteArray value) &&
{
    return std::move(setHeader(std::move(name), std::move(value)));
}

Response& Response::addHeader(QByteArray name, QByteArray value) &
{
    if (m_headers.empty())
        m_headers.reserve(kUsualHeaders);
    m_headers.push_back({std::move(name), std::move(value)});
    return *this;
}

Response&& Response::addHeader(QByteArray name, QByteArray value) &&
{
    return std::move(addHeader(std::move(name), std::move(value)));
}

qint64 Response::contentLength() const
{
    struct Length {
        qint64 operator()(std::monostate) const { return 0; }
        qint64 operator()(const QByteArray& bytes) const { return bytes.size(); }
        qint64 operator()(const std::vector<Extent>& extents) const
        {
            qint64 total = 0;
            for (const Extent& extent : extents)
                total += extent.length;
            return total;
        }
        qint64 operator()(const Producer&) const { return -1; }
        qint64 operator()(const Channel&) const { return -1; }
        qint64 operator()(const Omitted& omitted) const { return omitted.length; }
    };
    return std::visit(Length{}, m_body);
}

} // namespace hublet::http
