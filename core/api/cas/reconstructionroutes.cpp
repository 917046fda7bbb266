// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"
#include "core/api/cas/hashname.h"
#include "core/api/cas/inplaceeditjson.h"
#include "core/api/cas/reconstructionjson.h"

namespace hublet::api::cas {

namespace {

using http::Method;
using service::XetScope;

constexpr qsizetype MaxBatchFiles = 1000;

FetchUrl fetchUrl(const TokenCall& call)
{
    return [&call](const XetHash& xorb, const ByteRange& bytes) {
        return call.base() + "/fetch/" + call.services().xetAccess().signFetch(call.permit(), xorb, bytes);
    };
}

using Encode = QByteArray (*)(const xet::Reconstruction& plan, const FetchUrl& url);

Outcome reconstruct(const TokenCall& call, Encode encode)
{
    const auto file = hashNamed(call.name());
    if (!file)
        return forward(file);
    const auto plan = call.xet().reconstruct(call.permit(), *file, call.request().header("Range"));
    if (!plan)
        return forward(plan);
    return http::Response::json(200, encode(*plan, fetchUrl(call)));
}

Outcome reconstructV1(const TokenCall& call)
{
    return reconstruct(call, encodeReconstructionV1);
}

Outcome reconstructV2(const TokenCall& call)
{
    return reconstruct(call, encodeReconstructionV2);
}

Outcome reconstructBatch(const TokenCall& call)
{
    const QStringList names = call.request().values("file_id");
    if (names.isEmpty() || names.size() > MaxBatchFiles)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("\"file_id\" must name 1 to %1 files").arg(MaxBatchFiles));
    std::vector<XetHash> files;
    for (const QString& name : names) {
        const auto file = hashNamed(name.toLatin1());
        if (!file)
            return forward(file);
        files.push_back(*file);
    }
    const auto batch = call.xet().reconstructBatch(call.permit(), files);
    if (!batch)
        return forward(batch);
    return http::Response::json(200, encodeBatch(*batch, fetchUrl(call)));
}

Outcome fileSize(const TokenCall& call)
{
    const auto file = hashNamed(call.name());
    if (!file)
        return forward(file);
    const auto size = call.xet().fileSize(call.permit(), *file);
    if (!size)
        return forward(size);
    http::Response response(200);
    response.setBody(http::Response::Omitted{*size});
    return response;
}

/// What clients ask to change a part of a file in place; when it is refused, some process the whole file.
Outcome fileChunkHashes(const TokenCall& call)
{
    const auto file = hashNamed(call.name());
    if (!file)
        return forward(file);
    const auto edit =
        call.xet().planInPlaceEdit(call.permit(), *file, call.request().header("X-Range-Dirty"));
    if (!edit)
        return forward(edit);
    return http::Response::json(200, encodeInPlaceEdit(*edit));
}

} // namespace

void addReconstructionRoutes(Routes& routes)
{
    const needs::Token read{XetScope::Read};
    routes.waiting(Method::Get, "/v2/reconstructions/{name}", read, reconstructV2);
    for (const QByteArrayView path :
         {"/v1/reconstructions/{name}", "/reconstructions/{name}", "/reconstruction/{name}"})
        routes.waiting(Method::Get, path, read, reconstructV1);
    for (const QByteArrayView path : {"/v1/reconstructions", "/reconstructions"})
        routes.waiting(Method::Get, path, read, reconstructBatch);
    routes.waiting(Method::Head, "/v1/files/{name}", read, fileSize);
    routes.waiting(Method::Get, "/v2/file-chunk-hashes/{name}", read, fileChunkHashes);
}

} // namespace hublet::api::cas
