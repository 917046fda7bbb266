// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"

namespace hublet::api {

/// The package of `call` in the spelling it is stored under, which answers use whatever the client wrote
/// (hub-api 1.2.5); the client's spelling when it cannot be found. Reads the database.
[[nodiscard]] PackageId storedId(const PackageCall& call);

} // namespace hublet::api
