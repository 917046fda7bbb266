// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/services.h"

#include <QString>

namespace hublet::app {

/// What a first start made and nobody can ask for again, for a person; ends with a line feed.
[[nodiscard]] inline QString firstRunText(const service::FirstRun& first)
{
    return QStringLiteral("This is the first start. Keep these now; they are not shown again:\n"
                          "  user      %1\n  password  %2\n  token     %3\n")
        .arg(first.user, first.password, first.token);
}

} // namespace hublet::app
