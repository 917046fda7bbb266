// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/huburls.h"

#include "core/api/hub/clientversion.h"

namespace hublet::api {

bool needsModelsPrefix(const Call& call)
{
    if (call.prefix().isEmpty())
        return false;
    const auto version = hubClientVersion(call.request().userAgent());
    return version && *version < kReadsPrefixedUrls;
}

QByteArray repoUrl(const Call& call, const PackageId& id)
{
    QByteArray url = call.endpoint() + '/';
    if (id.type() == PackageType::Dataset)
        url += "datasets/";
    else if (needsModelsPrefix(call))
        url += "models/";
    return url + id.id().toUtf8();
}

QByteArray commitUrl(const Call& call, const PackageId& id, const GitOid& commit)
{
    return repoUrl(call, id) + "/commit/" + commit.toHex();
}

QByteArray discussionUrl(const Call& call, const PackageId& id, int number)
{
    return repoUrl(call, id) + "/discussions/" + QByteArray::number(number);
}

QByteArray nextPageLink(const Call& call, QByteArrayView cursor)
{
    const http::Request& request = call.request();
    QByteArray url = request.baseUrl() + request.rawPath().toByteArray() + '?';
    const QByteArrayList pairs = request.query().raw().toByteArray().split('&');
    for (const QByteArray& pair : pairs) {
        if (!pair.isEmpty() && !pair.startsWith("cursor="))
            url += pair + '&';
    }
    url += "cursor=" + cursor.toByteArray().toPercentEncoding();
    url.replace(',', "%2C"); // the Rust client splits the header at commas
    return '<' + url + ">; rel=\"next\"";
}

} // namespace hublet::api
