// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"
#include "core/api/cas/hashname.h"
#include "core/api/cas/inplaceeditjson.h"
#include "core/api/cas/reconstructionjson.h"
#include "core/api/gate/jsonpieces.h"

#include <memory>

namespace hublet::api::cas {

namespace {

using http::Method;
using service::XetScope;

/// Long answers are made while they are sent: a client that does not read holds up a piece of JSON, not all.
Outcome answer(const TokenCall& call, ReconstructionJson::Form form, service::Xet::Plan plan)
{
    const FetchUrl url = [call, packages = plan.packages](const XetHash& xorb, const ByteRange& bytes) {
        const QByteArray ticket = call.services().xetAccess().signFetch(call.permit(), packages, xorb, bytes);
        return call.base() + "/fetch/" + ticket;
    };
    const auto json = std::make_shared<ReconstructionJson>(form, std::move(plan), url);
    auto response = jsonInPieces(json);
    if (!response)
        return forward(response);
    return std::move(*response);
}

Outcome reconstruct(const TokenCall& call, ReconstructionJson::Form form)
{
    const auto file = hashNamed(call.name());
    if (!file)
        return forward(file);
    auto plan = call.xet().reconstruct(call.permit(), *file, call.request().header("Range"));
    if (!plan)
        return forward(plan);
    return answer(call, form, std::move(*plan));
}

Outcome reconstructV1(const TokenCall& call)
{
    return reconstruct(call, ReconstructionJson::Form::V1);
}

Outcome reconstructV2(const TokenCall& call)
{
    return reconstruct(call, ReconstructionJson::Form::V2);
}

Outcome reconstructBatch(const TokenCall& call)
{
    const QStringList names = call.request().values("file_id"); // the request line has room for about 100
    if (names.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("\"file_id\" must name a file"));
    std::vector<XetHash> files;
    for (const QString& name : names) {
        const auto file = hashNamed(name.toLatin1());
        if (!file)
            return forward(file);
        files.push_back(*file);
    }
    auto plan = call.xet().reconstructBatch(call.permit(), files);
    if (!plan)
        return forward(plan);
    return answer(call, ReconstructionJson::Form::Batch, std::move(*plan));
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
