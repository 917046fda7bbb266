// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/catalog.h"

#include "core/catalog/model/refname.h"
#include "core/catalog/reading/lastcommitfinder.h"
#include "core/catalog/reading/mergebase.h"
#include "core/catalog/reading/revisionresolver.h"
#include "core/catalog/reading/treemerge.h"
#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/discussionqueries.h"
#include "core/catalog/tables/packagelisting.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/tables/refqueries.h"
#include "core/catalog/tables/repositoryqueries.h"
#include "core/catalog/trees/treereader.h"

#include <map>

namespace hublet::catalog {

namespace {

/// Of one page of commits; the one with which there is more ends it.
constexpr qsizetype CommitPageChars = 1024 * 1024;

} // namespace

Catalog::Catalog(db::Database& database)
    : m_database(database), m_trees(std::make_unique<TreeReader>()),
      m_lastCommits(std::make_unique<LastCommitFinder>(*m_trees))
{
}

Catalog::~Catalog() = default;

Result<std::vector<Repository>> Catalog::repositories() const
{
    return m_database.read([](db::Transaction& transaction) { return queries::repositories(transaction); });
}

Result<Repository> Catalog::repository(const RepositoryKey& key) const
{
    return m_database.read(
        [&](db::Transaction& transaction) { return queries::repository(transaction, key); });
}

Result<RepositoryTotals> Catalog::totals(qint64 repository) const
{
    return m_database.read(
        [&](db::Transaction& transaction) { return queries::totals(transaction, repository); });
}

Result<Package> Catalog::package(qint64 repository, const PackageId& id) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<Package> {
        auto found = queries::findPackage(transaction, repository, id);
        if (!found)
            return forward(found);
        if (!*found)
            return fail(ErrorCode::PackageNotFound, QStringLiteral("Repository not found: %1").arg(id.id()));
        return std::move(**found);
    });
}

Result<Package> Catalog::package(qint64 rowId) const
{
    return m_database.read(
        [&](db::Transaction& transaction) { return queries::package(transaction, rowId); });
}

Result<std::optional<Package>> Catalog::movedTo(qint64 repository, const PackageId& id) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<std::optional<Package>> {
        const auto present = queries::findPackage(transaction, repository, id);
        if (!present)
            return forward(present);
        if (*present)
            return std::nullopt;
        return queries::movedPackage(transaction, repository, id);
    });
}

Result<Page<Package>> Catalog::packages(std::optional<qint64> repository, const PackageQuery& query,
                                        const PackageFilter& visible) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return queries::packages(transaction, repository, query, visible);
    });
}

Result<std::vector<std::pair<QString, qint64>>> Catalog::namespaces(qint64 repository, PackageType type,
                                                                    const PackageFilter& visible) const
{
    std::map<QString, std::pair<QString, qint64>> counts; // by folded name
    const auto read = m_database.read([&](db::Transaction& transaction) {
        return queries::forEachPackage(transaction, repository, type, [&](const Package& package) {
            if (visible && !visible(package))
                return;
            auto& [name, count] = counts[package.id.nameSpace().toLower()];
            if (count++ == 0)
                name = package.id.nameSpace();
        });
    });
    if (!read)
        return forward(read);
    std::vector<std::pair<QString, qint64>> namespaces;
    for (auto& [folded, entry] : counts)
        namespaces.push_back(std::move(entry));
    return namespaces;
}

Result<std::vector<Ref>> Catalog::refs(qint64 package, bool withPullRequests) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<std::vector<Ref>> {
        auto rows = queries::refs(transaction, package);
        if (!rows)
            return forward(rows);
        std::vector<Ref> refs;
        for (queries::RefRow& row : *rows) {
            if (withPullRequests || row.ref.kind != RefKind::PullRequest)
                refs.push_back(std::move(row.ref));
        }
        return refs;
    });
}

Result<std::optional<Ref>> Catalog::ref(qint64 package, const QString& fullName) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<std::optional<Ref>> {
        auto row = queries::findRef(transaction, package, fullName);
        if (!row)
            return forward(row);
        return *row ? std::optional(std::move((*row)->ref)) : std::nullopt;
    });
}

Result<Revision> Catalog::resolve(qint64 package, const QString& revision) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return RevisionResolver(transaction, package).resolve(revision);
    });
}

Result<RevisionAndPath> Catalog::resolvePath(qint64 package, const QList<QByteArray>& segments) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return RevisionResolver(transaction, package).resolvePath(segments);
    });
}

Result<Commit> Catalog::commit(qint64 package, const GitOid& commit) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<Commit> {
        auto row = queries::commit(transaction, package, commit);
        if (!row)
            return forward(row);
        return std::move(row->commit);
    });
}

