// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/treemerge.h"

#include "core/catalog/treediff.h"

#include <deque>
#include <unordered_set>

namespace hublet::catalog {

namespace {

StoredEntry withoutName(StoredEntry entry)
{
    entry.name.clear();
    return entry;
}

bool sameFile(const StoredEntry* left, const std::optional<StoredEntry>& right)
{
    if (!left || !right)
        return !left && !right;
    return withoutName(*left) == withoutName(*right);
}

} // namespace

Result<TreeMerge::Plan> TreeMerge::plan(const queries::CommitRow& ours, const queries::CommitRow& theirs)
{
    const auto base = mergeBase(ours, theirs);
    if (!base)
        return forward(base);
    Plan plan;
    std::optional<Error> failure;
    const auto visit = [&](const QByteArray& name, const StoredEntry* before, const StoredEntry* after) {
        auto path = RepoPath::parse(name);
        auto conflict = path ? conflicts(ours.tree, *path, before, after) : Result<bool>(forward(path));
        if (!conflict) {
            failure = conflict.error();
            return false;
        }
        if (*conflict)
            plan.conflicts.push_back(std::move(*path));
        else
            plan.changes.push_back({std::move(*path), after ? std::optional(*after) : std::nullopt});
        return true;
    };
    TreeDiff diff(m_transaction, m_reader);
    if (const auto done = diff.run(*base ? (*base)->tree : 0, theirs.tree, visit); !done)
        return forward(done);
    if (failure)
        return tl::unexpected<Error>(*failure);
    return plan;
}

Result<bool> TreeMerge::conflicts(qint64 ours, const RepoPath& path, const StoredEntry* before,
                                  const StoredEntry* after)
{
    const auto mine = m_reader.findPath(m_transaction, ours, path);
    if (!mine)
        return forward(mine);
    if (!sameFile(before, *mine) && !sameFile(after, *mine))
        return true;
    // A file of ours where theirs has a folder on the way to `path`.
    for (RepoPath folder = path.parent(); after && !folder.isRoot(); folder = folder.parent()) {
        const auto above = m_reader.findPath(m_transaction, ours, folder);
        if (!above)
            return forward(above);
        if (*above && (*above)->isDirectory())
            break;
        if (*above && !before)
            return true;
    }
    return false;
}

Result<std::shared_ptr<const Tree>> TreeMerge::apply(const queries::CommitRow& ours, const Plan& plan)
{
    TreeDraft draft(m_transaction, m_reader, ours.tree);
    // Removed files first: a folder may come where a file was, and the other way round.
    for (const Change& change : plan.changes) {
        if (change.entry)
            continue;
        const auto found = draft.look(change.path);
        if (!found)
            return forward(found);
        if (*found == TreeDraft::Found::Nothing)
            continue;
        if (const auto removed = draft.remove(change.path); !removed)
            return forward(removed);
    }
    for (const Change& change : plan.changes) {
        if (!change.entry)
            continue;
        if (const auto put = draft.put(change.path, *change.entry); !put)
            return forward(put);
    }
    return draft.save();
}

Result<std::optional<queries::CommitRow>> TreeMerge::mergeBase(const queries::CommitRow& ours,
                                                               const queries::CommitRow& theirs)
{
    std::unordered_set<qint64> known{ours.id};
    std::deque<queries::CommitRow> next{ours};
    while (!next.empty()) {
        const auto above = parents(next.front());
        if (!above)
            return forward(above);
        next.pop_front();
        for (const queries::CommitRow& parent : *above) {
            if (known.insert(parent.id).second)
                next.push_back(parent);
        }
    }
    std::unordered_set<qint64> seen{theirs.id};
    next = {theirs};
    while (!next.empty()) {
        if (known.contains(next.front().id))
            return next.front();
        const auto above = parents(next.front());
        if (!above)
            return forward(above);
        next.pop_front();
        for (const queries::CommitRow& parent : *above) {
            if (seen.insert(parent.id).second)
                next.push_back(parent);
        }
    }
    return std::nullopt;
}

Result<std::vector<queries::CommitRow>> TreeMerge::parents(const queries::CommitRow& commit)
{
    std::vector<queries::CommitRow> rows;
    if (commit.firstParent != 0) {
        auto row = queries::commit(m_transaction, commit.firstParent);
        if (!row)
            return forward(row);
        rows.push_back(std::move(*row));
    }
    for (std::size_t i = 1; i < commit.commit.parents.size(); ++i) {
        auto row = queries::commit(m_transaction, commit.package, commit.commit.parents[i]);
        if (!row)
            return forward(row);
        rows.push_back(std::move(*row));
    }
    return rows;
}

} // namespace hublet::catalog
