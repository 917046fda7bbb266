// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/routes.h"

namespace hublet::api {

/// When a large object goes up in parts (hub-api 10.1). On a local server parts only buy that less is sent
/// again after a broken connection. Sizes in bytes.
struct LfsOptions {
    qint64 multipartAbove = qint64(5) << 30; ///< objects larger than this, when the client can do parts
    qint64 partBytes = qint64(512) << 20;
};

/// LFS batch, uploads to signed URLs, downloads by oid, verify and the answers about locks (hub-api 10).
void addLfsRoutes(Routes& routes, const LfsOptions& options);

} // namespace hublet::api
