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

/// Loads trees and pages, with bounded caches in memory. Once committed, rows of both never change and their
/// ids never come again, so what a read has seen is remembered for all. What a write sees may be its own
/// rows, and when it is rolled back SQLite gives their ids to other rows: that is remembered for this one
/// write only. Thread-safe. Errors of all functions: Database, Corrupt.
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

    /// Bounds of each cache, in pages listed and entries held: some 20 MB each at most.
    static constexpr int MaxCachedPageRefs = 100'000;
    static constexpr int MaxCachedEntries = 64'000;

    /// Values by row.
    template <typename T>
    struct RowCache {
        explicit RowCache(int bound) : committed(bound), ofWrite(bound) {}
        QCache<qint64, std::shared_ptr<const T>> committed;
        QCache<qint64, std::shared_ptr<const T>> ofWrite; ///< what the write m_write has seen
    };
    template <typename T>
    [[nodiscard]] std::shared_ptr<const T> cached(RowCache<T>& cache, const db::Transaction& transaction,
                                                  qint64 row) const;
    template <typename T>
    void remember(RowCache<T>& cache, const db::Transaction& transaction, qint64 row,
                  const std::shared_ptr<const T>& value, int cost) const;
    void forgetOtherWrites(const db::Transaction& transaction) const;

    mutable std::mutex m_mutex; ///< protects what follows
    mutable RowCache<Tree> m_trees;
    mutable RowCache<TreePage> m_pages;
    mutable quint64 m_write = 0; ///< db::Transaction::writeSerial()
};

} // namespace hublet::catalog
