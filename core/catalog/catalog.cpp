// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/catalog.h"

#include "core/catalog/card.h"
#include "core/catalog/commitqueries.h"
#include "core/catalog/contentusefinder.h"
#include "core/catalog/contentusequeries.h"
#include "core/catalog/discussionqueries.h"
#include "core/catalog/lastcommitfinder.h"
#include "core/catalog/lfslisting.h"
#include "core/catalog/packagelisting.h"
#include "core/catalog/packagequeries.h"
#include "core/catalog/refname.h"
#include "core/catalog/refqueries.h"
#include "core/catalog/repositoryqueries.h"
#include "core/catalog/revisionresolver.h"
#include "core/catalog/treediff.h"
#include "core/catalog/treemerge.h"
#include "core/catalog/treereader.h"

#include <algorithm>
#include <map>

namespace hublet::catalog {

namespace {

tl::unexpected<Error> noEntry(const RepoPath& path)
{
    return fail(ErrorCode::EntryNotFound, QStringLiteral("Entry not found: %1").arg(path.text()));
}

/// Row of the tree of a folder of a commit. Errors: RevisionNotFound, EntryNotFound.
Result<qint64> folderTree(db::Transaction& transaction, const TreeReader& reader, qint64 package,
                          const GitOid& commit, const RepoPath& folder)
{
    const auto row = queries::commit(transaction, package, commit);
    if (!row)
        return forward(row);
    const auto entry = reader.findPath(transaction, row->tree, folder);
    if (!entry)
        return forward(entry);
    if (!*entry || !(*entry)->isDirectory())
        return noEntry(folder);
    return (*entry)->tree;
}

/// `below`: path of an entry inside `folder`.
Result<RepoPath> pathInside(const RepoPath& folder, const QByteArray& below)
{
    return RepoPath::parse(folder.isRoot() ? below : folder.bytes() + '/' + below);
}

} // namespace

struct Catalog::Caches {
    explicit Caches(const TreeReader& reader) : lastCommits(reader) {}
    LastCommitFinder lastCommits;
};

Catalog::Catalog(db::Database& database)
    : m_database(database), m_trees(std::make_unique<TreeReader>()),
      m_caches(std::make_unique<Caches>(*m_trees))
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
        for (;;) {
            if (!row)
                return forward(row);
            const qint64 parent = row->firstParent;
            page.commits.push_back(std::move(row->commit));
            if (parent == 0)
                return page;
            row = queries::commit(transaction, parent);
            if (row && int(page.commits.size()) >= limit) {
                page.nextCursor = row->commit.oid.toHex();
                return page;
            }
        }
    });
}

Result<TreeEntry> Catalog::entry(qint64 package, const GitOid& commit, const RepoPath& path) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<TreeEntry> {
        const auto row = queries::commit(transaction, package, commit);
        if (!row)
            return forward(row);
        const auto entry = m_trees->findPath(transaction, row->tree, path);
        if (!entry)
            return forward(entry);
        if (!*entry)
            return noEntry(path);
        return (*entry)->toTreeEntry(path);
    });
}

Result<std::vector<TreeEntry>> Catalog::entries(qint64 package, const GitOid& commit,
                                                const std::vector<RepoPath>& paths) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<std::vector<TreeEntry>> {
        const auto row = queries::commit(transaction, package, commit);
        if (!row)
            return forward(row);
        std::vector<TreeEntry> entries;
        for (const RepoPath& path : paths) {
            const auto entry = m_trees->findPath(transaction, row->tree, path);
            if (!entry)
                return forward(entry);
            if (*entry)
                entries.push_back((*entry)->toTreeEntry(path));
        }
        return entries;
    });
}

Result<Page<TreeEntry>> Catalog::tree(qint64 package, const GitOid& commit, const TreeQuery& query) const
{
    const auto after = QByteArray::fromBase64Encoding(
        query.cursor, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!after)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("The cursor is not valid"));
    return m_database.read([&](db::Transaction& transaction) -> Result<Page<TreeEntry>> {
        const auto tree = folderTree(transaction, *m_trees, package, commit, query.folder);
        if (!tree)
            return forward(tree);
        Page<TreeEntry> page;
        QByteArray position;
        const auto visit = [&](const QByteArray& below, const StoredEntry& entry) {
            if (int(page.items.size()) >= query.limit) {
                page.nextCursor =
                    position.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
                return false;
            }
            if (const auto path = pathInside(query.folder, below))
                page.items.push_back(entry.toTreeEntry(*path));
            position = TreeReader::positionOf(below, entry);
            return true;
        };
        if (const auto walked = m_trees->walk(transaction, *tree, query.recursive, after.decoded, visit);
            !walked)
            return forward(walked);
        return page;
    });
}

