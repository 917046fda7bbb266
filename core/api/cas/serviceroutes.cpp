// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"
#include "core/http/limits.h"

namespace hublet::api::cas {

namespace {

/// Clients report how their transfers went. Nobody here reads it; it is taken so that they do not complain.
Outcome telemetry(const TokenCall&)
{
    return http::Reply::readBody({.maxBytes = http::limits::kSmallJsonBodyBytes},
                                 [](const QByteArray&) { return http::Response::empty(200); });
}

} // namespace

void addServiceRoutes(Routes& routes)
{
    routes.quick(http::Method::Get, "/health", needs::Nothing{},
                 [](const Call&) -> Outcome { return http::Response::text(200, "OK"); });
    routes.quick(http::Method::Post, "/v1/telemetry", needs::Token{service::XetScope::Read}, telemetry);
}

} // namespace hublet::api::cas
