// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/names.h"

namespace hublet::service {

/// Names a content at a path of a package, the `fileOid` of hub-api 7.3: 40 hex digits.
[[nodiscard]] QByteArray lfsFileOid(const Sha256& content, const RepoPath& path);

} // namespace hublet::service
