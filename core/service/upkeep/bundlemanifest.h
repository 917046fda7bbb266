// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace hublet::service {

/// The first entry of a bundle: what it is and when it was made.
struct BundleManifest {
    static constexpr int Version = 1; ///< of the bundle's form; a reader refuses newer ones

    qint64 createdMs = 0;

    [[nodiscard]] QByteArray toJson() const;
    /// Errors: Corrupt (not a bundle of ours), Unsupported (a newer form).
    [[nodiscard]] static Result<BundleManifest> fromJson(const QByteArray& json);
};

} // namespace hublet::service
