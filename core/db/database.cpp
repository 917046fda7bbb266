// SPDX-License-Identifier: Apache-2.0
#include "core/db/database.h"

#include "core/base/clock.h"
#include "core/base/faultpoint.h"
#include "core/base/uniquefd.h"
#include "core/db/migrations.h"
#include "core/db/readerconnections.h"
#include "core/db/sqliteversion.h"
#include "core/db/writerthread.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLoggingCategory>
#include <QVariant>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>

Q_DECLARE_LOGGING_CATEGORY(dbLog)

// A static library's resources are dropped by the linker unless somebody names them; the macro wants the
// global namespace.
static void useSchemaResource()
{
    Q_INIT_RESOURCE(schema);
}

namespace hublet::db {

namespace {

/// Says that this database is in use by a Hublet, so that a second one on the same PostgreSQL database is
/// refused.
constexpr qint64 PostgresLockKey = 0x4855424c4554; // "HUBLET"

[[nodiscard]] Result<void> syncPath(const QString& path, int flags)
{
    const UniqueFd fd(::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC));
    if (!fd.isValid() || ::fsync(fd.get()) != 0)
        return fail(ErrorCode::Io,
                    QStringLiteral("Cannot sync a database file: %1").arg(qt_error_string(errno)));
    return {};
}

[[nodiscard]] Result<void> syncFolderOf(const QString& file)
{
    return syncPath(QFileInfo(file).absolutePath(), O_RDONLY | O_DIRECTORY);
}

/// SQLite gives its log and index files the mode of the database file, so it is made before SQLite would make
/// it.
[[nodiscard]] Result<void> createPrivateFile(const QString& file)
{
    if (QFileInfo::exists(file))
        return {};
    const UniqueFd fd(
        ::open(QFile::encodeName(file).constData(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    if (!fd.isValid())
        return fail(ErrorCode::Io,
                    QStringLiteral("Cannot create the database file: %1").arg(qt_error_string(errno)));
    return syncFolderOf(file);
}

/// Runs one of SQLite's own checks; their first row is "ok" or names the first problem.
[[nodiscard]] Result<void> runSqliteCheck(Connection& connection, const QString& pragma)
{
    QVariant verdict;
    if (const auto run = connection.runOnce(QStringLiteral("PRAGMA %1(5)").arg(pragma), &verdict); !run)
        return run;
    if (verdict.toString() == u"ok")
        return {};
    qCCritical(dbLog, "the database is damaged: %s", qUtf8Printable(verdict.toString()));
    return fail(ErrorCode::Corrupt, QStringLiteral("The database is damaged: %1").arg(verdict.toString()));
}

[[nodiscard]] Result<void> copySqlite(Connection& connection, const QString& file)
{
    if (QFileInfo::exists(file))
        return fail(ErrorCode::AlreadyExists,
                    QStringLiteral("The file for the copy of the database exists already"));
    QString quoted = file;
    quoted.replace(u'\'', QStringLiteral("''"));
    if (const auto run = connection.runOnce(QStringLiteral("VACUUM INTO '%1'").arg(quoted)); !run) {
        QFile::remove(file);
        return run;
    }
    QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner);
    if (const auto synced = syncPath(file, O_RDONLY); !synced)
        return synced;
    return syncFolderOf(file);
}

/// A copy of the database as it was at `version`, made under another name first: a half-made copy never bears
/// the final name.
[[nodiscard]] Result<void> keepCopyBeforeMigration(Connection& connection, const QString& file, int version)
{
    const QString copy = QStringLiteral("%1.before-%2").arg(file).arg(version);
    if (QFileInfo::exists(copy))
        return {};
    const QString unfinished = copy + QStringLiteral(".unfinished");
    QFile::remove(unfinished);
    if (const auto copied = copySqlite(connection, unfinished); !copied)
        return copied;
    if (!QFile::rename(unfinished, copy))
        return fail(ErrorCode::Io, QStringLiteral("Cannot name the copy of the database"));
    return syncFolderOf(file);
}

[[nodiscard]] Result<void> migrate(Connection& connection, const DatabaseOptions& options)
{
    const auto migrations = readMigrations(options.migrations);
    if (!migrations)
        return forward(migrations);
    const auto applied = appliedMigrations(connection);
    if (!applied)
        return forward(applied);

    QList<Migration> pending;
    QList<int> known;
    for (const Migration& migration : *migrations) {
        known += migration.number;
        if (!applied->contains(migration.number))
            pending += migration;
    }
    for (const int number : *applied) {
        if (!known.contains(number)) {
            return fail(
                ErrorCode::Unsupported,
                QStringLiteral("The database was written by a newer version of this program (schema %1)")
                    .arg(number));
        }
    }
    if (!pending.isEmpty() && !applied->isEmpty() && connection.isSqlite()) {
        if (const auto kept = keepCopyBeforeMigration(connection, options.file, pending.last().number); !kept)
            return kept;
    }
    for (const Migration& migration : pending) {
        if (const auto done = applyMigration(connection, migration, SystemClock().nowMs()); !done)
            return done;
        qCInfo(dbLog, "migrated the database: %d %s", migration.number, qUtf8Printable(migration.name));
    }
    return {};
}

[[nodiscard]] Result<void> prepareSqlite(Connection& connection, bool uncleanStop, QStringList* warnings)
{
    QVariant version;
    if (const auto run = connection.runOnce(QStringLiteral("SELECT sqlite_version()"), &version); !run)
        return run;
    if (const QString warning = sqliteVersionWarning(version.toString()); warnings && !warning.isEmpty())
        *warnings += warning;
    return runSqliteCheck(connection,
                          uncleanStop ? QStringLiteral("integrity_check") : QStringLiteral("quick_check"));
}

[[nodiscard]] Result<void> preparePostgres(Connection& connection)
{
    QVariant locked;
    const auto run =
        connection.runOnce(QStringLiteral("SELECT pg_try_advisory_lock(%1)").arg(PostgresLockKey), &locked);
    if (!run)
        return run;
    if (!locked.toBool())
        return fail(ErrorCode::Busy, QStringLiteral("Another Hublet uses this database"));
    return {};
}

} // namespace

struct Database::Private {
    explicit Private(const DatabaseOptions& given)
        : options(std::make_shared<const DatabaseOptions>(given)), writer(given, preparePostgres),
          isSqlite(given.driver == u"QSQLITE")
    {
    }

    ReaderConnections::Owner options;
    WriterThread writer;
    bool isSqlite;
};

Database::Database() = default;

Database::~Database()
{
    if (d)
        ReaderConnections::drop(d->options);
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options, bool uncleanStop,
                                                 QStringList* warnings)
{
    useSchemaResource();
    std::unique_ptr<Database> database(new Database);
    database->d = std::make_unique<Private>(options);
    Private& d = *database->d;
    if (d.isSqlite) {
        if (const auto created = createPrivateFile(options.file); !created)
            return forward(created);
    }
    if (const auto started = d.writer.start(); !started)
        return forward(started);
    const auto ready = d.writer.run([&](Connection& connection) -> Result<void> {
        const auto prepared =
            d.isSqlite ? prepareSqlite(connection, uncleanStop, warnings) : preparePostgres(connection);
        return prepared ? migrate(connection, options) : prepared;
    });
    if (!ready)
        return forward(ready);
    return database;
}

Result<void> Database::runRead(const Work& work) const
{
    const auto connection = ReaderConnections::get(d->options);
    if (!connection)
        return forward(connection);
    Connection& reader = **connection;
    if (const auto begun = reader.begin(); !begun) {
        if (begun.error().code() == ErrorCode::Unavailable)
            ReaderConnections::drop(d->options); // the next read connects anew
        return begun;
    }
    bool succeeded = false;
    {
        Transaction transaction(reader);
        succeeded = work(transaction);
    }
    const std::optional<Error> failure = reader.failure();
    if (failure) {
        reader.rollback();
        if (failure->code() == ErrorCode::Unavailable)
            ReaderConnections::drop(d->options);
        return succeeded ? Result<void>(tl::unexpected<Error>(*failure)) : Result<void>();
    }
    const auto ended = reader.commit(); // ends the snapshot; there is nothing to write
    return succeeded ? ended : Result<void>();
}

namespace {

quint64 nextWriteSerial()
{
    static std::atomic<quint64> serial{0};
    return ++serial;
}

} // namespace

Result<void> Database::runWrite(const Work& work)
{
    bool workFailed = false; // then its own error is the one to give
    const auto outcome = d->writer.run([&](Connection& writer) -> Result<void> {
        if (const auto begun = writer.begin(); !begun)
            return begun;
        {
            Transaction transaction(writer, nextWriteSerial());
            workFailed = !work(transaction);
        }
        if (workFailed || writer.failure() || HUBLET_FAULT_POINT("db.before-commit")) {
            writer.rollback();
            if (writer.failure())
                return tl::unexpected<Error>(*writer.failure());
            return fail(ErrorCode::Io, QStringLiteral("The database could not be written"));
        }
        const auto committed = writer.commit();
        if (committed && HUBLET_FAULT_POINT("db.after-commit"))
            return fail(ErrorCode::Io, QStringLiteral("The answer of the database was lost"));
        return committed;
    });
    return workFailed ? Result<void>() : outcome;
}

Result<void> Database::copyTo(const QString& file)
{
    if (!d->isSqlite)
        return fail(ErrorCode::Unsupported, QStringLiteral("Use pg_dump to copy a PostgreSQL database"));
    const auto reader = Connection::open(*d->options, Connection::Role::Reader);
    if (!reader)
        return forward(reader);
    return copySqlite(**reader, file);
}

bool Database::acceptsWrites() const
{
    return d->writer.acceptsWrites();
}

Result<void> Database::checkIntegrity() const
{
    if (!d->isSqlite)
        return {}; // PostgreSQL checks pages itself when its administrator has turned checksums on
    const auto reader = Connection::open(*d->options, Connection::Role::Reader);
    if (!reader)
        return forward(reader);
    return runSqliteCheck(**reader, QStringLiteral("integrity_check"));
}

} // namespace hublet::db
