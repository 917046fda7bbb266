// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/commitrequest.h"
#include "core/db/transaction.h"

/// The statements over single packages. Each runs inside the caller's transaction.
namespace hublet::catalog::queries {

[[nodiscard]] Result<std::optional<Package>> findPackage(db::Transaction& transaction, qint64 repository,
                                                         const PackageId& id);
/// Error: PackageNotFound.
[[nodiscard]] Result<Package> package(db::Transaction& transaction, qint64 row);
[[nodiscard]] Result<std::optional<Package>> movedPackage(db::Transaction& transaction, qint64 repository,
                                                          const PackageId& id);
/// Errors: AlreadyExists, RepositoryNotFound.
[[nodiscard]] Result<Package> insertPackage(db::Transaction& transaction, const NewPackage& package,
                                            qint64 nowMs);
/// A commit of that time came to some ref of the package.
[[nodiscard]] Result<void> touchPackage(db::Transaction& transaction, qint64 row, qint64 commitMs);
/// What lies at main now; `head` null = main is gone.
struct PackageHead {
    GitOid head;
    qint64 totalSize = 0;
    qint64 fileCount = 0;
    CardFacts card;
};
[[nodiscard]] Result<void> setHead(db::Transaction& transaction, qint64 row, const PackageHead& head);

} // namespace hublet::catalog::queries
