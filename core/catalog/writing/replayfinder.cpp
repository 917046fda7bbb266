// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/replayfinder.h"

#include "core/catalog/model/refname.h"

namespace hublet::catalog {

namespace {

/// A replay with parentCommit is looked for so many commits below the head.
constexpr int MaxDepth = 1000;
/// A request that made a pull request counts as a replay for so long; later somebody means it.
constexpr qint64 PullRequestWindowMs = 15LL * 60 * 1000;

} // namespace

Result<std::optional<Replay>> ReplayFinder::find()
{
    if (!m_request.requestDigest)
        return std::nullopt;
    const auto candidates =
        queries::commitsByRequest(m_transaction, m_target.package, *m_request.requestDigest);
    if (!candidates)
        return forward(candidates);
    for (const queries::CommitRow& made : *candidates) {
        auto replay = m_request.createPullRequest ? asPullRequest(made) : asCommit(made);
        if (!replay || *replay)
            return replay;
    }
    return std::nullopt;
}

Result<std::optional<Replay>> ReplayFinder::asPullRequest(const queries::CommitRow& made)
{
    if (made.commit.timeMs < m_nowMs - PullRequestWindowMs)
        return std::nullopt;
    const auto refs = queries::refs(m_transaction, m_target.package);
    if (!refs)
        return forward(refs);
    for (const queries::RefRow& row : *refs) {
        const auto name = RefName::parse(row.ref.fullName);
        if (row.commit == made.id && name && name->space == RefName::Space::PullRequests)
            return Replay{made, row.ref.fullName, name->shortName.toInt()};
    }
    return std::nullopt;
}

Result<std::optional<Replay>> ReplayFinder::asCommit(const queries::CommitRow& made)
{
    const Replay replay{made, m_target.ref.fullName, std::nullopt};
    if (m_target.commit == made.id)
        return replay;
    // With the same parentCommit the request could succeed only once: others have committed on top since.
    const QByteArray parent = m_request.parentCommit.toLower();
    if (parent.isEmpty() || made.commit.parents.empty() ||
        !made.commit.parents.front().toHex().startsWith(parent))
        return std::nullopt;
    qint64 below = m_target.commit;
    for (int depth = 0; below != 0 && depth < MaxDepth; ++depth) {
        if (below == made.id)
            return replay;
        const auto row = queries::commit(m_transaction, below);
        if (!row)
            return forward(row);
        below = row->firstParent;
    }
    return std::nullopt;
}

} // namespace hublet::catalog
