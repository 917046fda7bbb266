// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/content.h"

namespace hublet::catalog {
struct Repository;
}

namespace hublet::service {

/// Do Xet clients get Xet tokens, hashes and headers for this repository? The one place that decides it.
/// Clients do not fall back to plain HTTP once they saw one (hub-api 11.2).
[[nodiscard]] bool servesXet(const catalog::Repository& repository);
/// How what comes into this repository is stored.
[[nodiscard]] store::StorageForm storageForm(const catalog::Repository& repository);

} // namespace hublet::service
