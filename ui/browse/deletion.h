// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "ui/browse/browseitem.h"

#include <QFuture>

#include <functional>
#include <optional>

namespace hublet::service {
class Services;
}

namespace hublet::ui {

/// What deleting a row of the tree means: the words for DeleteDialog and the deed.
struct Deletion {
    QString what;
    QString consequence;
    QString name; ///< to be typed; empty: nothing is lost for good, a click will do
    std::function<QFuture<Result<void>>()> remove;
};

/// Nothing for rows that cannot be deleted: main, pull requests, commits, files of tags and commits.
[[nodiscard]] std::optional<Deletion> deletionOf(service::Services& services, const BrowseItem& item);

} // namespace hublet::ui
