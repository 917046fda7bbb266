// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "ui/browse/browseitem.h"

#include <QStringList>

namespace hublet::service {
class Services;
}

namespace hublet::ui {

struct ListRequest {
    QByteArray cursor; ///< of the page before; empty: the first
    int limit = 0;     ///< rows
    /// Only packages whose id has all of these in it, and what they are in; empty: everything.
    QStringList words;
};

/// Lists the rows below `parent` (null: the repositories). May wait for the database: runs on a worker
/// thread. Texts are not translated here but by the model.
[[nodiscard]] Result<BrowsePage>
listBelow(service::Services& services, const std::optional<BrowseItem>& parent, const ListRequest& request);

/// The commits of the revision that `item` is or is in, newest first. As listBelow().
[[nodiscard]] Result<BrowsePage> listCommits(service::Services& services, const BrowseItem& item,
                                             const ListRequest& request);

} // namespace hublet::ui
