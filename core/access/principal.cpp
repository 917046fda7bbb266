// SPDX-License-Identifier: Apache-2.0
#include "core/access/principal.h"

namespace hublet::access {

Principal Principal::anonymous(bool isOnThisMachine)
{
    Principal principal;
    principal.isOnThisMachine = isOnThisMachine;
    return principal;
}

Principal Principal::owner()
{
    Principal principal;
    principal.kind = Kind::User;
    principal.name = QStringLiteral("owner");
    principal.fullName = QStringLiteral("Owner");
    principal.hubId = QByteArray(24, '0');
    principal.admin = true;
    return principal;
}

} // namespace hublet::access
