// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <optional>

namespace hublet::catalog {

/// Who uploaded a content, and through which repository.
struct Claimant {
    qint64 userId = 0;
    /// Folded key. Where one is asked for, absent means whichever.
    std::optional<QString> repository{};
};

} // namespace hublet::catalog
