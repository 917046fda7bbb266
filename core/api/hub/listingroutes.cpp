// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/hubapi.h"
#include "core/api/hub/huburls.h"
#include "core/api/hub/packagejson.h"
#include "core/api/hub/xetheaders.h"
#include "core/service/services.h"

#include <algorithm>

namespace hublet::api {

namespace {

using access::Action;
using catalog::PackageQuery;
using http::Method;

constexpr int kDefaultPackages = 100; ///< on a page
constexpr int kMaxPackages = 1000;    ///< on a page

/// The Hub's names in both spellings; what this server does not count sorts by date.
PackageQuery::Sort sortOrder(QStringView name)
{
    if (name == u"createdAt" || name == u"created_at")
        return PackageQuery::Sort::Created;
    if (name == u"downloads")
        return PackageQuery::Sort::Downloads;
    if (name == u"id")
        return PackageQuery::Sort::Id;
    return PackageQuery::Sort::Modified;
}

PackageQuery packageQuery(const http::Query& query, PackageType type)
{
    PackageQuery wanted;
    wanted.type = type;
    wanted.author = query.value("author");
    const QStringList searches = query.values("search");
    for (const QString& search : searches)
        wanted.search += search.split(u' ', Qt::SkipEmptyParts);
    wanted.tags = query.values("filter");
    wanted.tags.removeAll(QString());
    wanted.pipelineTag = query.value("pipeline_tag");
    if (query.contains("gated"))
        wanted.gated = query.flag("gated");
    wanted.sort = sortOrder(query.value("sort").value_or(QString()));
    wanted.descending = query.value("direction") != QStringLiteral("1");
    const int limit = query.value("limit").value_or(QString()).toInt();
    wanted.limit = limit > 0 ? std::min(limit, kMaxPackages) : kDefaultPackages;
    wanted.cursor = query.value("cursor").value_or(QString()).toUtf8();
    return wanted;
}

/// Visits the files at the head of main.
FileVisitor headFiles(const Call& call, const catalog::Package& package)
{
    return [&call, &package](const auto& visit) -> Result<void> {
        if (package.head.isNull())
            return {};
        const auto permit = call.permit(Action::Read, package.id);
        if (!permit)
            return forward(permit);
        const auto head = call.services().browse().revision(*permit, package.id, QStringLiteral("main"));
        if (!head)
            return forward(head);
        return call.services().browse().forEachFile(*permit, package.id, *head, visit);
    };
}

Outcome listPackages(const RepositoryCall& call, PackageType type)
{
    const http::Query& query = call.request().query();
    const auto page =
        call.services().browse().packages(call.principal(), call.repository().key, packageQuery(query, type));
    if (!page)
        return forward(page);
    const PackageFields fields = PackageFields::forListing(query).withXet(servesXet(call));
    JsonWriter json;
    json.beginArray();
    for (const catalog::Package& package : page->items) {
        const QByteArray sha = package.head.isNull() ? QByteArray() : package.head.toHex();
        if (const auto written = writePackage(json, package, sha, fields, headFiles(call, package)); !written)
            return forward(written);
    }
    json.endArray();
    http::Response response = http::Response::json(200, json.take());
    if (!page->nextCursor.isEmpty())
        response.setHeader("Link", nextPageLink(call, page->nextCursor));
    return response;
}

} // namespace

void addListingRoutes(Routes& routes)
{
    routes.waiting(Method::Get, "/api/models", needs::Repository{Action::Read},
                   [](const RepositoryCall& call) { return listPackages(call, PackageType::Model); });
    routes.waiting(Method::Get, "/api/datasets", needs::Repository{Action::Read},
                   [](const RepositoryCall& call) { return listPackages(call, PackageType::Dataset); });
    routes.quick(Method::Get, "/api/spaces", needs::Repository{Action::Read},
                 [](const RepositoryCall&) -> Outcome { return http::Response::json(200, "[]"); });
}

} // namespace hublet::api
