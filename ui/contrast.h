// SPDX-License-Identifier: Apache-2.0
#pragma once

class QApplication;

namespace hublet::ui {

/// Keeps the faint text of every palette, also of one chosen later, readable: at least 4.5 to 1 against what
/// is behind it, where styles give as little as 3 to 1. Call once, before the first widget.
void keepFaintTextReadable(QApplication& application);

} // namespace hublet::ui
