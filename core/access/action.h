// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <array>
#include <optional>

namespace hublet::access {

/// What a permission can grant on a repository and path (artifactory 4.1).
enum class Action {
    Read,     ///< download, browse, metadata
    Annotate, ///< set and delete properties
    Write,    ///< "Deploy/Cache"
    Delete,   ///< "Delete/Overwrite"
    Scan,     ///< "Manage Xray Metadata"
    Manage,   ///< edit who is in a permission
};

inline constexpr std::array AllActions{Action::Read,   Action::Annotate, Action::Write,
                                       Action::Delete, Action::Scan,     Action::Manage};

/// "READ", "ANNOTATE", "WRITE", "DELETE", "SCAN", "MANAGE".
[[nodiscard]] QString actionName(Action action);
/// Also accepts the labels "DEPLOY/CACHE" and "DELETE/OVERWRITE", any case.
[[nodiscard]] std::optional<Action> actionFromName(QStringView name);

} // namespace hublet::access
