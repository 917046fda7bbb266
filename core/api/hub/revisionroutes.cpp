// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/hubjson.h"
#include "core/api/hub/huburls.h"
#include "core/api/hub/xetheaders.h"
#include "core/http/limits.h"
#include "core/service/services.h"

#include <algorithm>

namespace hublet::api {

namespace {

using access::Action;
using http::Method;
using service::Browse;

constexpr int kDefaultCommits = 50;                  ///< on a page
constexpr int kMaxCommits = 1000;                    ///< on a page
constexpr qsizetype kPageBytes = http::limits::kMiB; ///< of commits: a page that has them ends
constexpr int kTreeEntries = 10'000;                 ///< on a page; some clients never ask for a second one
constexpr int kTreeEntriesExpanded = 1000;           ///< on a page, each with its last commit

int pageSize(const http::Query& query, int byDefault, int most)
{
    const int asked = query.value("limit").value_or(QString()).toInt();
    return asked > 0 ? std::min(asked, most) : byDefault;
}

QByteArray pageCursor(const http::Query& query)
{
    return query.value("cursor").value_or(QString()).toUtf8();
}

http::Response page(const Call& call, QByteArray body, const QByteArray& nextCursor)
{
    http::Response response = http::Response::json(200, std::move(body));
    if (!nextCursor.isEmpty())
        response.setHeader("Link", nextPageLink(call, nextCursor));
    return response;
}

Outcome listRefs(const PackageCall& call)
{
    const bool withPullRequests =
        call.request().flag("include_prs") || call.request().flag("include_pull_requests");
    const auto refs = call.services().browse().refs(call.permit(), call.id(), withPullRequests);
    if (!refs)
        return forward(refs);
    return http::Response::json(200, encodeRefs(*refs, withPullRequests));
}

Outcome listCommits(const PackageCall& call)
{
    const auto name = revisionName(call.rest());
    if (!name)
        return forward(name);
    const Browse& browse = call.services().browse();
    const auto revision = browse.revision(call.permit(), call.id(), *name);
    if (!revision)
        return forward(revision);
    const http::Query& query = call.request().query();
    const auto commits = browse.commits(call.permit(), call.id(), *revision,
                                        pageSize(query, kDefaultCommits, kMaxCommits), pageCursor(query));
    if (!commits)
        return forward(commits);
    const bool formatted = query.values("expand").contains(QStringLiteral("formatted"));
    JsonWriter json;
    json.beginArray();
    QByteArray nextCursor = commits->nextCursor;
    for (const catalog::Commit& commit : commits->commits) {
        if (json.size() >= kPageBytes) { // their text as HTML is much longer
            nextCursor = commit.oid.toHex();
            break;
        }
        writeCommit(json, commit, formatted);
    }
    json.endArray();
    return page(call, json.take(), nextCursor).setHeader("X-Total-Count", QByteArray::number(commits->total));
}

/// Clients pass on what they were given for a folder: "data/" is one segment, its '/' encoded.
QList<QByteArray> withoutLastSlash(QList<QByteArray> segments)
{
    if (segments.size() > 1 && segments.last().size() > 1 && segments.last().endsWith('/'))
        segments.last().chop(1);
    return segments;
}

Outcome listTree(const PackageCall& call)
{
    const Browse& browse = call.services().browse();
    const auto where = browse.revisionAndPath(call.permit(), call.id(), withoutLastSlash(call.rest()));
    if (!where)
        return forward(where);
    const auto& [revision, folder] = *where;
    const http::Query& query = call.request().query();
    Browse::TreeRequest request;
    request.folder = folder;
    request.recursive = query.flag("recursive");
    request.detail = {query.flag("expand"), servesXet(call)};
    const int most = request.detail.lastCommit ? kTreeEntriesExpanded : kTreeEntries;
    request.limit = pageSize(query, most, most);
    request.cursor = pageCursor(query);
    const auto entries = browse.tree(call.permit(), call.id(), revision, request);
    if (!entries)
        return forward(entries);
    JsonWriter json;
    json.beginArray();
    for (const Browse::TreeItem& item : entries->items)
        writeTreeItem(json, item);
    json.endArray();
    return page(call, json.take(), entries->nextCursor).setHeader("X-Repo-Commit", revision.sha);
}

Outcome treeSize(const PackageCall& call)
{
    const Browse& browse = call.services().browse();
    const auto where = browse.revisionAndPath(call.permit(), call.id(), call.rest());
    if (!where)
        return forward(where);
    const auto& [revision, path] = *where;
    const auto found = browse.paths(call.permit(), call.id(), revision, {path}, {});
    if (!found)
        return forward(found);
    if (found->empty())
        return fail(ErrorCode::EntryNotFound, QStringLiteral("Entry not found"));
    return jsonResponse(200, {{QStringLiteral("path"), QString(u'/' + path.text())},
                              {QStringLiteral("size"), found->front().entry.size}});
}

} // namespace

void addRevisionRoutes(Routes& routes)
{
    const needs::Package read{Action::Read};
    routes.waiting(Method::Get, "/api/{type}/{id}/refs", read, listRefs);
    routes.waiting(Method::Get, "/api/{type}/{id}/commits/{rest}", read, listCommits);
    routes.waiting(Method::Get, "/api/{type}/{id}/tree/{rest}", read, listTree);
    routes.waiting(Method::Get, "/api/{type}/{id}/treesize/{rest}", read, treeSize);
}

} // namespace hublet::api
