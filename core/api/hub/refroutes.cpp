// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/routes.h"
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/huburls.h"
#include "core/base/clock.h"
#include "core/base/jsonwriter.h"
#include "core/service/services.h"

#include <algorithm>

namespace hublet::api {
namespace {

using access::Action;
using http::Method;

constexpr int LfsFilesPageSize = 1000;
constexpr qsizetype MaxLfsFiles = 10'000; ///< of one deletion or duplication; clients send at most 1,000

http::Response done()
{
    return http::Response::json(200, "{}");
}

Outcome createBranch(const PackageCall& call)
{
    auto name = revisionName(call.rest());
    if (!name)
        return forward(name);
    return call.readJson([call, name = std::move(*name)](const QJsonObject& body) -> Result<http::Response> {
        auto startingPoint = optionalTextField(body, u"startingPoint");
        if (!startingPoint)
            return forward(startingPoint);
        const auto empty = flagField(body, u"emptyBranch");
        if (!empty)
            return forward(empty);
        const auto overwrite = flagField(body, u"overwrite");
        if (!overwrite)
            return forward(overwrite);
        const auto created = call.services().packages().createBranch(
            call.permit(), call.id(), {name, std::move(*startingPoint), *empty, *overwrite});
        if (!created)
            return forward(created);
        return done();
    });
}

Outcome deleteBranch(const PackageCall& call)
{
    const auto name = revisionName(call.rest());
    if (!name)
        return forward(name);
    const auto removed = call.services().packages().deleteBranch(call.permit(), call.id(), *name);
    if (!removed)
        return forward(removed);
    return done();
}

Outcome createTag(const PackageCall& call)
{
    auto revision = revisionName(call.rest());
    if (!revision)
        return forward(revision);
    return call.readJson(
        [call, revision = std::move(*revision)](const QJsonObject& body) -> Result<http::Response> {
            const auto name = textField(body, u"tag");
            if (!name)
                return forward(name);
            const auto message = optionalTextField(body, u"message");
            if (!message)
                return forward(message);
            const auto created = call.services().packages().createTag(call.permit(), call.id(), revision,
                                                                      *name, message->value_or(QString()));
            if (!created)
                return forward(created);
            return done();
        });
}

Outcome deleteTag(const PackageCall& call)
{
    const auto name = revisionName(call.rest());
    if (!name)
        return forward(name);
    const auto removed = call.services().packages().deleteTag(call.permit(), call.id(), *name);
    if (!removed)
        return forward(removed);
    return done();
}

Outcome squash(const PackageCall& call)
{
    auto branch = revisionName(call.rest());
    if (!branch)
        return forward(branch);
    return call.readJson(
        [call, branch = std::move(*branch)](const QJsonObject& body) -> Result<http::Response> {
            const auto message = optionalTextField(body, u"message");
            if (!message)
                return forward(message);
            const auto squashed = call.services().packages().squash(
                call.permit(), call.id(), branch,
                message->value_or(QStringLiteral("Super-squash branch '%1'").arg(branch)));
            if (!squashed)
                return forward(squashed);
            return done();
        });
}

Outcome listLfsFiles(const PackageCall& call)
{
    const http::Request& request = call.request();
    int limit = request.value("limit").value_or(QString()).toInt();
    limit = limit > 0 ? std::min(limit, LfsFilesPageSize) : LfsFilesPageSize;
    const auto page = call.services().browse().lfsFiles(call.permit(), call.id(), limit,
                                                        request.value("cursor").value_or(QString()).toUtf8());
    if (!page)
        return forward(page);
    JsonWriter json;
    json.beginArray();
    for (const service::Browse::LfsFile& file : page->items) {
        json.beginObject().key("fileOid").utf8(file.fileOid).key("filename").value(file.path);
        json.key("oid").utf8(file.content.toHex()).key("pushedAt").utf8(isoTime(file.pushedMs));
        json.key("ref");
        if (file.ref)
            json.value(*file.ref);
        else
            json.null();
        json.key("size").value(file.size).endObject();
    }
    json.endArray();
    http::Response response = http::Response::json(200, json.take());
    if (!page->nextCursor.isEmpty())
        response.setHeader("Link", nextPageLink(call, page->nextCursor));
    return response;
}

/// What is deleted goes from every branch by new commits whether the history shall be rewritten or not:
/// commit ids that clients have pinned never change here.
Outcome deleteLfsFiles(const PackageCall& call)
{
    return call.readJson([call](const QJsonObject& body) -> Result<http::Response> {
        const auto deletions = objectElement(body.value(u"deletions"));
        if (!deletions)
            return fail(ErrorCode::Malformed, QStringLiteral("\"deletions\" must be an object"));
        const auto oids = arrayField(*deletions, u"sha");
        if (!oids)
            return forward(oids);
        if (oids->isEmpty())
            return fail(ErrorCode::Malformed, QStringLiteral("\"sha\" names no file to delete"));
        if (oids->size() > MaxLfsFiles)
            return fail(ErrorCode::TooLarge,
                        QStringLiteral("At most %1 files can be deleted at once").arg(MaxLfsFiles));
        QList<QByteArray> fileOids;
        for (const QJsonValue& oid : *oids) {
            if (!oid.isString())
                return fail(ErrorCode::Malformed, QStringLiteral("\"sha\" must be a list of strings"));
            fileOids.append(oid.toString().toUtf8());
        }
        const auto removed = call.services().packages().deleteLfsFiles(call.permit(), call.id(), fileOids);
        if (!removed)
            return forward(removed);
        return done();
    });
}

} // namespace

void addRefRoutes(Routes& routes)
{
    routes.waiting(Method::Post, "/api/{type}/{id}/branch/{rest}", needs::Package{Action::Write},
                   createBranch);
    routes.waiting(Method::Delete, "/api/{type}/{id}/branch/{rest}", needs::Package{Action::Write},
                   deleteBranch);
    routes.waiting(Method::Post, "/api/{type}/{id}/tag/{rest}", needs::Package{Action::Write}, createTag);
    routes.waiting(Method::Delete, "/api/{type}/{id}/tag/{rest}", needs::Package{Action::Write}, deleteTag);
    routes.waiting(Method::Post, "/api/{type}/{id}/super-squash/{rest}", needs::Package{Action::Delete},
                   squash);
    routes.waiting(Method::Get, "/api/{type}/{id}/lfs-files", needs::Package{Action::Read}, listLfsFiles);
    routes.waiting(Method::Post, "/api/{type}/{id}/lfs-files/batch", needs::Package{Action::Delete},
                   deleteLfsFiles);
}

} // namespace hublet::api
