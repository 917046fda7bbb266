// SPDX-License-Identifier: Apache-2.0
#include "core/access/token.h"

namespace hublet::access {

QString tokenRoleName(Principal::TokenRole role)
{
    switch (role) {
    case Principal::TokenRole::Read:
        return QStringLiteral("read");
    case Principal::TokenRole::Write:
        return QStringLiteral("write");
    case Principal::TokenRole::Full:
        return QStringLiteral("full");
    }
    Q_UNREACHABLE();
}

std::optional<Principal::TokenRole> tokenRoleFromName(QStringView name)
{
    using enum Principal::TokenRole;
    for (const auto role : {Read, Write, Full}) {
        if (name.compare(tokenRoleName(role), Qt::CaseInsensitive) == 0)
            return role;
    }
    return std::nullopt;
}

} // namespace hublet::access
