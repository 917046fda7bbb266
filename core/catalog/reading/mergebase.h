// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/db/transaction.h"

#include <optional>

namespace hublet::catalog {

/// The newest commit that both commits come from, either of them included; nothing when they have nothing in
/// common. Rows of commits of one package. Looks only at what was committed after that commit, at parents and
/// no more. Error: Database.
[[nodiscard]] Result<std::optional<qint64>> mergeBase(db::Transaction& transaction, qint64 left,
                                                      qint64 right);

} // namespace hublet::catalog