Result<void> Catalog::forEachFile(qint64 package, const GitOid& commit, const RepoPath& folder,
                                  const std::function<bool(const TreeEntry&)>& visit) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<void> {
        const auto tree = folderTree(transaction, *m_trees, package, commit, folder);
        if (!tree)
            return forward(tree);
        return m_trees->walk(transaction, *tree, true, {},
                             [&](const QByteArray& below, const StoredEntry& entry) {
                                 if (entry.isDirectory())
                                     return true;
                                 const auto path = pathInside(folder, below);
                                 return !path || visit(entry.toTreeEntry(*path));
                             });
    });
}

Result<std::vector<std::optional<LastCommit>>> Catalog::lastCommits(qint64 package, const GitOid& commit,
                                                                    const std::vector<RepoPath>& paths) const
{
    using Answers = std::vector<std::optional<LastCommit>>;
    return m_database.read([&](db::Transaction& transaction) -> Result<Answers> {
        const auto row = queries::commit(transaction, package, commit);
        if (!row)
            return forward(row);
        return m_caches->lastCommits.find(transaction, *row, paths);
    });
}

Result<std::vector<PathChange>> Catalog::changes(qint64 package, const GitOid& before, const GitOid& after,
                                                 int limit) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<std::vector<PathChange>> {
        const auto left = queries::commit(transaction, package, before);
        if (!left)
            return forward(left);
        const auto right = queries::commit(transaction, package, after);
        if (!right)
            return forward(right);
        std::vector<PathChange> changes;
        bool tooMany = false;
        const auto visit = [&](const QByteArray& name, const StoredEntry* old, const StoredEntry* fresh) {
            tooMany = int(changes.size()) == limit;
            const auto path = RepoPath::parse(name);
            if (tooMany || !path)
                return !tooMany;
            const auto entry = [&](const StoredEntry* stored) {
                return stored ? std::optional(stored->toTreeEntry(*path)) : std::nullopt;
            };
            changes.push_back({*path, entry(old), entry(fresh)});
            return true;
        };
        if (const auto compared = TreeDiff(transaction, *m_trees).run(left->tree, right->tree, visit);
            !compared)
            return forward(compared);
        if (tooMany)
            return fail(ErrorCode::TooLarge, QStringLiteral("More than %1 files differ").arg(limit));
        return changes;
    });
}

Result<Page<LfsFile>> Catalog::lfsFiles(qint64 package, int limit, const QByteArray& cursor) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return LfsListing(transaction, *m_trees, package).page(limit, cursor);
    });
}

Result<std::optional<QByteArray>> Catalog::text(qint64 package, const GitOid& commit,
                                                const RepoPath& path) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<std::optional<QByteArray>> {
        const auto row = queries::commit(transaction, package, commit);
        if (!row)
            return forward(row);
        const auto entry = m_trees->findPath(transaction, row->tree, path);
        if (!entry)
            return forward(entry);
        if (!*entry || (*entry)->isDirectory())
            return std::nullopt;
        return queries::loadText(transaction, (*entry)->content);
    });
}

Result<CardFacts> Catalog::card(qint64 package, const GitOid& commit) const
{
    const auto owner = this->package(package);
    if (!owner)
        return forward(owner);
    const auto readme = text(package, commit, Card::path());
    if (!readme)
        return forward(readme);
    return *readme ? Card::parse(owner->id.type(), **readme).facts : CardFacts();
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
        const auto ours = resolver.resolve(RefName::branch(found->baseBranch));
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

Result<bool> Catalog::mayClaim(qint64 userId, const Sha256& content, qint64 nowMs,
                               const PackageFilter& visible) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<bool> {
        const auto claimed = queries::hasClaim(transaction, userId, content, nowMs);
        if (!claimed || *claimed)
            return claimed;
        const auto packages = queries::packagesUsing(transaction, content);
        if (!packages)
            return forward(packages);
        for (const qint64 row : *packages) {
            const auto package = queries::package(transaction, row);
            if (!package && package.error().code() == ErrorCode::PackageNotFound)
                continue;
            if (!package)
                return forward(package);
            if (!visible || visible(*package))
                return true;
        }
        return false;
    });
}

Result<std::vector<ContentUse>> Catalog::contentUses(const Sha256& content, int limit) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return ContentUseFinder(transaction, *m_trees, content, limit).run();
    });
}

store::LiveContents Catalog::liveContents(const Clock& clock) const
{
    return [&clock](db::Transaction& transaction, const std::function<void(const Sha256&)>& live) {
        return queries::forEachLiveContent(transaction, clock.nowMs(), live);
    };
}

} // namespace hublet::catalog
