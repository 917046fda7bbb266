// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/catalog/reading/heldtotals.h"

namespace hublet::catalog {

/// Keeps one commit within the quota of its repository. It lives inside the write transaction, where commits
/// that came in side by side are made one after another. Costs nothing worth naming without a quota.
class QuotaCheck {
public:
    QuotaCheck(db::Transaction& transaction, HeldTotals& totals)
        : m_transaction(transaction), m_totals(totals)
    {
    }

    /// Call once, before the others.
    [[nodiscard]] Result<void> begin(qint64 repository);
    /// The commit is about to use this content. Call before the use is stored.
    [[nodiscard]] Result<void> count(const Sha256& content, qint64 bytes);
    /// All uses are stored. Error: QuotaExceeded, when the repository came to hold more than it may. One that
    /// held more before still takes what adds nothing.
    [[nodiscard]] Result<void> finish();
    /// The repository whose total finish() changed.
    [[nodiscard]] std::optional<qint64> rememberedIn() const { return m_rememberedIn; }

private:
    db::Transaction& m_transaction;
    HeldTotals& m_totals;
    qint64 m_repository = 0;
    qint64 m_quotaBytes = 0; ///< 0: none
    qint64 m_addedBytes = 0;
    std::optional<qint64> m_rememberedIn;
};

} // namespace hublet::catalog
