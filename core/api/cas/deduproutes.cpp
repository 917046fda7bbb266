// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"
#include "core/api/cas/hashname.h"

namespace hublet::api::cas {

namespace {

Outcome findChunk(const TokenCall& call)
{
    if (const auto known = checkPrefix(call.name(0)); !known)
        return forward(known);
    const auto chunk = hashNamed(call.name(1));
    if (!chunk)
        return forward(chunk);
    auto shard = call.xet().dedupAnswer(call.permit(), *chunk);
    if (!shard)
        return forward(shard);
    return http::Response::bytes(200, std::move(*shard), "application/octet-stream");
}

} // namespace

void addDedupRoutes(Routes& routes)
{
    for (const QByteArrayView path :
         {"/v1/chunks/{name}/{name}", "/chunks/{name}/{name}", "/chunk/{name}/{name}"})
        routes.waiting(http::Method::Get, path, needs::Token{service::XetScope::Read}, findChunk);
}

} // namespace hublet::api::cas
