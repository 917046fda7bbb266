// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/refqueries.h"
#include "core/catalog/trees/treedraft.h"
#include "core/catalog/writing/commitplan.h"
#include "core/catalog/writing/quotacheck.h"

namespace hublet::catalog {

/// Carries one CommitRequest out inside one write transaction, the ref last.
class CommitMaker {
public:
    CommitMaker(db::Transaction& transaction, const TreeReader& reader, const CommitRequest& request,
                const CommitPlan& plan, HeldTotals& totals, qint64 nowMs)
        : m_transaction(transaction), m_reader(reader), m_request(request), m_plan(plan), m_nowMs(nowMs),
          m_quota(transaction, totals)
    {
    }

    /// `attributes`: staged content of plan.newAttributes. Errors: those of CommitWriter::commit, and Busy
    /// when planIsStale().
    [[nodiscard]] Result<CommitResult> run(const std::optional<store::StagedContent>& attributes);
    /// .gitattributes changed since the plan was made: make another.
    [[nodiscard]] bool planIsStale() const { return m_planIsStale; }
    /// The repository whose HeldTotals have this commit in it, so that they are wrong when it fails after
    /// all.
    [[nodiscard]] std::optional<qint64> countedIn() const { return m_quota.rememberedIn(); }

private:
    [[nodiscard]] Result<void> findPackage();
    [[nodiscard]] Result<void> findTarget();
    [[nodiscard]] Result<std::optional<CommitResult>> findReplay();
    /// Only after findReplay(): the maker of a release may send its commit again without the right to
    /// replace.
    [[nodiscard]] Result<void> checkRelease() const;
    [[nodiscard]] Result<void> findParent();
    [[nodiscard]] Result<void> checkPlan();
    [[nodiscard]] Result<void> apply(const std::optional<store::StagedContent>& attributes);
    [[nodiscard]] Result<void> add(const AddFile& add, bool asLfs);
    [[nodiscard]] Result<void> removeFolder(const RepoPath& path);
    [[nodiscard]] Result<void> copy(const CopyPath& copy);
    [[nodiscard]] Result<void> makePullRequest(const queries::CommitRow& commit);
    [[nodiscard]] Result<void> noteInPullRequest(int number, const queries::CommitRow& commit);
    [[nodiscard]] Result<CommitResult> publish(const queries::CommitRow& commit);
    [[nodiscard]] Result<CommitResult> result(const queries::CommitRow& commit);

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    const CommitRequest& m_request;
    const CommitPlan& m_plan;
    const qint64 m_nowMs;
    QuotaCheck m_quota;
    bool m_planIsStale = false;

    std::optional<Package> m_package;
    bool m_packageCreated = false;
    std::optional<queries::RefRow> m_ref; ///< the target, if it exists
    QString m_target;                     ///< full name of the ref that will point to the commit
    std::optional<int> m_pullRequest;     ///< created
    std::optional<queries::CommitRow> m_parent;
    std::unique_ptr<TreeDraft> m_draft;
};

} // namespace hublet::catalog