Result<std::optional<GitOid>> Catalog::mergeBase(qint64 package, const GitOid& left,
                                                 const GitOid& right) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<std::optional<GitOid>> {
        const auto leftRow = queries::commit(transaction, package, left);
        if (!leftRow)
            return forward(leftRow);
        const auto rightRow = queries::commit(transaction, package, right);
        if (!rightRow)
            return forward(rightRow);
        const auto base = catalog::mergeBase(transaction, leftRow->id, rightRow->id);
        if (!base)
            return forward(base);
        if (!*base)
            return std::nullopt;
        const auto row = queries::commit(transaction, **base);
        return row ? Result<std::optional<GitOid>>(row->commit.oid) : forward(row);
    });
}

Result<CommitPage> Catalog::commits(qint64 package, const GitOid& from, int limit,
                                    const QByteArray& cursor) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<CommitPage> {
        auto row = queries::commit(transaction, package, from);
        if (!row)
            return forward(row);
        CommitPage page;
        page.total = row->generation;
        if (!cursor.isEmpty()) {
            const auto next = GitOid::fromHex(cursor);
            if (!next)
                return fail(ErrorCode::InvalidArgument, QStringLiteral("The cursor is not valid"));
            row = queries::commit(transaction, package, *next);
        }
        qsizetype text = 0;
        for (;;) {
            if (!row)
                return forward(row);
            text += row->commit.title.size() + row->commit.message.size();
            const qint64 parent = row->firstParent;
            page.commits.push_back(std::move(row->commit));
            if (parent == 0)
                return page;
            row = queries::commit(transaction, parent);
            if (row && (int(page.commits.size()) >= limit || text > CommitPageChars)) {
                page.nextCursor = row->commit.oid.toHex();
                return page;
            }
        }
    });
}

Result<Page<Deployment>> Catalog::deployments(qint64 package, const std::optional<QString>& revision,
                                              int limit, const QByteArray& cursor) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return queries::deployments(transaction, package, revision, limit, cursor);
    });
}

Result<std::optional<Deployment>> Catalog::deployment(qint64 package, qint64 publishedMs) const
{
    return m_database.read(
        [&](db::Transaction& transaction) { return queries::deployment(transaction, package, publishedMs); });
}

Result<DiscussionPage> Catalog::discussions(qint64 package, const DiscussionQuery& query) const
{
    return m_database.read(
        [&](db::Transaction& transaction) { return queries::discussions(transaction, package, query); });
}

Result<Discussion> Catalog::discussion(qint64 package, int number) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<Discussion> {
        auto found = queries::discussion(transaction, package, number);
        if (!found)
            return found;
        auto events = queries::discussionEvents(transaction, found->rowId);
        if (!events)
            return forward(events);
        found->events = std::move(*events);
        return found;
    });
}

Result<Discussion> Catalog::discussionFields(qint64 package, int number) const
{
    return m_database.read(
        [&](db::Transaction& transaction) { return queries::discussion(transaction, package, number); });
}

Result<Page<DiscussionEvent>> Catalog::discussionEvents(qint64 package, int number,
                                                        const QByteArray& cursor) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<Page<DiscussionEvent>> {
        const auto found = queries::discussion(transaction, package, number);
        if (!found)
            return forward(found);
        return queries::discussionEvents(transaction, found->rowId, cursor.toLongLong());
    });
}

Result<std::vector<RepoPath>> Catalog::mergeConflicts(qint64 package, int number) const
{
    using Paths = std::vector<RepoPath>;
    return m_database.read([&](db::Transaction& transaction) -> Result<Paths> {
        const auto found = queries::discussion(transaction, package, number);
        if (!found)
            return forward(found);
        if (!found->isPullRequest || found->mergeCommit)
            return Paths();
        RevisionResolver resolver(transaction, package);
        const auto ours = resolver.resolve(RefName::ofClientName(found->baseBranch));
        if (!ours)
            return forward(ours);
        const auto theirs = resolver.resolve(RefName::pullRequest(number));
        if (!theirs)
            return forward(theirs);
        const auto ourRow = queries::commit(transaction, package, ours->commit.oid);
        const auto theirRow = queries::commit(transaction, package, theirs->commit.oid);
        if (!ourRow || !theirRow)
            return forward(ourRow ? theirRow : ourRow);
        auto plan = TreeMerge(transaction, *m_trees).plan(*ourRow, *theirRow);
        if (!plan)
            return forward(plan);
        return std::move(plan->conflicts);
    });
}

} // namespace hublet::catalog
