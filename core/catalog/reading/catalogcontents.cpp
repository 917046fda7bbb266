// SPDX-License-Identifier: Apache-2.0
// What Catalog tells of contents: who uses them, and how they are stored.
#include "core/catalog/reading/catalog.h"
#include "core/catalog/reading/contentusefinder.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/tables/storageusequeries.h"
#include "core/catalog/trees/treereader.h"

namespace hublet::catalog {

Result<bool> Catalog::mayClaim(const Claimant& claimant, const Sha256& content, qint64 nowMs,
                               const PackageFilter& visible) const
{
    return m_database.read([&](db::Transaction& transaction) -> Result<bool> {
        const auto claimed = queries::hasClaim(transaction, claimant, content, nowMs);
        if (!claimed || *claimed)
            return claimed;
        const auto packages = queries::packagesUsing(transaction, content);
        if (!packages)
            return forward(packages);
        for (const qint64 row : *packages) {
            const auto package = queries::package(transaction, row);
            if (!package && package.error().code() == ErrorCode::PackageNotFound)
                continue;
            if (!package)
                return forward(package);
            if (!visible || visible(*package))
                return true;
        }
        return false;
    });
}

Result<std::vector<ContentUse>> Catalog::contentUses(const Sha256& content, int limit) const
{
    return m_database.read([&](db::Transaction& transaction) {
        return ContentUseFinder(transaction, *m_trees, content, limit).run();
    });
}

store::LiveContents Catalog::liveContents(const Clock& clock) const
{
    return [&clock](db::Transaction& transaction, const std::function<void(const Sha256&)>& live) {
        return queries::forEachLiveContent(transaction, clock.nowMs(), live);
    };
}

Result<qint64> Catalog::heldBytes(qint64 repository) const
{
    const quint64 asOf = generation();
    {
        const std::lock_guard lock(m_heldMutex);
        if (const auto known = m_held.find(repository);
            known != m_held.end() && known->second.generation == asOf)
            return known->second.bytes;
    }
    const auto bytes = m_database.read(
        [&](db::Transaction& transaction) { return queries::heldBytes(transaction, repository); });
    if (bytes) {
        const std::lock_guard lock(m_heldMutex);
        m_held[repository] = {asOf, *bytes};
    }
    return bytes;
}

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
