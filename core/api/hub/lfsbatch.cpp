// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/lfsbatch.h"

#include "core/api/hub/bodyfields.h"

#include <algorithm>

namespace hublet::api {
namespace {

/// Clients give an ETag back as they got it in the header, where it stands in quotes.
QByteArray unquoted(QByteArray etag)
{
    if (etag.size() >= 2 && etag.startsWith('"') && etag.endsWith('"'))
        etag = etag.sliced(1, etag.size() - 2);
    return etag;
}

} // namespace

Result<LfsBatchRequest> LfsBatchRequest::parse(const QJsonObject& body)
{
    LfsBatchRequest request;
    const auto operation = textField(body, u"operation");
    if (!operation)
        return forward(operation);
    if (*operation == u"download")
        request.operation = Operation::Download;
    else if (*operation != u"upload")
        return fail(ErrorCode::Unsupported, QStringLiteral("The LFS operation must be upload or download"));

    const auto transfers = arrayField(body, u"transfers");
    if (!transfers)
        return forward(transfers);
    request.acceptsMultipart = transfers->contains(QStringLiteral("multipart"));
    request.acceptsXet = transfers->contains(QStringLiteral("xet"));

    const auto objects = arrayField(body, u"objects");
    if (!objects)
        return forward(objects);
    if (objects->size() > MaxObjects)
        return fail(ErrorCode::TooLarge, QStringLiteral("At most %1 objects fit one batch").arg(MaxObjects));
    for (const QJsonValue& value : *objects) {
        const auto object = objectElement(value);
        if (!object)
            return forward(object);
        const auto oid = textField(*object, u"oid");
        if (!oid)
            return forward(oid);
        const auto size = countField(*object, u"size");
        if (!size)
            return forward(size);
        request.objects.push_back({oid->toUtf8(), *size});
    }
    return request;
}

Result<std::vector<service::Uploads::Part>> parseLfsCompletion(const QJsonObject& body, const Sha256& oid)
{
    const auto named = optionalTextField(body, u"oid");
    if (!named)
        return forward(named);
    if (*named && Sha256::fromHex((*named)->toUtf8()) != oid)
        return fail(ErrorCode::InvalidHash, QStringLiteral("This upload URL belongs to another object"));

    const auto elements = arrayField(body, u"parts");
    if (!elements)
        return forward(elements);
    if (elements->size() > LfsParts::MaxParts)
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("At most %1 parts make one object").arg(LfsParts::MaxParts));
    std::vector<service::Uploads::Part> parts;
    for (const QJsonValue& value : *elements) {
        const auto element = objectElement(value);
        if (!element)
            return forward(element);
        const auto number = countField(*element, u"partNumber");
        if (!number)
            return forward(number);
        if (*number < 1 || *number > LfsParts::MaxParts)
            return fail(ErrorCode::Malformed, QStringLiteral("A part number is out of range"));
        const auto etag = textField(*element, u"etag");
        if (!etag)
            return forward(etag);
        parts.push_back({int(*number), unquoted(etag->toUtf8())});
    }
    return parts;
}

LfsParts LfsParts::cut(qint64 size, qint64 wantedPartBytes)
{
    Q_ASSERT(wantedPartBytes > 0);
    if (size <= 0)
        return {};
    const auto partsOf = [size](qint64 partBytes) { return (size - 1) / partBytes + 1; };
    const qint64 partBytes = std::max(wantedPartBytes, partsOf(MaxParts));
    return {partBytes, partsOf(partBytes)};
}

} // namespace hublet::api
