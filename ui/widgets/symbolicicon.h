// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QIcon>

namespace hublet::ui {

/// The icon ":/icons/<name>.svg", sharp at every scale. On a selected row it takes the colour of the selected
/// text, so that it never vanishes into the selection. GUI thread only.
[[nodiscard]] QIcon symbolicIcon(const QString& name);

} // namespace hublet::ui
