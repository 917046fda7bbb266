// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace hublet::ui {

/// "3 days ago", "just now"; for lists. The exact time belongs into the tool tip (exactTime()).
[[nodiscard]] QString relativeTime(qint64 ms, qint64 nowMs);

} // namespace hublet::ui
