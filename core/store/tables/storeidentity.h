// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/db/database.h"

#include <QByteArray>

namespace hublet::store {

/// Which store this is, for clients that remember what they sent (xet.md 9.4).
struct StoreIdentity {
    QByteArray uuid;  ///< 36 characters
    qint64 epoch = 1; ///< counts how often clients had to forget

    /// Reads it; a store without one gets one. Waits for the database's writer then.
    [[nodiscard]] static Result<StoreIdentity> load(db::Database& database);
    /// From now on the store goes by another epoch: clients forget. Waits for the database's writer.
    [[nodiscard]] static Result<StoreIdentity> startEpoch(db::Database& database);
};

} // namespace hublet::store
