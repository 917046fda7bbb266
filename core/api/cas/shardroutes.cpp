// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"
#include "core/api/cas/hashname.h"
#include "core/api/cas/shardsink.h"

namespace hublet::api::cas {

namespace {

using http::Method;

Outcome receive(const TokenCall& call, ShardSink::Answer answer)
{
    auto shard = call.xet().receiveShard(call.permit(), call.request().contentLength());
    if (!shard)
        return forward(shard);
    return http::Reply::stream(std::make_unique<ShardSink>(call.xet(), std::move(*shard), answer));
}

Outcome answeringJson(const TokenCall& call)
{
    return receive(call, ShardSink::Answer::Json);
}

Outcome answeringFrames(const TokenCall& call)
{
    return receive(call, ShardSink::Answer::Frames);
}

/// The hash in the path names the shard's bytes. Nothing is looked up by it.
Outcome named(const TokenCall& call)
{
    if (const auto known = checkPrefix(call.name(0)); !known)
        return forward(known);
    if (const auto hash = hashNamed(call.name(1)); !hash)
        return forward(hash);
    return answeringJson(call);
}

} // namespace

void addShardRoutes(Routes& routes)
{
    const needs::Token write{service::XetScope::Write};
    routes.waiting(Method::Post, "/v2/shards", write, answeringFrames);
    routes.waiting(Method::Post, "/v1/shards", write, answeringJson);
    routes.waiting(Method::Post, "/shards", write, answeringJson);
    routes.waiting(Method::Post, "/shard/{name}/{name}", write, named);
    routes.waiting(Method::Put, "/shard/{name}/{name}", write, named);
}

} // namespace hublet::api::cas
