// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"

#include <QByteArray>

namespace hublet::catalog {

/// What stands in the git tree for a file that lives in LFS.
struct LfsPointer {
    Sha256 content;
    qint64 size = 0; ///< bytes of the real file

    /// The exact text that git-lfs writes (hub-api 6).
    [[nodiscard]] QByteArray text() const;
    [[nodiscard]] GitOid oid() const;
};

} // namespace hublet::catalog
