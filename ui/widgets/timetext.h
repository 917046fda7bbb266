// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace hublet::ui {

/// "3 days ago", "just now"; for lists. The exact time belongs into the tool tip (exactTime()).
[[nodiscard]] QString relativeTime(qint64 ms, qint64 nowMs);

/// "12 seconds", "5 minutes": how long something takes, roughly.
[[nodiscard]] QString duration(qint64 ms);

} // namespace hublet::ui
