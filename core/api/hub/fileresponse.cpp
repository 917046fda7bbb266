// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/fileresponse.h"

#include "core/api/gate/blobheaders.h"
#include "core/api/hub/contenttype.h"
#include "core/api/hub/huberror.h"
#include "core/api/hub/xetheaders.h"
#include "core/catalog/formats/lfspointer.h"

#include <algorithm>

namespace hublet::api {

namespace {

constexpr qsizetype CommitIdDigits = 40;

QByteArray quoted(const QByteArray& etag)
{
    return '"' + etag + '"';
}

/// Only a full commit id will never mean anything else.
QByteArray cacheControl(const catalog::Revision& revision, bool anonymous)
{
    if (!revision.isImmutable() || revision.asked.size() != CommitIdDigits)
        return "no-cache";
    return QByteArray(anonymous ? "public" : "private") + ", max-age=31536000, immutable";
}

QByteArray contentRange(const ByteRange& range, qint64 size)
{
    return "bytes " + QByteArray::number(range.first) + '-' + QByteArray::number(range.last) + '/' +
           QByteArray::number(size);
}

QByteArray contentRangeOfNothing(qint64 size)
{
    return "bytes */" + QByteArray::number(size);
}

void setContentRange(http::Response& response, const RangeRequest& wanted, qint64 size)
{
    if (wanted.kind == RangeRequest::Kind::Partial)
        response.setHeader("Content-Range", contentRange(wanted.range, size));
    else if (wanted.kind == RangeRequest::Kind::EmptyFile)
        response.setHeader("Content-Range", contentRangeOfNothing(0));
}

http::Response outOfRange(const service::Browse::FileAnswer& file, qint64 size)
{
    http::Response response =
        hubErrorResponse(416, {}, QStringLiteral("The range lies behind the end of the file."));
    response.setHeader("X-Repo-Commit", file.revision.sha);
    return std::move(response).setHeader("Content-Range", contentRangeOfNothing(size));
}

} // namespace

void setFileHeaders(http::Response& response, const service::Browse::FileAnswer& file, bool anonymous)
{
    const QByteArray etag = quoted(file.entry.etag());
    const ContentLabel label = contentLabel(file.entry.path.name());
    response.setHeader(QByteArrayLiteral("X-Repo-Commit"), file.revision.sha);
    response.setHeader(QByteArrayLiteral("ETag"), etag);
    response.setHeader(QByteArrayLiteral("X-Linked-Size"), QByteArray::number(file.entry.size));
    if (file.entry.lfs)
        response.setHeader(QByteArrayLiteral("X-Linked-ETag"), etag);
    response.setHeader(QByteArrayLiteral("Accept-Ranges"), QByteArrayLiteral("bytes"));
    response.setHeader(QByteArrayLiteral("Content-Type"), label.type);
    response.setHeader(QByteArrayLiteral("Content-Disposition"), label.disposition);
    response.setHeader(QByteArrayLiteral("Cache-Control"), cacheControl(file.revision, anonymous));
    setBlobHeaders(response);
}

RangeRequest requestedRange(const http::Request& request, const QByteArray& etag, qint64 size)
{
    const QByteArrayView condition = request.header("If-Range");
    if (!condition.isEmpty() && condition != quoted(etag))
        return {};
    return parseRange(request.header("Range"), size);
}

std::vector<Extent> slice(const std::vector<Extent>& extents, const ByteRange& range)
{
    std::vector<Extent> part;
    qint64 skip = range.first;
    qint64 wanted = range.length();
    for (const Extent& extent : extents) {
        if (wanted == 0)
            break;
        if (skip >= extent.length) {
            skip -= extent.length;
            continue;
        }
        const qint64 length = std::min(extent.length - skip, wanted);
        part.push_back({extent.file, extent.offset + skip, length});
        wanted -= length;
        skip = 0;
    }
    Q_ASSERT(wanted == 0);
    return part;
}

http::Response fileHead(const service::Browse::FileAnswer& file, bool anonymous)
{
    http::Response response(200);
    response.setBody(http::Response::Omitted{file.entry.size});
    setFileHeaders(response, file, anonymous);
    return response;
}

http::Response fileBody(const http::Request& request, const service::Browse::FileAnswer& file, bool anonymous,
                        std::vector<Extent> extents)
{
    const qint64 size = file.entry.size;
    const RangeRequest wanted = requestedRange(request, file.entry.etag(), size);
    if (wanted.kind == RangeRequest::Kind::Unsatisfiable)
        return outOfRange(file, size);
    const bool isPart = wanted.kind == RangeRequest::Kind::Partial;
    http::Response response(isPart ? 206 : 200);
    response.setBody(isPart ? slice(extents, wanted.range) : std::move(extents));
    setFileHeaders(response, file, anonymous);
    setContentRange(response, wanted, size);
    return response;
}

http::Response xetFileInfo(const service::Browse::FileAnswer& file, bool anonymous)
{
    http::Response response = http::Response::bytes(200, "{}", {});
    setFileHeaders(response, file, anonymous);
    response.setHeader("Content-Type", kXetFileInfoType);
    return response;
}

http::Response pointerBody(const http::Request& request, const service::Browse::FileAnswer& file)
{
    const catalog::TreeEntry& entry = file.entry;
    const QByteArray pointer = catalog::LfsPointer{entry.content, entry.size}.text();
    const RangeRequest wanted = requestedRange(request, entry.oid.toHex(), pointer.size());
    if (wanted.kind == RangeRequest::Kind::Unsatisfiable)
        return outOfRange(file, pointer.size());
    const bool isPart = wanted.kind == RangeRequest::Kind::Partial;
    http::Response response = http::Response::text(
        isPart ? 206 : 200, isPart ? pointer.mid(wanted.range.first, wanted.range.length()) : pointer);
    response.setHeader("X-Repo-Commit", file.revision.sha);
    response.setHeader("ETag", quoted(entry.oid.toHex()));
    response.setHeader("Accept-Ranges", "bytes");
    setBlobHeaders(response);
    setContentRange(response, wanted, pointer.size());
    return response;
}

} // namespace hublet::api
