// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace hublet::ui {

/// "18,253,611 bytes": for the tool tip of a humanSize().
[[nodiscard]] QString exactSize(qint64 bytes);

/// "17.4 MiB (18,253,611 bytes)"; sizes that are short anyway once.
[[nodiscard]] QString humanAndExactSize(qint64 bytes);

} // namespace hublet::ui
