// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QVersionNumber>

namespace hublet::db {

/// Has this SQLite the WAL-reset bug (two connections, one writing and one checkpointing, may lose a
/// commit)? 3.7.0 up to 3.51.2 have it but for the repaired branches 3.44.6+ and 3.50.7+; 3.52.0 was
/// withdrawn for another fault.
[[nodiscard]] bool isAffectedSqlite(const QVersionNumber& version);

/// A sentence for the administrator, empty when there is nothing to say about this version.
[[nodiscard]] QString sqliteVersionWarning(const QString& version);

} // namespace hublet::db
