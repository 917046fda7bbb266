// SPDX-License-Identifier: Apache-2.0
#include "core/http/answer.h"

#include "core/http/extentreader.h"
#include "core/http/limits.h"
#include "core/http/logging.h"
#include "core/http/producerpump.h"

#include <microhttpd.h>

#include <algorithm>

namespace hublet::http {

namespace {

constexpr qsizetype kCopyBelowBytes = 16 * limits::kKiB; ///< a copy is cheaper than one more allocation

ssize_t readExtents(void* reader, std::uint64_t, char* buffer, std::size_t capacity)
{
    const qint64 count = static_cast<ExtentReader*>(reader)->read(buffer, static_cast<qint64>(capacity));
    return count < 0 ? MHD_CONTENT_READER_END_WITH_ERROR : static_cast<ssize_t>(count);
}

/// `Pump`: ProducerPump or BodyChannel.
template <typename Pump>
ssize_t readPump(void* pump, std::uint64_t, char* buffer, std::size_t capacity)
{
    const auto result =
        (*static_cast<std::shared_ptr<Pump>*>(pump))->read(buffer, static_cast<qsizetype>(capacity));
    switch (result.outcome) {
    case Pump::Read::Bytes:
        return static_cast<ssize_t>(result.count);
    case Pump::Read::Wait:
        return 0;
    case Pump::Read::End:
        return MHD_CONTENT_READER_END_OF_STREAM;
    case Pump::Read::Error:
        break;
    }
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

ssize_t readNothing(void*, std::uint64_t, char*, std::size_t)
{
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/// Headers only: libmicrohttpd tells the length and never asks for the bytes.
MHD_Response* measured(qint64 length)
{
    return MHD_create_response_from_callback(
        length < 0 ? MHD_SIZE_UNKNOWN : static_cast<std::uint64_t>(length), 1, readNothing, nullptr, nullptr);
}

MHD_Response* fromBytes(QByteArray bytes)
{
    const auto size = static_cast<std::size_t>(bytes.size());
    if (bytes.size() <= kCopyBelowBytes)
        return MHD_create_response_from_buffer_copy(size, bytes.constData());
    auto* const owned = new QByteArray(std::move(bytes));
    MHD_Response* const response = MHD_create_response_from_buffer_with_free_callback_cls(
        size, owned->constData(), [](void* array) { delete static_cast<QByteArray*>(array); }, owned);
    if (response == nullptr)
        delete owned;
    return response;
}

MHD_Response* fromExtents(std::vector<Extent> extents, qint64 length)
{
    if (length == 0)
        return MHD_create_response_empty(MHD_RF_NONE);
    auto reader = std::make_unique<ExtentReader>(std::move(extents));
    MHD_Response* const response = MHD_create_response_from_callback(
        static_cast<std::uint64_t>(length),
        static_cast<std::size_t>(std::min<qint64>(length, limits::kReadBlockBytes)), readExtents,
        reader.get(), [](void* owned) { delete static_cast<ExtentReader*>(owned); });
    if (response != nullptr)
        static_cast<void>(reader.release());
    return response;
}

MHD_Response* fromProducer(Response::Producer producer, WorkerPool& pool,
                           const std::shared_ptr<Connection>& connection)
{
    auto pump = std::make_unique<std::shared_ptr<ProducerPump>>(
        std::make_shared<ProducerPump>(std::move(producer), pool, connection));
    MHD_Response* const response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, static_cast<std::size_t>(limits::kReadBlockBytes),
                                          readPump<ProducerPump>, pump.get(), [](void* owned) {
                                              auto* const shared =
                                                  static_cast<std::shared_ptr<ProducerPump>*>(owned);
                                              (*shared)->cancel();
                                              delete shared;
                                          });
    if (response != nullptr)
        static_cast<void>(pump.release());
    return response;
}

MHD_Response* fromChannel(Response::Channel body, const std::shared_ptr<Connection>& connection)
{
    body->attach(connection);
    auto channel = std::make_unique<Response::Channel>(std::move(body));
    MHD_Response* const response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, static_cast<std::size_t>(kCopyBelowBytes), readPump<BodyChannel>, channel.get(),
        [](void* owned) { delete static_cast<Response::Channel*>(owned); });
    if (response != nullptr)
        static_cast<void>(channel.release());
    return response;
}

MHD_Response* fromBody(Response& response, bool headersOnly, WorkerPool& pool,
                       const std::shared_ptr<Connection>& connection)
{
    if (auto* const bytes = std::get_if<QByteArray>(&response.body()))
        return fromBytes(std::move(*bytes)); // for HEAD as well: cheaper than measured()
    if (headersOnly)
        return measured(response.contentLength());
    if (auto* const extents = std::get_if<std::vector<Extent>>(&response.body()))
        return fromExtents(std::move(*extents), response.contentLength());
    if (auto* const producer = std::get_if<Response::Producer>(&response.body()))
        return fromProducer(std::move(*producer), pool, connection);
    if (auto* const channel = std::get_if<Response::Channel>(&response.body()))
        return fromChannel(std::move(*channel), connection);
    return MHD_create_response_empty(MHD_RF_NONE);
}

/// Replaces an answer that cannot be given.
void checkBody(Response& response, bool headersOnly)
{
    if (headersOnly)
        return;
    const auto* const extents = std::get_if<std::vector<Extent>>(&response.body());
    if (extents != nullptr && !areReadable(*extents)) {
        qCWarning(logHttp, "A file is shorter than what was to be sent of it");
        response = Response::refusal(500, QStringLiteral("The stored file is damaged."));
    } else if (std::holds_alternative<Response::Omitted>(response.body())) {
        qCCritical(logHttp, "A handler left out the body of an answer that needs one");
        response = Response::refusal(500, QStringLiteral("Internal error."));
    }
}

} // namespace

void MhdResponseRelease::operator()(MHD_Response* response) const
{
    MHD_destroy_response(response);
}

void addCommonHeaders(Response& response, const Request& request, OriginVerdict origin,
                      const RequestPolicy& policy)
{
    if (response.header("X-Request-Id").isNull())
        response.addHeader(QByteArrayLiteral("X-Request-Id"), request.requestId());
    if (origin != OriginVerdict::Allowed && origin != OriginVerdict::Preflight)
        return;
    response.setHeader(QByteArrayLiteral("Access-Control-Allow-Origin"),
                       request.header("Origin").toByteArray());
    response.addHeader(QByteArrayLiteral("Vary"), QByteArrayLiteral("Origin"));
    if (!policy.exposedHeaders.isEmpty())
        response.setHeader(QByteArrayLiteral("Access-Control-Expose-Headers"),
                           policy.exposedHeaders.join(", "));
}

Response preflightAnswer(const Request& request)
{
    Response response = Response::empty(204);
    response.addHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS");
    response.addHeader("Access-Control-Max-Age", "600");
    if (const QByteArrayView asked = request.header("Access-Control-Request-Headers"); !asked.isEmpty())
        response.addHeader("Access-Control-Allow-Headers", asked.toByteArray());
    return response;
}

MhdResponse makeMhdResponse(Response& response, bool headersOnly, WorkerPool& pool,
                            const std::shared_ptr<Connection>& connection)
{
    checkBody(response, headersOnly);
    MhdResponse made(fromBody(response, headersOnly, pool, connection));
    if (!made)
        return made;
    for (const Response::Header& header : response.headers()) {
        if (MHD_add_response_header(made.get(), header.name.constData(), header.value.constData()) != MHD_YES)
            qCWarning(logHttp, "The header %s was left out of an answer: its value is not allowed",
                      header.name.constData());
    }
    if (response.isClosing())
        MHD_add_response_header(made.get(), MHD_HTTP_HEADER_CONNECTION, "close");
    return made;
}

QByteArray serializeClosing(const Response& response)
{
    const auto* const bytes = std::get_if<QByteArray>(&response.body());
    const QByteArray body = bytes == nullptr ? QByteArray() : *bytes;
    QByteArray out = "HTTP/1.1 " + QByteArray::number(response.status()) + ' ' +
                     MHD_get_reason_phrase_for(static_cast<unsigned>(response.status())) + "\r\n";
    for (const Response::Header& header : response.headers()) {
        if (!header.value.contains('\r') && !header.value.contains('\n') && !header.value.contains('\0'))
            out += header.name + ": " + header.value + "\r\n";
    }
    return out + "Content-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" +
           body;
}

} // namespace hublet::http
