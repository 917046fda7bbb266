// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "ui/browse/browseitem.h"

namespace hublet::service {
class Services;
}

namespace hublet::ui {

/// Lists the rows below `parent` (null: the repositories) from `cursor` on; `limit` rows at most. May wait
/// for the database: runs on a worker thread. Texts are not translated here but by the model.
[[nodiscard]] Result<BrowsePage> listBelow(service::Services& services,
                                           const std::optional<BrowseItem>& parent, const QByteArray& cursor,
                                           int limit);

} // namespace hublet::ui
