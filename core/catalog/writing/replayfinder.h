// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/refqueries.h"

namespace hublet::catalog {

/// A commit that the very same request has made before, whose outcome still stands: its answer was lost, and
/// the client asks again (hub-api 2.5).
struct Replay {
    queries::CommitRow commit;
    QString ref; ///< full name of the ref that the request moved or made
    std::optional<int> pullRequest;
};

/// Lives inside one transaction.
class ReplayFinder {
public:
    /// `target`: the ref that the request names.
    ReplayFinder(db::Transaction& transaction, const CommitRequest& request, const queries::RefRow& target,
                 qint64 nowMs)
        : m_transaction(transaction), m_request(request), m_target(target), m_nowMs(nowMs)
    {
    }

    [[nodiscard]] Result<std::optional<Replay>> find();

private:
    [[nodiscard]] Result<std::optional<Replay>> asPullRequest(const queries::CommitRow& made);
    [[nodiscard]] Result<std::optional<Replay>> asCommit(const queries::CommitRow& made);

    db::Transaction& m_transaction;
    const CommitRequest& m_request;
    const queries::RefRow& m_target;
    const qint64 m_nowMs;
};

} // namespace hublet::catalog
