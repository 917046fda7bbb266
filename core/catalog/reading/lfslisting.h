// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/listings.h"
#include "core/catalog/tables/refqueries.h"
#include "core/catalog/trees/treereader.h"

#include <QSet>

#include <utility>

namespace hublet::catalog {

/// The LFS files at the heads of all refs of a package, page by page. The tree of the first ref is listed
/// whole, of the others only what differs from it. Lives inside one read transaction.
class LfsListing {
public:
    LfsListing(db::Transaction& transaction, const TreeReader& reader, qint64 package)
        : m_transaction(transaction), m_reader(reader), m_package(package)
    {
    }

    [[nodiscard]] Result<Page<LfsFile>> page(int limit, const QByteArray& cursor);

private:
    /// False when the page is full.
    [[nodiscard]] bool take(const QByteArray& path, const StoredEntry& entry, const Ref& ref);
    [[nodiscard]] Result<void> listFirst(const queries::RefRow& ref, const QByteArray& after);
    [[nodiscard]] Result<void> listOther(const queries::RefRow& ref, qint64 firstTree,
                                         const QByteArray& after, bool onlyRemember);
    [[nodiscard]] Result<void> addTimes();

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    const qint64 m_package;
    int m_limit = 0;
    bool m_full = false;
    QSet<std::pair<QByteArray, Sha256>> m_seen; ///< what earlier refs, the first excepted, have given
    Page<LfsFile> m_page;
};

} // namespace hublet::catalog
