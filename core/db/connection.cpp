// SPDX-License-Identifier: Apache-2.0
#include "core/db/connection.h"

#include "core/base/faultpoint.h"
#include "core/db/sqlerror.h"

#include <QSqlError>
#include <QStringList>
#include <QVariant>

#include <atomic>

namespace hublet::db {

namespace {

constexpr std::size_t MaxCachedStatements = 512;
constexpr int ReaderCacheKiB = 4 * 1024;
constexpr int WriterCacheKiB = 16 * 1024;
constexpr qint64 ReaderMapBytes = 128LL << 20;
constexpr int WriterCheckpointPages =
    4096; ///< 16 MiB of log: a safety net below WriterThread's own checkpoints
constexpr qint64 JournalSizeLimitBytes = 64LL << 20;

QString newConnectionName()
{
    static std::atomic<quint64> counter = 0;
    return QStringLiteral("hublet-%1").arg(++counter);
}

QStringList sqlitePragmas(Connection::Role role)
{
    const bool writes = role == Connection::Role::Writer;
    const bool weakSync = HUBLET_FAULT_POINT("mutant.normal-sync");
    QStringList pragmas{
        QStringLiteral("trusted_schema = OFF"),
        QStringLiteral("cell_size_check = ON"),
        QStringLiteral("temp_store = MEMORY"),
        QStringLiteral("cache_size = -%1").arg(writes ? WriterCacheKiB : ReaderCacheKiB),
        QStringLiteral("mmap_size = %1").arg(writes ? 0 : ReaderMapBytes),
        QStringLiteral("wal_autocheckpoint = %1").arg(writes ? WriterCheckpointPages : 0),
    };
    if (writes) {
        pragmas += {
            QStringLiteral("journal_mode = WAL"),
            QStringLiteral("synchronous = %1").arg(weakSync ? u"NORMAL" : u"FULL"),
            QStringLiteral("foreign_keys = ON"),
            QStringLiteral("journal_size_limit = %1").arg(JournalSizeLimitBytes),
        };
    }
    return pragmas;
}

} // namespace

Connection::Connection(QString name, bool isSqlite, Role role)
    : m_name(std::move(name)), m_isSqlite(isSqlite), m_role(role)
{
}

Connection::~Connection()
{
    m_begin.reset();
    m_commit.reset();
    m_statements.clear();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Connection>> Connection::open(const DatabaseOptions& options, Role role)
{
    const bool isSqlite = options.driver == u"QSQLITE";
    std::unique_ptr<Connection> connection(new Connection(newConnectionName(), isSqlite, role));
    if (const auto ready = connection->setUp(options); !ready)
        return forward(ready);
    return connection;
}

Result<void> Connection::setUp(const DatabaseOptions& options)
{
    m_database = QSqlDatabase::addDatabase(options.driver, m_name);
    if (!m_database.isValid()) {
        return fail(ErrorCode::Unsupported,
                    QStringLiteral("The Qt SQL driver %1 is not installed").arg(options.driver));
    }
    if (m_isSqlite) {
        m_database.setDatabaseName(options.file);
        m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1%2")
                                         .arg(BusyTimeoutMs)
                                         .arg(m_role == Role::Reader ? u";QSQLITE_OPEN_READONLY" : u""));
    } else {
        m_database.setConnectOptions(options.connection); // libpq takes it as it is
    }
    if (!m_database.open())
        return tl::unexpected<Error>(failed(m_database.lastError()));

    if (m_isSqlite) {
        for (const QString& pragma : sqlitePragmas(m_role)) {
            if (const auto run = runOnce(QStringLiteral("PRAGMA ") + pragma); !run)
                return run;
        }
    }
    const QString begin =
        m_isSqlite ? (m_role == Role::Writer ? QStringLiteral("BEGIN IMMEDIATE") : QStringLiteral("BEGIN"))
        : m_role == Role::Writer ? QStringLiteral("BEGIN ISOLATION LEVEL READ COMMITTED")
                                 : QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // PostgreSQL cannot prepare BEGIN and COMMIT; there the text is executed each time.
    m_begin = std::make_unique<QSqlQuery>(m_database);
    m_commit = std::make_unique<QSqlQuery>(m_database);
    if (m_isSqlite && (!m_begin->prepare(begin) || !m_commit->prepare(QStringLiteral("COMMIT"))))
        return tl::unexpected<Error>(failed(m_begin->lastError()));
    m_beginText = begin;
    return {};
}

Result<void> Connection::begin()
{
    if (m_inTransaction)
        return fail(ErrorCode::Internal, QStringLiteral("A read or write was begun inside another one"));
    m_failure.reset();
    if (m_statements.size() > MaxCachedStatements)
        m_statements.clear();
    const bool begun = m_isSqlite ? m_begin->exec() : m_begin->exec(m_beginText);
    if (!begun)
        return spoil(failed(m_begin->lastError()));
    m_inTransaction = true;
    return {};
}

Result<void> Connection::commit()
{
    const bool committed = m_isSqlite ? m_commit->exec() : m_commit->exec(QStringLiteral("COMMIT"));
    if (committed) {
        m_inTransaction = false;
        return {};
    }
    const Error error = failed(m_commit->lastError());
    rollback();
    return tl::unexpected<Error>(error);
}

void Connection::rollback()
{
    m_inTransaction = false;
    QSqlQuery rollback(m_database);
    // SQLite rolls back by itself after some errors; then there is nothing left to do and this fails.
    rollback.exec(QStringLiteral("ROLLBACK"));
    if (m_failure)
        m_statements.clear(); // an unprepared or broken statement must not be found again
}

QSqlQuery& Connection::statement(QStringView sql)
{
    const auto known = m_statements.find(sql);
    if (known != m_statements.end())
        return *known->second;
    auto query = std::make_unique<QSqlQuery>(m_database);
    query->setForwardOnly(true);
    const QString text = sql.toString();
    if (!m_failure && !query->prepare(text))
        spoil(Error(ErrorCode::Database, QStringLiteral("A statement could not be prepared"),
                    failed(query->lastError())));
    return *m_statements.emplace(text, std::move(query)).first->second;
}

Error Connection::failed(const QSqlError& error)
{
    m_syncFailed = m_syncFailed || isSyncFailure(error.nativeErrorCode());
    Error mapped = mapSqlError(error);
    // The driver's own complaint about a connection that is not open bears no code.
    return isLost() ? Error(ErrorCode::Unavailable, QStringLiteral("The database server is not reachable"))
                    : mapped;
}

tl::unexpected<Error> Connection::spoil(Error error)
{
    if (!m_failure)
        m_failure = std::move(error);
    return tl::unexpected<Error>(*m_failure);
}

Result<void> Connection::runOnce(const QString& sql, QVariant* firstValue)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return tl::unexpected<Error>(failed(query.lastError()));
    if (firstValue && query.next())
        *firstValue = query.value(0);
    return {};
}

} // namespace hublet::db
