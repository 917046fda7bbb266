// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"
#include "core/store/tables/storeidentity.h"

#include <optional>

namespace hublet::store::queries {

/// The one row of table store_identity (0004_xet.sql).
[[nodiscard]] Result<std::optional<StoreIdentity>> findIdentity(db::Transaction& transaction);
[[nodiscard]] Result<void> addIdentity(db::Transaction& transaction, const StoreIdentity& identity);
[[nodiscard]] Result<void> startEpoch(db::Transaction& transaction);

} // namespace hublet::store::queries
