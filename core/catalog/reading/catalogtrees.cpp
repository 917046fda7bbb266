// SPDX-License-Identifier: Apache-2.0
// What Catalog tells of trees and the files in them.
#include "core/catalog/formats/card.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/reading/lastcommitfinder.h"
#include "core/catalog/reading/lfslisting.h"
#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/trees/treediff.h"
#include "core/catalog/trees/treereader.h"

namespace hublet::catalog {

namespace {

tl::unexpected<Error> noEntry(const RepoPath& path)
{
    return fail(ErrorCode::EntryNotFound, QStringLiteral("Entry not found: %1").arg(path.text()));
}

/// What lies at a path of a commit, if anything. Error: RevisionNotFound.
Result<std::optional<StoredEntry>> findEntry(db::Transaction& transaction, const TreeReader& reader,
                                             qint64 package, const GitOid& commit, const RepoPath& path)
{
    const auto row = queries::commit(transaction, package, commit);
    if (!row)
        return forward(row);
    return reader.findPath(transaction, row->tree, path);
}

/// Row of the tree of a folder of a commit. Errors: RevisionNotFound, EntryNotFound.
Result<qint64> folderTree(db::Transaction& transaction, const TreeReader& reader, qint64 package,
                          const GitOid& commit, const RepoPath& folder)
{
    const auto entry = findEntry(transaction, reader, package, commit, folder);
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

Result<TreeEntry> Catalog::entry(qint64 package, const GitOid& commit, const RepoPath& path) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<TreeEntry> {
        const auto entry = findEntry(transaction, *m_trees, package, commit, path);
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
        return m_lastCommits->find(transaction, *row, paths);
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
        const auto entry = findEntry(transaction, *m_trees, package, commit, path);
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

} // namespace hublet::catalog
