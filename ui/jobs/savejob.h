// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

class QWidget;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

class Job;

/// Can this row be saved to disk? Files, folders, revisions and packages can.
[[nodiscard]] bool canSave(const BrowseItem& item);
/// Asks where to and starts saving; null when the user changed their mind. The caller owns the job.
[[nodiscard]] Job* askAndSave(service::Services& services, const BrowseItem& item, QWidget* parent);
/// Starts saving a file as `target`, or a folder as the new folder `target`.
[[nodiscard]] Job* save(service::Services& services, const BrowseItem& item, const QString& target);
/// `name` in `folder`, or with a number when that is taken.
[[nodiscard]] QString freePath(const QString& folder, const QString& name);

} // namespace hublet::ui
