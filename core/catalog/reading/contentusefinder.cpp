// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/contentusefinder.h"

#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/tables/refqueries.h"

#include <algorithm>
#include <unordered_set>

namespace hublet::catalog {

Result<std::vector<ContentUse>> ContentUseFinder::run()
{
    const auto packages = queries::packagesUsing(m_transaction, m_content);
    if (!packages)
        return forward(packages);
    for (const qint64 row : *packages) {
        if (int(m_uses.size()) >= m_limit)
            break;
        if (const auto searched = searchPackage(row); !searched)
            return forward(searched);
    }
    return std::move(m_uses);
}

/// The first ref that holds the content stands for all; without one, the newest commit that does.
Result<void> ContentUseFinder::searchPackage(qint64 row)
{
    const auto package = queries::package(m_transaction, row);
    if (!package)
        return package.error().code() == ErrorCode::PackageNotFound ? Result<void>() : forward(package);
    std::unordered_set<qint64> searched; // trees
    const auto search = [&](const QString& revision, qint64 commit) -> Result<bool> {
        const auto head = queries::commit(m_transaction, commit);
        if (!head)
            return forward(head);
        if (!searched.insert(head->tree).second)
            return false;
        const QString name = revision.isEmpty() ? QString::fromLatin1(head->commit.oid.toHex()) : revision;
        return searchTree(*package, name, head->tree);
    };
    const auto refs = queries::refs(m_transaction, row);
    if (!refs)
        return forward(refs);
    for (const queries::RefRow& ref : *refs) {
        const auto found = search(ref.ref.name, ref.commit);
        if (!found || *found)
            return found ? Result<void>() : forward(found);
    }
    auto commits = queries::commitRows(m_transaction, row);
    if (!commits)
        return forward(commits);
    for (auto commit = commits->rbegin(); commit != commits->rend(); ++commit) {
        const auto found = search({}, *commit);
        if (!found || *found)
            return found ? Result<void>() : forward(found);
    }
    return {};
}

Result<bool> ContentUseFinder::searchTree(const Package& package, const QString& revision, qint64 tree)
{
    const std::size_t before = m_uses.size();
    const auto walked =
        m_reader.walk(m_transaction, tree, true, {}, [&](const QByteArray& name, const StoredEntry& entry) {
            if (entry.isDirectory() || entry.content != m_content)
                return true;
            if (const auto path = RepoPath::parse(name))
                m_uses.push_back({package, revision, *path});
            return int(m_uses.size()) < m_limit;
        });
    if (!walked)
        return forward(walked);
    return m_uses.size() > before;
}

} // namespace hublet::catalog
