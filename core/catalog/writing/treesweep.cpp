// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/treesweep.h"

#include "core/catalog/reading/catalog.h"
#include "core/catalog/trees/tree.h"
#include "core/catalog/trees/treepage.h"
#include "core/db/statements.h"

#include <unordered_set>
#include <vector>

namespace hublet::catalog {

namespace {

/// Rows deleted in one transaction, so that commits wait for some milliseconds only.
constexpr std::size_t BatchRows = 500;

qint64 firstInteger(const db::Query& query)
{
    return query.integer(0);
}

/// Everything that commits reach. Knows which commits it has seen, so that it can be brought up to date
/// later.
class Mark {
public:
    std::unordered_set<qint64> trees;
    std::unordered_set<qint64> pages;

    /// Adds what the commits since the last call reach.
    [[nodiscard]] Result<void> update(db::Transaction& transaction, const CancelToken& cancel)
    {
        const auto commits = selectAll(
            transaction, u"SELECT id, tree FROM commit_object WHERE id > ? ORDER BY id",
            [](const db::Query& query) { return std::pair(query.integer(0), query.integer(1)); },
            m_lastCommit);
        if (!commits)
            return forward(commits);
        std::vector<qint64> open;
        for (const auto& [commit, tree] : *commits) {
            m_lastCommit = commit;
            open.push_back(tree);
        }
        while (!open.empty()) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("The sweep of trees was cancelled"));
            const qint64 tree = open.back();
            open.pop_back();
            if (!trees.insert(tree).second)
                continue;
            if (const auto read = readTree(transaction, tree, open); !read)
                return read;
        }
        return {};
    }

private:
    [[nodiscard]] Result<void> readTree(db::Transaction& transaction, qint64 tree,
                                        std::vector<qint64>& subtrees)
    {
        const auto list = selectOne(
            transaction, u"SELECT pages FROM tree WHERE id = ?",
            [](const db::Query& query) { return query.bytes(0); }, tree);
        if (!list)
            return forward(list);
        const auto refs = decodePageRefs(list->value_or(QByteArray()));
        if (!refs)
            return forward(refs);
        for (const PageRef& ref : *refs) {
            if (!pages.insert(ref.page).second)
                continue;
            const auto encoded = selectOne(
                transaction, u"SELECT git, facts FROM tree_page WHERE id = ?",
                [](const db::Query& query) {
                    return EncodedPage{query.bytes(0), query.bytes(1)};
                },
                ref.page);
            if (!encoded)
                return forward(encoded);
            const auto entries = decodePage(encoded->value_or(EncodedPage()));
            if (!entries)
                return forward(entries);
            for (const StoredEntry& entry : *entries) {
                if (entry.isDirectory())
                    subtrees.push_back(entry.tree);
            }
        }
        return {};
    }

    qint64 m_lastCommit = 0;
};

[[nodiscard]] Result<std::vector<qint64>> unmarked(db::Transaction& transaction, QStringView sql,
                                                   const std::unordered_set<qint64>& marked)
{
    auto rows = selectAll(transaction, sql, firstInteger);
    if (rows)
        std::erase_if(*rows, [&](qint64 row) { return marked.contains(row); });
    return rows;
}

} // namespace

Result<TreeSweep::Report> TreeSweep::run(const ProgressFunction& progress, const CancelToken& cancel)
{
    Mark mark;
    std::vector<qint64> trees;
    std::vector<qint64> pages;
    const auto marked = m_catalog.read([&](db::Transaction& transaction) -> Result<void> {
        if (const auto updated = mark.update(transaction, cancel); !updated)
            return updated;
        auto deadTrees = unmarked(transaction, u"SELECT id FROM tree ORDER BY id", mark.trees);
        if (!deadTrees)
            return forward(deadTrees);
        auto deadPages = unmarked(transaction, u"SELECT id FROM tree_page ORDER BY id", mark.pages);
        if (!deadPages)
            return forward(deadPages);
        trees = std::move(*deadTrees);
        pages = std::move(*deadPages);
        return {};
    });
    if (!marked)
        return forward(marked);

    Report report;
    // A tree found dead may have been committed again since: each batch looks before it deletes.
    const auto deleteBatch = [&](QStringView sql, std::vector<qint64>& dead,
                                 const std::unordered_set<qint64>& alive) -> Result<qint64> {
        return m_catalog.write([&](db::Transaction& transaction) -> Result<qint64> {
            if (const auto updated = mark.update(transaction, cancel); !updated)
                return forward(updated);
            qint64 deleted = 0;
            for (std::size_t i = 0; i < BatchRows && !dead.empty(); ++i) {
                const qint64 row = dead.back();
                dead.pop_back();
                if (alive.contains(row))
                    continue;
                const auto done = change(transaction, sql, row);
                if (!done)
                    return done;
                deleted += *done;
            }
            return deleted;
        });
    };
    const qint64 total = qint64(trees.size());
    while (!trees.empty()) {
        const auto deleted = deleteBatch(u"DELETE FROM tree WHERE id = ?", trees, mark.trees);
        if (!deleted)
            return forward(deleted);
        report.trees += *deleted;
        if (progress)
            progress(total - qint64(trees.size()), total);
    }
    while (!pages.empty()) {
        const auto deleted = deleteBatch(u"DELETE FROM tree_page WHERE id = ?", pages, mark.pages);
        if (!deleted)
            return forward(deleted);
        report.pages += *deleted;
    }
    const auto texts = m_catalog.write([](db::Transaction& transaction) {
        return execute(transaction, u"DELETE FROM small_text WHERE NOT EXISTS "
                                    "(SELECT 1 FROM package_content c WHERE c.sha256 = small_text.sha256)");
    });
    if (!texts)
        return forward(texts);
    return report;
}

} // namespace hublet::catalog
