// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/xetheaders.h"

#include "core/service/context/xetswitch.h"
#include "core/service/services.h"

namespace hublet::api {

bool servesXet(const Call& call)
{
    return service::servesXet(call.repository());
}

QByteArray casUrl(const Call& call)
{
    return call.request().baseUrl() + "/cas/" + call.services().xetAccess().storeName();
}

std::array<std::pair<QByteArray, QByteArray>, 3> grantHeaders(const Call& call,
                                                              const service::XetGrant& grant)
{
    return {{{"X-Xet-Cas-Url", casUrl(call)},
             {"X-Xet-Access-Token", grant.token},
             {"X-Xet-Token-Expiration", QByteArray::number(grant.expiresSeconds)}}};
}

QByteArray xetTokenUrl(const Call& call, const PackageId& id, service::XetScope scope,
                       const QByteArray& revision)
{
    return call.endpoint() + "/api/" + packageTypePlural(id.type()).toUtf8() + '/' + id.id().toUtf8() +
           (scope == service::XetScope::Write ? "/xet-write-token/" : "/xet-read-token/") +
           revision.toPercentEncoding();
}

void setXetHeaders(http::Response& response, const Call& call, const PackageId& id, const XetHash& file,
                   const QByteArray& revision)
{
    const QByteArray hash = file.toText();
    const QByteArray refresh = xetTokenUrl(call, id, service::XetScope::Read, revision);
    response.setHeader("X-Xet-Hash", hash);
    response.setHeader("X-Xet-Refresh-Route", refresh);
    response.setHeader("Link", '<' + refresh + ">; rel=\"xet-auth\", <" + casUrl(call) +
                                   "/v1/reconstructions/" + hash + ">; rel=\"xet-reconstruction-info\"");
}

bool wantsXetFileInfo(const http::Request& request)
{
    return request.header("Accept").contains(kXetFileInfoType);
}

} // namespace hublet::api
