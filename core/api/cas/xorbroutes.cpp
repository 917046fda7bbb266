// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"
#include "core/api/cas/hashname.h"
#include "core/api/cas/xorbsink.h"

namespace hublet::api::cas {

namespace {

using http::Method;
using service::XetScope;

Result<XetHash> xorbNamed(const TokenCall& call)
{
    if (const auto known = checkPrefix(call.name(0)); !known)
        return forward(known);
    return hashNamed(call.name(1));
}

Outcome upload(const TokenCall& call)
{
    const auto xorb = xorbNamed(call);
    if (!xorb)
        return forward(xorb);
    auto receiving = call.xet().receiveXorb(call.permit(), *xorb, call.request().contentLength(),
                                            QString::fromUtf8(call.request().userAgent()));
    if (!receiving)
        return forward(receiving);
    return http::Reply::stream(std::make_unique<XorbSink>(std::move(*receiving)));
}

Outcome describe(const TokenCall& call)
{
    const auto xorb = xorbNamed(call);
    if (!xorb)
        return forward(xorb);
    const auto bytes = call.xet().xorbBytes(call.permit(), *xorb);
    if (!bytes)
        return forward(bytes);
    http::Response response(200);
    response.setBody(http::Response::Omitted{*bytes});
    return response;
}

} // namespace

void addXorbRoutes(Routes& routes)
{
    for (const QByteArrayView path :
         {"/v1/xorbs/{name}/{name}", "/xorbs/{name}/{name}", "/xorb/{name}/{name}"}) {
        routes.waiting(Method::Post, path, needs::Token{XetScope::Write}, upload);
        routes.waiting(Method::Head, path, needs::Token{XetScope::Read}, describe);
    }
}

} // namespace hublet::api::cas
