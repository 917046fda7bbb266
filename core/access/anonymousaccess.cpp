// SPDX-License-Identifier: Apache-2.0
#include "core/access/anonymousaccess.h"

#include <utility>

namespace hublet::access {

namespace {

constexpr std::pair<QLatin1StringView, AnonymousAccess> Names[] = {
    {QLatin1StringView("off"), AnonymousAccess::Off},
    {QLatin1StringView("machine"), AnonymousAccess::Machine},
    {QLatin1StringView("everywhere"), AnonymousAccess::Everywhere},
    {QLatin1StringView("on"), AnonymousAccess::Machine},
};

} // namespace

QString anonymousAccessName(AnonymousAccess access)
{
    for (const auto& [name, value] : Names) {
        if (value == access)
            return name;
    }
    Q_UNREACHABLE();
}

std::optional<AnonymousAccess> anonymousAccessFromName(QStringView text)
{
    for (const auto& [name, value] : Names) {
        if (name == text)
            return value;
    }
    return std::nullopt;
}

} // namespace hublet::access
