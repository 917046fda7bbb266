// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"
#include "core/api/cas/caserror.h"
#include "core/api/gate/blobheaders.h"
#include "core/base/byterange.h"

#include <limits>

namespace hublet::api::cas {

namespace {

tl::unexpected<Error> notAllowed()
{
    return fail(ErrorCode::Forbidden, QStringLiteral("This URL does not allow that range"));
}

/// The range asked for, which must lie in the one that was signed; without a Range header all of that.
Result<ByteRange> wantedRange(const FetchCall& call)
{
    const ByteRange& allowed = call.fetch().bytes;
    const QByteArrayView header = call.request().header("Range");
    if (header.isEmpty())
        return allowed;
    // Clamped to what was signed, an end behind it is cut as it is for any resource (RFC 9110 14.1.2).
    const RangeRequest wanted = parseRange(header, allowed.last + 1);
    if (wanted.kind != RangeRequest::Kind::Partial || wanted.range.first < allowed.first)
        return notAllowed();
    return wanted.range;
}

Outcome fetch(const FetchCall& call)
{
    if (const auto open =
            call.services().xetAccess().checkPackages(call.fetch(), call.request().isFromThisMachine());
        !open)
        return forward(open);
    const auto range = wantedRange(call);
    if (!range)
        return forward(range);
    auto records = call.xet().records(call.fetch().xorb, *range);
    if (!records)
        return forward(records);
    http::Response response =
        http::Response::extents(206, std::move(records->extents), "application/octet-stream");
    setBlobHeaders(response);
    response.setHeader("Content-Range", "bytes " + QByteArray::number(range->first) + '-' +
                                            QByteArray::number(range->last) + '/' +
                                            QByteArray::number(records->total));
    response.setHeader("Accept-Ranges", "bytes");
    // The same bytes for good, but only for whom the URL was made.
    response.setHeader("Cache-Control", "private, max-age=3600");
    return response;
}

} // namespace

void addFetchRoutes(Routes& routes)
{
    routes.waiting(http::Method::Get, "/fetch/{ticket}", needs::FetchUrl{}, fetch);
}

} // namespace hublet::api::cas
