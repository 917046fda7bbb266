// SPDX-License-Identifier: Apache-2.0
#pragma once

class QCoreApplication;

namespace hublet::ui {

/// Gives the program its words: English plurals. Call once, before the first widget.
void installTranslations(QCoreApplication& application);

} // namespace hublet::ui
