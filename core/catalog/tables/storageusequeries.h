// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/storageuse.h"
#include "core/db/transaction.h"

namespace hublet::catalog::queries {

/// Looks at every content that packages use: some seconds where there are millions.
[[nodiscard]] Result<StorageUse> storageUse(db::Transaction& transaction, const StorageScope& scope);

} // namespace hublet::catalog::queries
