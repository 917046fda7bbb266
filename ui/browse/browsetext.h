// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QIcon>

namespace hublet::ui {

/// How a row of the browse tree reads and looks, in the user's language. Plain text; never to be taken for
/// markup.
[[nodiscard]] QString titleText(const BrowseItem& item);
[[nodiscard]] QString noteText(const BrowseItem& item);
/// Every noteText() that is a word.
[[nodiscard]] QStringList noteTexts();
[[nodiscard]] QString toolTipText(const BrowseItem& item);
[[nodiscard]] QIcon itemIcon(const BrowseItem& item);
/// "model", "branch", "folder": the word for the kind of thing that `item` is.
[[nodiscard]] QString kindText(const BrowseItem& item);

} // namespace hublet::ui
