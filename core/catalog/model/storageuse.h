// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <optional>

namespace hublet::catalog {

/// Whose contents are looked at: of a repository, or of one package in it.
struct StorageScope {
    qint64 repository = 0;
    std::optional<qint64> package = std::nullopt; ///< Package::rowId
};

/// What the contents of all commits take, in bytes.
struct StorageUse {
    qint64 logical = 0; ///< each content once for each package that has it
    qint64 stored = 0;  ///< on disk, without what is stored once for several
    qint64 shared = 0;  ///< of `stored`: also used by packages outside

    /// 0 to 100.
    [[nodiscard]] double savedPercent() const
    {
        return logical == 0 ? 0.0 : std::max(0.0, 100.0 * (1.0 - double(stored) / double(logical)));
    }
};

/// Contents of a repository that are not stored in a form that is asked for, segments or whole files.
struct OtherForm {
    qint64 contents = 0;
    qint64 bytes = 0;
};

} // namespace hublet::catalog
