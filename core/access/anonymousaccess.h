// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <optional>

namespace hublet::access {

/// Which callers without a credential may read what permissions open to them.
enum class AnonymousAccess {
    Off,        ///< none
    Machine,    ///< those that Principal::isOnThisMachine says so of
    Everywhere, ///< all
};

/// "off", "machine" or "everywhere".
[[nodiscard]] QString anonymousAccessName(AnonymousAccess access);
/// The reverse; "on", as older databases and command lines have it, is Machine.
[[nodiscard]] std::optional<AnonymousAccess> anonymousAccessFromName(QStringView name);

} // namespace hublet::access
