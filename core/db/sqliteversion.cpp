// SPDX-License-Identifier: Apache-2.0
#include "core/db/sqliteversion.h"

namespace hublet::db {

bool isAffectedSqlite(const QVersionNumber& version)
{
    struct RepairedBranch {
        int minor;
        int patch;
    };
    constexpr RepairedBranch Repaired[] = {{44, 6}, {50, 7}};

    if (version == QVersionNumber(3, 52, 0))
        return true;
    if (version < QVersionNumber(3, 7, 0) || version > QVersionNumber(3, 51, 2))
        return false;
    for (const auto [minor, patch] : Repaired) {
        if (version.minorVersion() == minor && version.microVersion() >= patch)
            return false;
    }
    return true;
}

QString sqliteVersionWarning(const QString& version)
{
    if (!isAffectedSqlite(QVersionNumber::fromString(version)))
        return {};
    return QStringLiteral(
               "SQLite %1 has a known fault in its write-ahead log. Hublet writes and checkpoints through "
               "one "
               "connection only, which avoids it; do not open the database with other programs while Hublet "
               "runs, and update SQLite to 3.51.3 or newer when you can.")
        .arg(version);
}

} // namespace hublet::db
