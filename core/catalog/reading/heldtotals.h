// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/db/transaction.h"

#include <map>
#include <mutex>

namespace hublet::catalog {

/// What repositories hold, kept from one write to the next, so that a quota is exact inside a write
/// transaction without looking at every content again. Writes run one after another, each after the one
/// before has ended; whatever changes what a repository holds either says by how much or has it forgotten.
/// Thread-safe.
class HeldTotals {
public:
    /// Bytes that the repository holds with what this transaction added, `added` more than before it. Adds
    /// all up, which takes a second for a million contents, when nothing is known of the time before.
    [[nodiscard]] Result<qint64> after(db::Transaction& transaction, qint64 repository, qint64 added) const;
    /// The transaction under way leaves it so. When it fails after this, forget() must follow, before the next
    /// write where that can be.
    void remember(qint64 repository, qint64 bytes);
    void forget(qint64 repository);

private:
    mutable std::mutex m_mutex;
    std::map<qint64, qint64> m_bytes; ///< by repository
};

} // namespace hublet::catalog
