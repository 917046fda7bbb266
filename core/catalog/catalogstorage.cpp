// SPDX-License-Identifier: Apache-2.0
// What Catalog tells of how contents are stored.
#include "core/catalog/catalog.h"
#include "core/catalog/contentusequeries.h"
#include "core/catalog/storageusequeries.h"

namespace hublet::catalog {

Result<StorageUse> Catalog::storageUse(const StorageScope& scope) const
{
    return m_database.read(
        [&](db::Transaction& transaction) { return queries::storageUse(transaction, scope); });
}

Result<OtherForm> Catalog::countInOtherForm(qint64 repository, bool asSegments) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return queries::countInOtherForm(transaction, repository, asSegments);
    });
}

Result<std::vector<Sha256>> Catalog::listInOtherForm(qint64 repository, bool asSegments, const Sha256& after,
                                                     int limit) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return queries::listInOtherForm(transaction, repository, asSegments, after, limit);
    });
}

} // namespace hublet::catalog
