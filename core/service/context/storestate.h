// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hublet::service {

struct ServiceContext;

/// After a write failed: tells the world, once, when that was because the store stopped accepting writes.
void reportStoreState(const ServiceContext& context);

} // namespace hublet::service
