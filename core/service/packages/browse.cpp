// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/browse.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/packageaccess.h"
#include "core/service/packages/filecache.h"
#include "core/service/packages/lfsfileoid.h"
#include "core/store/contentstore.h"
#include "core/store/xetstore.h"

namespace hublet::service {

using access::Action;
using access::Permit;
using access::Principal;

struct Browse::Private {
    const catalog::Catalog& catalog;
    const store::ContentStore& store;
    const access::Policy& policy;
    FileCache files{};

    [[nodiscard]] Result<catalog::Package> packageOf(const Permit& permit, const PackageId& id) const
    {
        Q_ASSERT(covers(permit, Action::Read, id));
        auto located = locate(catalog, permit, id);
        if (!located)
            return forward(located);
        return std::move(located->package);
    }

    [[nodiscard]] Result<std::vector<TreeItem>>
    items(qint64 package, const GitOid& commit, std::vector<catalog::TreeEntry> entries, Detail detail) const;
    /// Asks for all of them at once.
    [[nodiscard]] Result<void> addXetHashes(std::vector<TreeItem>& items) const;
};

namespace {

tl::unexpected<Error> entryNotFound()
{
    return fail(ErrorCode::EntryNotFound, QStringLiteral("Entry not found"));
}

} // namespace

Browse::Browse(const catalog::Catalog& catalog, const store::ContentStore& store,
               const access::Policy& policy)
    : d(new Private{catalog, store, policy})
{
}

Browse::~Browse() = default;

Result<std::vector<catalog::Repository>> Browse::repositories(const Principal& principal) const
{
    auto repositories = d->catalog.repositories();
    if (repositories) {
        std::erase_if(*repositories, [&](const catalog::Repository& repository) {
            return !d->policy.allows(principal, Action::Read, repository.key, QString());
        });
    }
    return repositories;
}

Result<catalog::Repository> Browse::repository(const RepositoryKey& key) const
{
    return d->catalog.repository(key);
}

Result<catalog::Package> Browse::package(const Permit& permit, const PackageId& id) const
{
    return d->packageOf(permit, id);
}

Result<std::optional<PackageId>> Browse::movedTo(const RepositoryKey& repository, const PackageId& id) const
{
    const auto found = d->catalog.repository(repository);
    if (!found)
        return forward(found);
    const auto package = d->catalog.movedTo(found->id, id);
    if (!package)
        return forward(package);
    if (!*package || (*package)->repositoryId != found->id)
        return std::optional<PackageId>();
    return std::optional<PackageId>((*package)->id);
}

Result<catalog::Page<catalog::Package>> Browse::packages(const Principal& principal,
                                                         const RepositoryKey& repository,
                                                         const catalog::PackageQuery& query) const
{
    const auto found = d->catalog.repository(repository);
    if (!found)
        return forward(found);
    return d->catalog.packages(found->id, query, [&](const catalog::Package& package) {
        return mayRead(d->policy, principal, package);
    });
}

Result<std::vector<std::pair<QString, qint64>>>
Browse::namespaces(const Principal& principal, const RepositoryKey& repository, PackageType type) const
{
    const auto found = d->catalog.repository(repository);
    if (!found)
        return forward(found);
    return d->catalog.namespaces(found->id, type, [&](const catalog::Package& package) {
        return mayRead(d->policy, principal, package);
    });
}

Result<catalog::Revision> Browse::revision(const Permit& permit, const PackageId& id,
                                           const QString& revision) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    return d->catalog.resolve(package->rowId, revision);
}

Result<std::pair<catalog::Revision, RepoPath>>
Browse::revisionAndPath(const Permit& permit, const PackageId& id, const QList<QByteArray>& segments) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    auto found = d->catalog.resolvePath(package->rowId, segments);
    if (!found)
        return forward(found);
    if (found->path.isEmpty())
        return std::pair(std::move(found->revision), RepoPath());
    auto path = RepoPath::parse(found->path);
    if (!path)
        return entryNotFound();
    return std::pair(std::move(found->revision), std::move(*path));
}

