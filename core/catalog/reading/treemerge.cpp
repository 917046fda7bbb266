// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/treemerge.h"

#include "core/catalog/reading/mergebase.h"
#include "core/catalog/trees/treediff.h"

namespace hublet::catalog {

namespace {

/// Null = no file.
bool sameFile(const StoredEntry* left, const StoredEntry* right)
{
    return left && right ? *left == *right : left == right;
}

} // namespace

Result<TreeMerge::Plan> TreeMerge::plan(const queries::CommitRow& ours, const queries::CommitRow& theirs)
{
    const auto base = mergeBase(m_transaction, ours.id, theirs.id);
    if (!base)
        return forward(base);
    qint64 baseTree = 0;
    if (*base) {
        const auto row = queries::commit(m_transaction, **base);
        if (!row)
            return forward(row);
        baseTree = row->tree;
    }
    Plan plan;
    std::optional<Error> failure;
    const auto visit = [&](const QByteArray& name, const StoredEntry* before, const StoredEntry* after) {
        auto path = RepoPath::parse(name);
        const auto verdict =
            path ? judge(baseTree, ours.tree, *path, before, after) : Result<Verdict>(forward(path));
        if (!verdict) {
            failure = verdict.error();
            return false;
        }
        if (*verdict == Verdict::Conflict)
            plan.conflicts.push_back(std::move(*path));
        else if (*verdict == Verdict::Take)
            plan.changes.push_back({std::move(*path), after ? std::optional(*after) : std::nullopt});
        return true;
    };
    if (const auto done = TreeDiff(m_transaction, m_reader).run(baseTree, theirs.tree, visit); !done)
        return forward(done);
    if (failure)
        return tl::unexpected<Error>(*failure);
    return plan;
}

Result<TreeMerge::Verdict> TreeMerge::judge(qint64 base, qint64 ours, const RepoPath& path,
                                            const StoredEntry* before, const StoredEntry* after)
{
    const auto found = find(ours, path);
    if (!found)
        return forward(found);
    const bool isFolder = *found && (*found)->isDirectory();
    const StoredEntry* const mine = *found && !isFolder ? &**found : nullptr;
    if (sameFile(after, mine))
        return Verdict::Keep;
    if (!sameFile(before, mine))
        return Verdict::Conflict;
    if (!after || before)
        return Verdict::Take;
    if (!isFolder)
        return judgeWay(base, ours, path);
    // They put a file where they removed a folder: fine if we did not touch that folder.
    const auto former = find(base, path);
    if (!former)
        return forward(former);
    return *former == *found ? Verdict::Take : Verdict::Conflict;
}

/// They added a file: is a file of ours where it needs a folder, other than one that they removed?
Result<TreeMerge::Verdict> TreeMerge::judgeWay(qint64 base, qint64 ours, const RepoPath& path)
{
    for (RepoPath folder = path.parent(); !folder.isRoot(); folder = folder.parent()) {
        const auto above = find(ours, folder);
        if (!above)
            return forward(above);
        if (!*above)
            continue;
        if ((*above)->isDirectory())
            return Verdict::Take;
        const auto former = find(base, folder);
        if (!former)
            return forward(former);
        return *former == *above ? Verdict::Take : Verdict::Conflict;
    }
    return Verdict::Take;
}

Result<std::optional<StoredEntry>> TreeMerge::find(qint64 tree, const RepoPath& path)
{
    if (tree == 0)
        return std::nullopt;
    return m_reader.findPath(m_transaction, tree, path);
}

Result<std::shared_ptr<const Tree>> TreeMerge::apply(const queries::CommitRow& ours, const Plan& plan)
{
    TreeDraft draft(m_transaction, m_reader, ours.tree);
    // Removed files first: a folder may come where a file was, and the other way round.
    for (const Change& change : plan.changes) {
        if (change.entry)
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

} // namespace hublet::catalog
