// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/catalog.h"
#include "core/catalog/commitrequest.h"

/// The statements over repositories and packages. Each runs inside the caller's transaction.
namespace hublet::catalog::queries {

[[nodiscard]] Result<std::vector<Repository>> repositories(db::Transaction& transaction);
/// Error: RepositoryNotFound.
[[nodiscard]] Result<Repository> repository(db::Transaction& transaction, const RepositoryKey& key);
[[nodiscard]] Result<Repository> repository(db::Transaction& transaction, qint64 row);
[[nodiscard]] Result<RepositoryTotals> totals(db::Transaction& transaction, qint64 repository);

[[nodiscard]] Result<std::optional<Package>> findPackage(db::Transaction& transaction, qint64 repository,
                                                         const PackageId& id);
/// Error: PackageNotFound.
[[nodiscard]] Result<Package> package(db::Transaction& transaction, qint64 row);
[[nodiscard]] Result<std::optional<Package>> movedPackage(db::Transaction& transaction, qint64 repository,
                                                          const PackageId& id);
[[nodiscard]] Result<Page<Package>> packages(db::Transaction& transaction, std::optional<qint64> repository,
                                             const PackageQuery& query, const PackageFilter& visible);
/// Calls back for every package of that type, by name.
[[nodiscard]] Result<void> forEachPackage(db::Transaction& transaction, qint64 repository, PackageType type,
                                          const std::function<void(const Package&)>& visit);

[[nodiscard]] Result<Package> insertPackage(db::Transaction& transaction, const NewPackage& package,
                                            qint64 nowMs);
/// The newest commit to any ref of the package was made now.
[[nodiscard]] Result<void> touchPackage(db::Transaction& transaction, qint64 row, qint64 nowMs);
/// What lies at main now; `head` null = main is gone.
struct PackageHead {
    GitOid head;
    qint64 totalSize = 0;
    qint64 fileCount = 0;
    CardFacts card;
};
[[nodiscard]] Result<void> setHead(db::Transaction& transaction, qint64 row, const PackageHead& head);

[[nodiscard]] QString gatingName(Gating gating);

} // namespace hublet::catalog::queries