Result<std::vector<catalog::Ref>> Browse::refs(const Permit& permit, const PackageId& id,
                                               bool withPullRequests) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    return d->catalog.refs(package->rowId, withPullRequests);
}

Result<Browse::CommitPage> Browse::commits(const Permit& permit, const PackageId& id,
                                           const catalog::Revision& from, int limit,
                                           const QByteArray& cursor) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    auto page = d->catalog.commits(package->rowId, from.commit.oid, limit, cursor);
    if (!page)
        return forward(page);
    return CommitPage{std::move(page->commits), page->total, std::move(page->nextCursor)};
}

Result<std::vector<Browse::TreeItem>> Browse::Private::items(qint64 package, const GitOid& commit,
                                                             std::vector<catalog::TreeEntry> entries,
                                                             Detail detail) const
{
    std::vector<std::optional<catalog::LastCommit>> lastCommits(entries.size());
    if (detail.lastCommit) {
        std::vector<RepoPath> paths;
        paths.reserve(entries.size());
        for (const catalog::TreeEntry& entry : entries)
            paths.push_back(entry.path);
        auto found = catalog.lastCommits(package, commit, paths);
        if (!found)
            return forward(found);
        lastCommits = std::move(*found);
    }
    std::vector<TreeItem> items;
    items.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        items.push_back({std::move(entries[i]), std::move(lastCommits[i])});
    if (detail.xetHash) {
        if (const auto added = addXetHashes(items); !added)
            return forward(added);
    }
    return items;
}

Result<void> Browse::Private::addXetHashes(std::vector<TreeItem>& items) const
{
    std::vector<Sha256> contents;
    for (const TreeItem& item : items) {
        if (item.entry.lfs)
            contents.push_back(item.entry.content);
    }
    const auto hashes = store.xet().filesOf(contents);
    if (!hashes)
        return forward(hashes);
    auto next = hashes->begin();
    for (TreeItem& item : items) {
        if (item.entry.lfs)
            item.xetHash = *next++;
    }
    return {};
}

Result<catalog::Page<Browse::TreeItem>> Browse::tree(const Permit& permit, const PackageId& id,
                                                     const catalog::Revision& revision,
                                                     const TreeRequest& request) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    auto page = d->catalog.tree(package->rowId, revision.commit.oid,
                                {request.folder, request.recursive, request.limit, request.cursor});
    if (!page)
        return forward(page);
    auto items = d->items(package->rowId, revision.commit.oid, std::move(page->items), request.detail);
    if (!items)
        return forward(items);
    return catalog::Page<TreeItem>{std::move(*items), std::move(page->nextCursor)};
}

Result<std::vector<Browse::TreeItem>> Browse::paths(const Permit& permit, const PackageId& id,
                                                    const catalog::Revision& revision,
                                                    const std::vector<RepoPath>& paths, Detail detail) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    auto entries = d->catalog.entries(package->rowId, revision.commit.oid, paths);
    if (!entries)
        return forward(entries);
    return d->items(package->rowId, revision.commit.oid, std::move(*entries), detail);
}

Result<catalog::CardFacts> Browse::card(const Permit& permit, const PackageId& id,
                                        const catalog::Revision& revision) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    return d->catalog.card(package->rowId, revision.commit.oid);
}

Result<void> Browse::forEachFile(const Permit& permit, const PackageId& id, const catalog::Revision& revision,
                                 const std::function<void(const catalog::TreeEntry&)>& visit) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    return d->catalog.forEachFile(package->rowId, revision.commit.oid, RepoPath(),
                                  [&](const catalog::TreeEntry& entry) {
                                      visit(entry);
                                      return true;
                                  });
}

