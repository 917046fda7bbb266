// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/database.h"

namespace hublet::store {

/// When the last sweep ended, in ms since 1970; 0 when there was none. Error: Database.
[[nodiscard]] Result<qint64> lastSweepMs(const db::Database& database);
/// Remembers it. Errors: Database, ReadOnly.
[[nodiscard]] Result<void> noteSweep(db::Database& database, qint64 endedMs);

} // namespace hublet::store
