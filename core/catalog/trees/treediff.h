// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/trees/treereader.h"

namespace hublet::catalog {

/// Compares stored trees file by file, without looking at pages and folders that both share. Errors:
/// Database, Corrupt.
class TreeDiff {
public:
    TreeDiff(db::Transaction& transaction, const TreeReader& reader)
        : m_transaction(transaction), m_reader(reader)
    {
    }

    /// `before` or `after` is null for a file that was added or removed. False stops the comparison.
    using Visitor =
        std::function<bool(const QByteArray& path, const StoredEntry* before, const StoredEntry* after)>;
    /// Visits the files that differ, in git's order. Rows of trees; 0 = no tree.
    [[nodiscard]] Result<void> run(qint64 before, qint64 after, const Visitor& visit);

private:
    [[nodiscard]] Result<bool> compareTrees(qint64 before, qint64 after, const QByteArray& prefix,
                                            const Visitor& visit);
    [[nodiscard]] Result<bool> compareEntries(const StoredEntry* before, const StoredEntry* after,
                                              const QByteArray& prefix, const Visitor& visit);

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
};

} // namespace hublet::catalog
