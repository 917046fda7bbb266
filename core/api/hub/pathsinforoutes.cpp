// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/jsonbody.h"
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/hubjson.h"
#include "core/api/hub/xetheaders.h"
#include "core/http/percent.h"
#include "core/service/services.h"

namespace hublet::api {

namespace {

using access::Action;
using http::Method;

constexpr qsizetype kPaths = 10'000; ///< in one request; clients send at most 1,000

struct PathsRequest {
    QStringList paths;
    bool expand = false;
};

Result<PathsRequest> fromForm(const QByteArray& body)
{
    const QByteArray form = body.trimmed();
    if (!http::isCleanTarget(form))
        return fail(ErrorCode::Malformed, QStringLiteral("The body is not a valid form."));
    const http::Query fields{form};
    return PathsRequest{fields.values("paths"), fields.flag("expand")};
}

Result<PathsRequest> fromJson(const QByteArray& body)
{
    const auto object = parseJsonObject(body);
    if (!object)
        return forward(object);
    const auto expand = flagField(*object, u"expand");
    if (!expand)
        return forward(expand);
    const QJsonValue paths = object->value(u"paths");
    if (paths.isString())
        return PathsRequest{{paths.toString()}, *expand};
    const auto array = arrayField(*object, u"paths");
    if (!array)
        return forward(array);
    PathsRequest request{{}, *expand};
    for (const QJsonValue& path : *array) {
        if (!path.isString())
            return fail(ErrorCode::Malformed, QStringLiteral("\"paths\" must be an array of strings"));
        request.paths.append(path.toString());
    }
    return request;
}

/// What cannot be a path of this package is left out, as what does not exist is.
Result<std::vector<RepoPath>> validPaths(const QStringList& texts)
{
    if (texts.isEmpty() || texts.size() > kPaths)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("\"paths\" must name 1 to %1 paths").arg(kPaths));
    std::vector<RepoPath> paths;
    paths.reserve(static_cast<std::size_t>(texts.size()));
    for (const QString& text : texts) {
        if (text.isEmpty())
            return fail(ErrorCode::InvalidArgument, QStringLiteral("\"paths\" must not hold an empty path"));
        QByteArray bytes = text.toUtf8();
        if (bytes.endsWith('/'))
            bytes.chop(1);
        if (auto path = RepoPath::parse(bytes))
            paths.push_back(std::move(*path));
    }
    return paths;
}

Result<http::Response> describePaths(const PackageCall& call, const QString& revisionText,
                                     const QByteArray& body)
{
    const bool isJson = call.request().header("Content-Type").contains("json");
    const auto request = isJson ? fromJson(body) : fromForm(body);
    if (!request)
        return forward(request);
    const auto paths = validPaths(request->paths);
    if (!paths)
        return forward(paths);
    const service::Browse& browse = call.services().browse();
    const auto revision = browse.revision(call.permit(), call.id(), revisionText);
    if (!revision)
        return forward(revision);
    const auto items =
        browse.paths(call.permit(), call.id(), *revision, *paths, {request->expand, servesXet(call)});
    if (!items)
        return forward(items);
    JsonWriter json;
    json.beginArray();
    for (const service::Browse::TreeItem& item : *items)
        writeTreeItem(json, item);
    json.endArray();
    return http::Response::json(200, json.take());
}

} // namespace

void addPathsInfoRoutes(Routes& routes)
{
    routes.quick(Method::Post, "/api/{type}/{id}/paths-info/{rest}", needs::Package{Action::Read},
                 [](const PackageCall& call) -> Outcome {
                     const auto revision = revisionName(call.rest());
                     if (!revision)
                         return forward(revision);
                     return call.readBody({}, [call, revision = *revision](const QByteArray& body) {
                         return describePaths(call, revision, body);
                     });
                 });
}

} // namespace hublet::api
