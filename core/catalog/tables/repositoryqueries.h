// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/listings.h"
#include "core/catalog/model/repository.h"
#include "core/db/transaction.h"

/// The statements over repositories. Each runs inside the caller's transaction.
namespace hublet::catalog::queries {

/// Ordered by key.
[[nodiscard]] Result<std::vector<Repository>> repositories(db::Transaction& transaction);
/// Error: RepositoryNotFound.
[[nodiscard]] Result<Repository> repository(db::Transaction& transaction, const RepositoryKey& key);
[[nodiscard]] Result<Repository> repository(db::Transaction& transaction, qint64 row);
[[nodiscard]] Result<RepositoryTotals> totals(db::Transaction& transaction, qint64 repository);

} // namespace hublet::catalog::queries
