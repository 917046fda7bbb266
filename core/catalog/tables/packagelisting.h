// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/listings.h"
#include "core/db/transaction.h"

/// Lists of packages. Each function runs inside the caller's transaction.
namespace hublet::catalog::queries {

/// A page may end before the limit when its cards are long. Error: InvalidArgument (cursor).
[[nodiscard]] Result<Page<Package>> packages(db::Transaction& transaction, std::optional<qint64> repository,
                                             const PackageQuery& query, const PackageFilter& visible);
/// The cursor that goes on after `package`.
[[nodiscard]] QByteArray cursorAt(const Package& package, PackageQuery::Sort sort);
/// Calls back for every package of that type, by name; the cards are not read.
[[nodiscard]] Result<void> forEachPackage(db::Transaction& transaction, qint64 repository, PackageType type,
                                          const std::function<void(const Package&)>& visit);

} // namespace hublet::catalog::queries
