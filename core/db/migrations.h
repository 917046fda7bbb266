// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QList>
#include <QStringList>

namespace hublet::db {

class Connection;

/// One numbered .sql file of resources/schema.
struct Migration {
    int number = 0;
    QString name;           ///< "store" of "0001_store.sql"
    QStringList statements; ///< in the dialect of resources/schema/README.md
};

/// Reads every `<number>_<name>.sql` of `folder`, in order of number. Errors: Database when a name is
/// malformed or a number comes twice.
[[nodiscard]] Result<QList<Migration>> readMigrations(const QString& folder);

/// Splits a migration into statements: each ends with `;` at the end of a line; `--` comment lines are
/// dropped.
[[nodiscard]] QStringList splitStatements(const QString& sql);

/// Replaces {id} and {bytes} by the column types of the database in use, and {clustered} by what keeps the
/// rows of a table in its primary key. The only differences that migrations may know.
[[nodiscard]] QString inDialect(const QString& statement, bool sqlite);

/// Numbers of the migrations this database has had; empty for a new one. Creates table schema_version when it
/// is absent.
[[nodiscard]] Result<QList<int>> appliedMigrations(Connection& writer);

/// Runs one migration and records it, in one transaction.
[[nodiscard]] Result<void> applyMigration(Connection& writer, const Migration& migration, qint64 nowMs);

} // namespace hublet::db
