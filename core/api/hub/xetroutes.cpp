// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/routes.h"
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/xetheaders.h"
#include "core/base/jsonwriter.h"
#include "core/service/services.h"

namespace hublet::api {
namespace {

using access::Action;
using http::Method;
using service::XetScope;

/// Some client releases leave the revision out, or write "None" for it.
Result<QString> revisionOf(const PackageCall& call)
{
    auto revision = call.rest().isEmpty() ? Result<QString>(QString()) : revisionName(call.rest());
    if (revision && (revision->isEmpty() || *revision == u"None"))
        return QStringLiteral("main");
    return revision;
}

/// In headers for one client generation, in JSON for the others (xet.md 7.1).
http::Response grantAnswer(const Call& call, const service::XetGrant& grant)
{
    JsonWriter json;
    json.beginObject();
    json.key("casUrl").utf8(casUrl(call));
    json.key("exp").value(grant.expiresSeconds);
    json.key("accessToken").utf8(grant.token);
    json.endObject();
    http::Response response = http::Response::json(200, json.take());
    for (const auto& [name, value] : grantHeaders(call, grant))
        response.setHeader(name, value);
    response.setHeader("Cache-Control", "no-store");
    return response;
}

Outcome grantRead(const PackageCall& call)
{
    const auto revision = revisionOf(call);
    if (!revision)
        return forward(revision);
    const auto grant = call.services().xetAccess().grantRead(call.permit(), call.id(), *revision);
    if (!grant)
        return forward(grant);
    return grantAnswer(call, *grant);
}

Outcome grantWrite(const PackageCall& call)
{
    const auto revision = revisionOf(call);
    if (!revision)
        return forward(revision);
    const auto grant = call.services().xetAccess().grantWrite(call.permit(), call.id(), *revision,
                                                        call.request().flag("create_pr"));
    if (!grant)
        return forward(grant);
    return grantAnswer(call, *grant);
}

} // namespace

void addXetRoutes(Routes& routes)
{
    for (const QByteArrayView path :
         {"/api/{type}/{id}/xet-read-token/{rest}", "/api/{type}/{id}/xet-read-token"})
        routes.waiting(Method::Get, path, needs::Package{Action::Read}, grantRead);
    for (const QByteArrayView path :
         {"/api/{type}/{id}/xet-write-token/{rest}", "/api/{type}/{id}/xet-write-token"})
        routes.waiting(Method::Get, path, needs::Package{Action::Write}, grantWrite);
}

} // namespace hublet::api
