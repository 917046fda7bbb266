// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

namespace hublet::ui {

/// Where clients find what a row shows: the endpoint of a repository, the address that gives a file's bytes,
/// that of a package else. `server`: "http://127.0.0.1:8082".
[[nodiscard]] QString clientAddress(const BrowseItem& item, const QString& server);

} // namespace hublet::ui
