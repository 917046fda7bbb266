// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"

namespace hublet::service {
class Services;
}

namespace hublet::ui {

struct BrowseItem;

/// The window acts as the owner of the data folder. These get its permits; on a worker thread or in the GUI
/// thread.
[[nodiscard]] Result<access::Permit> permit(service::Services& services, access::Action action,
                                            const RepositoryKey& repository, const QString& path);
/// To read the package that `item` belongs to.
[[nodiscard]] Result<access::Permit> readPermit(service::Services& services, const BrowseItem& item);
[[nodiscard]] Result<access::AdminPermit> adminPermit(service::Services& services);

} // namespace hublet::ui
