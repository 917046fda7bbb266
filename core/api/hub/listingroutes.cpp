// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/jsonpieces.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/huburls.h"
#include "core/api/hub/packagejson.h"
#include "core/api/hub/revisionfiles.h"
#include "core/api/hub/xetheaders.h"
#include "core/service/packages/packagecursor.h"
#include "core/service/services.h"

#include <algorithm>
#include <memory>
#include <optional>

namespace hublet::api {

namespace {

using access::Action;
using catalog::PackageQuery;
using http::Method;

constexpr int kDefaultPackages = 100;                ///< on a page
constexpr int kMaxPackages = 1000;                   ///< on a page
constexpr qsizetype kPageBytes = http::limits::kMiB; ///< a page that has them ends with the package it is at

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

/// The files at the head of main.
Result<FilePages> headFiles(const Call& call, const catalog::Package& package)
{
    if (package.head.isNull())
        return FilePages([] { return std::vector<catalog::TreeEntry>(); });
    const auto permit = call.permit(Action::Read, package.id);
    if (!permit)
        return forward(permit);
    const service::Browse& browse = call.services().browse();
    const auto head = browse.revision(*permit, package.id, QStringLiteral("main"));
    if (!head)
        return forward(head);
    return revisionFiles(browse, *permit, package.id, *head);
}

/// One page of a list of packages. The page ends with the package at which it is long enough; of that
/// one, what is still to be said follows in pieces.
class ListingJson {
public:
    ListingJson(const Call& call, PackageFields fields) : m_call(call), m_fields(std::move(fields)) {}

    /// Call it once, first: writes the beginning of the page. Returns how many of `packages` are on it.
    Result<std::size_t> begin(const std::vector<catalog::Package>& packages)
    {
        m_json.beginArray();
        std::size_t count = 0;
        while (count < packages.size() && m_json.size() < kPageBytes) {
            const catalog::Package& package = packages[count++];
            const QByteArray sha = package.head.isNull() ? QByteArray() : package.head.toHex();
            m_last.emplace(package, sha, m_fields, filesOf(package));
            if (const auto written = m_last->write(m_json, kPageBytes); !written)
                return forward(written);
        }
        return count;
    }
    [[nodiscard]] Result<QByteArray> next()
    {
        if (m_isDone)
            return QByteArray();
        if (m_last) {
            if (const auto written = m_last->write(m_json, kJsonPieceBytes); !written)
                return forward(written);
        }
        if (!m_last || m_last->isDone()) {
            m_json.endArray();
            m_isDone = true;
        }
        return m_json.take();
    }
    [[nodiscard]] bool isDone() const { return m_isDone; }

private:
    /// Asks for the head only when the answer has its files.
    FilePages filesOf(const catalog::Package& package) const
    {
        return [call = m_call, package,
                files = FilePages()]() mutable -> Result<std::vector<catalog::TreeEntry>> {
            if (!files) {
                auto found = headFiles(call, package);
                if (!found)
                    return forward(found);
                files = std::move(*found);
            }
            return files();
        };
    }

    const Call m_call;
    const PackageFields m_fields;
    JsonWriter m_json;
    std::optional<PackageJson> m_last;
    bool m_isDone = false;
};

Outcome listPackages(const RepositoryCall& call, PackageType type)
{
    const http::Query& query = call.request().query();
    const PackageQuery wanted = packageQuery(query, type);
    auto page = call.services().browse().packages(call.principal(), call.repository().key, wanted);
    if (!page)
        return forward(page);
    const auto json =
        std::make_shared<ListingJson>(call, PackageFields::forListing(query).withXet(servesXet(call)));
    const auto count = json->begin(page->items);
    if (!count)
        return forward(count);
    if (*count < page->items.size())
        page->nextCursor = service::packageCursor(page->items[*count - 1], wanted.sort);
    auto response = jsonInPieces(json);
    if (!response)
        return forward(response);
    if (!page->nextCursor.isEmpty())
        response->setHeader("Link", nextPageLink(call, page->nextCursor));
    return std::move(*response);
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
