// SPDX-License-Identifier: Apache-2.0
#include "core/db/writerthread.h"

#include "core/base/uniquefd.h"

#include <QFile>
#include <QFileInfo>
#include <QLoggingCategory>
#include <QVariant>

#include <fcntl.h>

#include <cerrno>

Q_DECLARE_LOGGING_CATEGORY(dbLog)

namespace hublet::db {

namespace {

constexpr std::chrono::milliseconds IdleBeforeCheckpoint{500};
/// Above this size the log file is cut back even while jobs wait.
constexpr qint64 LongLogBytes = 64LL << 20;
constexpr int CheckpointWaitMs = 50;
/// Blocks kept for the log, so that a full disk can still be emptied: deleting writes to the log first. What
/// fits into the first region of SQLite's index of the log needs no further space there either.
constexpr qint64 ReservedLogBytes = 12LL << 20;

} // namespace

WriterThread::WriterThread(DatabaseOptions options, Job reconnected)
    : m_options(std::move(options)), m_reconnected(std::move(reconnected)), m_longLogBytes(LongLogBytes)
{
}

WriterThread::~WriterThread()
{
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

Result<void> WriterThread::start()
{
    std::promise<Result<void>> started;
    auto result = started.get_future();
    m_thread = std::thread([this, promise = std::move(started)]() mutable { loop(std::move(promise)); });
    return result.get();
}

Result<void> WriterThread::run(const Job& job)
{
    Q_ASSERT_X(std::this_thread::get_id() != m_thread.get_id(), "Database::write",
               "called from inside a write");
    Pending pending{&job, {}};
    auto result = pending.done.get_future();
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(&pending);
    }
    m_wake.notify_one();
    return result.get();
}

void WriterThread::loop(std::promise<Result<void>> started)
{
    auto opened = Connection::open(m_options, Connection::Role::Writer);
    if (!opened) {
        started.set_value(forward(opened));
        return;
    }
    std::unique_ptr<Connection> connection = std::move(*opened);
    reserveLogSpace();
    started.set_value({});

    bool logHasNews = false;
    std::unique_lock lock(m_mutex);
    while (true) {
        const auto hasWork = [this] { return m_stop || !m_queue.empty(); };
        if (logHasNews && !m_wake.wait_for(lock, IdleBeforeCheckpoint, hasWork)) {
            lock.unlock();
            if (connection)
                checkpoint(*connection, QStringLiteral("PASSIVE"));
            logHasNews = false;
            lock.lock();
            continue;
        }
        m_wake.wait(lock, hasWork);
        if (m_queue.empty())
            break;
        Pending* pending = m_queue.front();
        m_queue.pop_front();
        lock.unlock();
        pending->done.set_value(runJob(connection, *pending->job));
        logHasNews = true;
        if (connection)
            cutBackLongLog(*connection);
        lock.lock();
    }
    lock.unlock();
    if (connection)
        checkpoint(*connection, QStringLiteral("TRUNCATE"));
    connection.reset();
}

Result<void> WriterThread::runJob(std::unique_ptr<Connection>& connection, const Job& job)
{
    if (!acceptsWrites()) {
        // What the failed sync left in doubt is not made good by a later one: the kernel reports the error
        // only once.
        return fail(ErrorCode::ReadOnly,
                    QStringLiteral(
                        "The database takes no more changes because the disk failed; restart after a check"));
    }
    if (!connection) {
        if (const auto again = reconnect(connection); !again)
            return again;
    }
    auto result = job(*connection);
    m_syncFailed.store(connection->syncFailed(), std::memory_order_release);
    if (connection->isLost())
        connection.reset();
    return result;
}

Result<void> WriterThread::reconnect(std::unique_ptr<Connection>& connection) const
{
    auto opened = Connection::open(m_options, Connection::Role::Writer);
    if (!opened)
        return forward(opened);
    if (const auto prepared = m_reconnected(**opened); !prepared)
        return prepared;
    qCInfo(dbLog, "connected to the database again");
    connection = std::move(*opened);
    return {};
}

bool WriterThread::checkpoint(Connection& connection, const QString& mode)
{
    if (!connection.isSqlite())
        return true;
    // A checkpoint that waits for a slow reader would make every writer wait: better try again later.
    QVariant blocked;
    auto done = connection.runOnce(QStringLiteral("PRAGMA busy_timeout = %1").arg(CheckpointWaitMs));
    if (done)
        done = connection.runOnce(QStringLiteral("PRAGMA wal_checkpoint(%1)").arg(mode), &blocked);
    if (done)
        done = connection.runOnce(QStringLiteral("PRAGMA busy_timeout = %1").arg(Connection::BusyTimeoutMs));
    if (!done)
        qCWarning(dbLog, "checkpoint failed: %s", qUtf8Printable(done.error().describe()));
    m_syncFailed.store(connection.syncFailed(), std::memory_order_release);
    return done && blocked.toInt() == 0;
}

void WriterThread::cutBackLongLog(Connection& connection)
{
    const qint64 size = connection.isSqlite() ? QFileInfo(m_options.file + QStringLiteral("-wal")).size() : 0;
    if (size < m_longLogBytes)
        return;
    const bool isCut = checkpoint(connection, QStringLiteral("TRUNCATE"));
    m_longLogBytes = isCut ? LongLogBytes : size + LongLogBytes;
    reserveLogSpace();
}

void WriterThread::reserveLogSpace() const
{
    if (m_options.driver != u"QSQLITE")
        return;
    // SQLite takes its locks on the database and the index, not on the log: opening and closing it here drops
    // none.
    const UniqueFd log(
        ::open(QFile::encodeName(m_options.file + QStringLiteral("-wal")).constData(), O_RDWR | O_CLOEXEC));
    if (log.isValid() && ::fallocate(log.get(), FALLOC_FL_KEEP_SIZE, 0, ReservedLogBytes) != 0 &&
        errno == ENOSPC)
        qCWarning(dbLog, "no space could be reserved for the log of the database: the disk is full");
}

} // namespace hublet::db
