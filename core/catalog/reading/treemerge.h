// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/trees/treedraft.h"

namespace hublet::catalog {

/// Three-way merge of commits, file by file: a file that only one side changed takes that side, one that both
/// changed alike stays, everything else is a conflict. Contents are never merged. Lives inside one
/// transaction.
class TreeMerge {
public:
    TreeMerge(db::Transaction& transaction, const TreeReader& reader)
        : m_transaction(transaction), m_reader(reader)
    {
    }

    struct Change {
        RepoPath path;
        std::optional<StoredEntry> entry; ///< absent: removed
    };
    struct Plan {
        std::vector<Change> changes; ///< to be made to `ours`
        std::vector<RepoPath> conflicts;
    };
    /// What `theirs` changed since the newest commit that both come from.
    [[nodiscard]] Result<Plan> plan(const queries::CommitRow& ours, const queries::CommitRow& theirs);
    /// Tree of `ours` with a plan without conflicts carried out. Needs a write transaction.
    [[nodiscard]] Result<std::shared_ptr<const Tree>> apply(const queries::CommitRow& ours, const Plan& plan);

private:
    enum class Verdict {
        Take, ///< their change
        Keep, ///< ours is like theirs already
        Conflict,
    };
    /// `before` and `after`: the file at `path` in the base and in theirs. Rows of trees; 0 = no tree.
    [[nodiscard]] Result<Verdict> judge(qint64 base, qint64 ours, const RepoPath& path,
                                        const StoredEntry* before, const StoredEntry* after);
    [[nodiscard]] Result<Verdict> judgeWay(qint64 base, qint64 ours, const RepoPath& path);
    [[nodiscard]] Result<std::optional<StoredEntry>> find(qint64 tree, const RepoPath& path);

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
};

} // namespace hublet::catalog
