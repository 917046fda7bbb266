// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/hub/packagejson.h"
#include "core/service/packages/browse.h"

namespace hublet::api {

/// Pages through all files of a revision, in git's order. `browse` must outlive the function.
[[nodiscard]] FilePages revisionFiles(const service::Browse& browse, access::Permit permit, PackageId id,
                                      catalog::Revision revision);

} // namespace hublet::api
