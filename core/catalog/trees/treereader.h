// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/catalog/trees/tree.h"
#include "core/catalog/trees/treepage.h"
#include "core/db/transaction.h"

#include <QCache>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace hublet::catalog {

/// Loads trees and pages, with bounded caches in memory: rows of both never change, so the caches are never
/// wrong. Thread-safe. Errors of all functions: Database, Corrupt.
class TreeReader {
public:
    TreeReader();

    [[nodiscard]] Result<std::shared_ptr<const Tree>> tree(db::Transaction& transaction, qint64 row) const;
    [[nodiscard]] Result<std::shared_ptr<const TreePage>> page(db::Transaction& transaction,
                                                               qint64 row) const;

    /// The entry of that name, file or directory.
    [[nodiscard]] Result<std::optional<StoredEntry>> find(db::Transaction& transaction, qint64 tree,
                                                          const QByteArray& name) const;
    /// The entry at a path; the root is an entry without a name.
    [[nodiscard]] Result<std::optional<StoredEntry>> findPath(db::Transaction& transaction, qint64 tree,
                                                              const RepoPath& path) const;

    /// `path`: of the entry, below the folder where the walk began. False stops the walk.
    using Visitor = std::function<bool(const QByteArray& path, const StoredEntry& entry)>;
    /// Visits the entries of a tree in git's order, with `recursive` each directory before what is in it,
    /// beginning behind the position `after` (positionOf() of an entry; empty = the beginning).
    [[nodiscard]] Result<void> walk(db::Transaction& transaction, qint64 tree, bool recursive,
                                    const QByteArray& after, const Visitor& visit) const;
    [[nodiscard]] static QByteArray positionOf(const QByteArray& path, const StoredEntry& entry);

private:
    [[nodiscard]] Result<std::optional<StoredEntry>> findKey(db::Transaction& transaction, const Tree& tree,
                                                             const QByteArray& key) const;
    [[nodiscard]] Result<bool> walkInto(db::Transaction& transaction, qint64 row, bool recursive,
                                        const QByteArray& prefix, QByteArrayView after,
                                        const Visitor& visit) const;

    /// Bounds of the caches, in pages listed and entries held: some 20 MB each at most.
    static constexpr int MaxCachedPageRefs = 100'000;
    static constexpr int MaxCachedEntries = 64'000;

    mutable std::mutex m_mutex; ///< protects the caches
    mutable QCache<qint64, std::shared_ptr<const Tree>> m_trees;
    mutable QCache<qint64, std::shared_ptr<const TreePage>> m_pages;
};

} // namespace hublet::catalog
