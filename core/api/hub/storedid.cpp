// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/storedid.h"

#include "core/service/services.h"

namespace hublet::api {

PackageId storedId(const PackageCall& call)
{
    const auto package = call.services().browse().package(call.permit(), call.id());
    return package ? package->id : call.id();
}

} // namespace hublet::api
