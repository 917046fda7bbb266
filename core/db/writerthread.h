// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/connection.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace hublet::db {

/// The one thread that writes: owns the writing connection, runs jobs one after another and makes all
/// checkpoints, in the pauses between jobs. When a database server hangs up, the job under way fails and the
/// next one is run on a new connection. After a failed sync it refuses every further job until the
/// program is restarted.
class WriterThread {
public:
    using Job = std::function<Result<void>(Connection&)>;

    /// `reconnected` prepares a connection that replaces one the server closed; its error is that of the job
    /// that waits for it.
    WriterThread(DatabaseOptions options, Job reconnected);
    /// Finishes the queued jobs, folds the log into the database file and closes the connection.
    ~WriterThread();

    /// Opens the connection; call once before run().
    [[nodiscard]] Result<void> start();
    /// Runs `job` on the thread and waits for its result. The queue is bounded by the number of callers, as
    /// each waits.
    [[nodiscard]] Result<void> run(const Job& job);
    /// False after a failed sync. Thread-safe.
    [[nodiscard]] bool acceptsWrites() const { return !m_syncFailed.load(std::memory_order_acquire); }

private:
    struct Pending {
        const Job* job;
        std::promise<Result<void>> done;
    };

    void loop(std::promise<Result<void>> started);
    [[nodiscard]] Result<void> runJob(std::unique_ptr<Connection>& connection, const Job& job);
    [[nodiscard]] Result<void> reconnect(std::unique_ptr<Connection>& connection) const;
    /// False when something of the log had to stay in it, because a reader still needs it or the disk failed.
    bool checkpoint(Connection& connection, const QString& mode);
    void cutBackLongLog(Connection& connection);
    void reserveLogSpace() const;

    const DatabaseOptions m_options;
    const Job m_reconnected;
    std::thread m_thread;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Pending*> m_queue;
    bool m_stop = false;
    std::atomic_bool m_syncFailed = false;
    qint64 m_longLogBytes; ///< size of the log file at which the next cut back is tried; touched by the
                           ///< thread only
};

} // namespace hublet::db
