// SPDX-License-Identifier: Apache-2.0
#include "core/db/sqlerror.h"

#include <QLoggingCategory>
#include <QSqlError>

Q_LOGGING_CATEGORY(dbLog, "hublet.db")

namespace hublet::db {

namespace {

// https://www.sqlite.org/rescode.html
ErrorCode mapSqliteCode(int code)
{
    switch (code) {
    case 1555: // SQLITE_CONSTRAINT_PRIMARYKEY
    case 2067: // SQLITE_CONSTRAINT_UNIQUE
    case 2579: // SQLITE_CONSTRAINT_ROWID
        return ErrorCode::AlreadyExists;
    case 787: // SQLITE_CONSTRAINT_FOREIGNKEY
        return ErrorCode::Conflict;
    default:
        break;
    }
    switch (code & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
        return ErrorCode::Busy;
    case 8: // SQLITE_READONLY
        return ErrorCode::ReadOnly;
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
        return ErrorCode::Io;
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
        return ErrorCode::Corrupt;
    case 13: // SQLITE_FULL
        return ErrorCode::NoSpace;
    default:
        return ErrorCode::Database;
    }
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
ErrorCode mapSqlState(const QString& state)
{
    if (state == u"23505")
        return ErrorCode::AlreadyExists;
    if (state == u"23503")
        return ErrorCode::Conflict;
    if (state == u"53100")
        return ErrorCode::NoSpace;
    if (state == u"25006")
        return ErrorCode::ReadOnly;
    if (state == u"58030")
        return ErrorCode::Io;
    if (state == u"40001" || state == u"40P01" || state == u"55P03")
        return ErrorCode::Busy;
    if (state.startsWith(QLatin1String("XX0")))
        return ErrorCode::Corrupt;
    if (state.startsWith(QLatin1String("08")) || state.startsWith(QLatin1String("57P")))
        return ErrorCode::Unavailable;
    return ErrorCode::Database;
}

QString sentence(ErrorCode code)
{
    switch (code) {
    case ErrorCode::AlreadyExists:
        return QStringLiteral("It exists already");
    case ErrorCode::Conflict:
        return QStringLiteral("Something else still refers to it, or what it refers to is gone");
    case ErrorCode::NoSpace:
        return QStringLiteral("No space is left for the database");
    case ErrorCode::Corrupt:
        return QStringLiteral("The database is damaged");
    case ErrorCode::Io:
        return QStringLiteral("The database could not be read or written");
    case ErrorCode::Busy:
        return QStringLiteral("The database is busy");
    case ErrorCode::ReadOnly:
        return QStringLiteral("The database is read-only");
    case ErrorCode::Unavailable:
        return QStringLiteral("The database server is not reachable");
    default:
        return QStringLiteral("The database refused a statement");
    }
}

} // namespace

ErrorCode mapNativeCode(const QString& nativeCode)
{
    constexpr int SqlStateLength = 5;
    bool isNumber = false;
    const int number = nativeCode.toInt(&isNumber);
    if (nativeCode.size() == SqlStateLength)
        return mapSqlState(nativeCode);
    return isNumber ? mapSqliteCode(number) : ErrorCode::Database;
}

bool isSyncFailure(const QString& nativeCode)
{
    return nativeCode == u"1034"     // SQLITE_IOERR_FSYNC
           || nativeCode == u"1290"; // SQLITE_IOERR_DIR_FSYNC
}

Error mapSqlError(const QSqlError& error)
{
    ErrorCode code = mapNativeCode(error.nativeErrorCode());
    // The SQLite driver calls every failed step a connection error, with its code.
    if (error.type() == QSqlError::ConnectionError && error.nativeErrorCode().isEmpty())
        code = ErrorCode::Unavailable;
    if (code != ErrorCode::AlreadyExists && code != ErrorCode::Conflict) {
        qCWarning(dbLog, "database error %s: %s %s", qUtf8Printable(error.nativeErrorCode()),
                  qUtf8Printable(error.driverText()), qUtf8Printable(error.databaseText()));
    }
    return Error(code, sentence(code));
}

} // namespace hublet::db
