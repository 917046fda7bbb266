// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <QString>

class QSqlError;

namespace hublet::db {

/// One meaning for the native codes of SQLite (extended result codes) and PostgreSQL (SQLSTATE). The
/// database's own words go to the log only: they may name files and values.
[[nodiscard]] Error mapSqlError(const QSqlError& error);

/// The pure part: SQLite's number or PostgreSQL's five characters to our code.
[[nodiscard]] ErrorCode mapNativeCode(const QString& nativeCode);

/// SQLite reports that a sync of the database, its log or its folder failed: what was written since the last
/// one may be lost.
[[nodiscard]] bool isSyncFailure(const QString& nativeCode);

} // namespace hublet::db