Result<std::shared_ptr<const Browse::FileAnswer>> Browse::file(const Permit& permit, const PackageId& id,
                                                               const QList<QByteArray>& segments,
                                                               QByteArray* shaOnMiss) const
{
    Q_ASSERT(covers(permit, Action::Read, id));
    const quint64 generation =
        d->catalog.generation(); // before any read, so that the answer is not older than it says
    const QByteArray key = FileCache::key(permit.repository(), id, segments);
    std::shared_ptr<const FileAnswer> answer = d->files.find(key, generation);
    if (!answer) {
        auto found = findFile(permit, id, segments, shaOnMiss);
        if (!found)
            return forward(found);
        answer = std::move(*found);
        d->files.put(key, generation, answer);
    }
    // Who asks is never part of the cached answer.
    if (!maySee(permit.principal(), *answer->package))
        return packageNotFound();
    return answer;
}

std::shared_ptr<const Browse::FileAnswer> Browse::cachedFile(const Permit& permit, const PackageId& id,
                                                             const QList<QByteArray>& segments) const
{
    Q_ASSERT(covers(permit, Action::Read, id));
    auto answer = d->files.find(FileCache::key(permit.repository(), id, segments), d->catalog.generation());
    if (!answer || answer->gated || !maySee(permit.principal(), *answer->package))
        return nullptr;
    return answer;
}

Result<std::shared_ptr<const Browse::FileAnswer>> Browse::findFile(const Permit& permit, const PackageId& id,
                                                                   const QList<QByteArray>& segments,
                                                                   QByteArray* shaOnMiss) const
{
    auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    if (const auto enabled = checkEnabled(*package); !enabled)
        return forward(enabled);
    auto located = d->catalog.resolvePath(package->rowId, segments);
    if (!located)
        return forward(located);
    const auto miss = [&] {
        if (shaOnMiss)
            *shaOnMiss = located->revision.sha;
        return entryNotFound();
    };
    const auto path = RepoPath::parse(located->path);
    if (!path)
        return miss();
    auto entry = d->catalog.entry(package->rowId, located->revision.commit.oid, *path);
    if (entry ? entry->kind == catalog::TreeEntry::Kind::Directory
              : entry.error().code() == ErrorCode::EntryNotFound)
        return miss();
    if (!entry)
        return forward(entry);
    std::optional<XetHash> xetHash;
    if (entry->lfs) {
        const auto hash = d->store.xet().fileOf(entry->content);
        if (!hash)
            return forward(hash);
        xetHash = *hash;
    }
    const bool gated = package->gating != catalog::Gating::Open;
    return std::make_shared<const FileAnswer>(
        FileAnswer{std::move(located->revision), std::move(*entry), gated,
                   std::make_shared<const catalog::Package>(std::move(*package)), xetHash});
}

Result<store::Content> Browse::content(const catalog::TreeEntry& entry) const
{
    return d->store.open(entry.content);
}

Result<QByteArray> Browse::readFile(const Permit& permit, const PackageId& id,
                                    const catalog::Revision& revision, const RepoPath& path,
                                    qint64 limit) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    if (const auto enabled = checkEnabled(*package); !enabled)
        return forward(enabled);
    if (const auto open = checkGate(permit, *package); !open)
        return forward(open);
    const auto entry = d->catalog.entry(package->rowId, revision.commit.oid, path);
    if (!entry)
        return forward(entry);
    if (entry->kind == catalog::TreeEntry::Kind::Directory)
        return entryNotFound();
    return d->store.readAll(entry->content, limit);
}

Result<void> Browse::checkGate(const Permit& permit, const catalog::Package& package) const
{
    return service::checkGate(d->policy, permit.principal(), package);
}

Result<catalog::Page<Browse::LfsFile>> Browse::lfsFiles(const Permit& permit, const PackageId& id, int limit,
                                                        const QByteArray& cursor) const
{
    const auto package = d->packageOf(permit, id);
    if (!package)
        return forward(package);
    auto page = d->catalog.lfsFiles(package->rowId, limit, cursor);
    if (!page)
        return forward(page);
    catalog::Page<LfsFile> files{{}, std::move(page->nextCursor)};
    files.items.reserve(page->items.size());
    for (const catalog::LfsFile& file : page->items) {
        files.items.push_back({lfsFileOid(file.content, file.path), file.path.text(), file.content, file.size,
                               file.pushedMs, file.ref.name});
    }
    return files;
}

} // namespace hublet::service
