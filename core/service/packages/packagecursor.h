// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/package.h"

#include <QByteArray>

namespace hublet::service {

/// What Browse::packages() takes as the cursor to go on after `package`, in a list in this order.
[[nodiscard]] QByteArray packageCursor(const catalog::Package& package, catalog::PackageQuery::Sort sort);

} // namespace hublet::service
