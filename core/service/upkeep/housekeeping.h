// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hublet::service {

struct ServiceContext;
class DownloadCounter;
class Maintenance;

/// What nobody asks for but must happen now and then: counted downloads and the times of token use go to the
/// database, the store is swept once a day, counted across restarts, and re-hashed bit by bit. Runs on a
/// thread of its own; failures go to the log and are tried again when due; what gave way to another job is
/// tried again an hour later.
class Housekeeping {
public:
    /// Everything passed in outlives this object.
    Housekeeping(const ServiceContext& context, DownloadCounter& downloads, Maintenance& maintenance);
    ~Housekeeping(); ///< cancels what runs and stores what was counted

    /// Does what is due by the clock now. The thread calls it; tests may too.
    void runDue();

private:
    struct Task {
        const char* name;
        qint64 everyMs;
        std::function<Result<void>()> run;
        bool atEnd; ///< also when the program stops
        qint64 dueMs;
    };
    [[nodiscard]] Result<void> storeDownloads();
    [[nodiscard]] Result<void> sweep();
    [[nodiscard]] Result<void> scrub();
    [[nodiscard]] CancelToken newJob(); ///< cancelled already when the program stops
    [[nodiscard]] qint64 firstSweepMs(qint64 nowMs) const;
    [[nodiscard]] static bool run(const Task& task); ///< false when it gave way to another job
    void loop();

    const ServiceContext& m_context;
    DownloadCounter& m_downloads;
    Maintenance& m_maintenance;
    std::mutex m_tasksMutex;
    std::vector<Task> m_tasks;
    std::mutex m_stopMutex; ///< guards the next two
    bool m_stop = false;
    CancelToken m_cancel; ///< of the maintenance job that runs
    std::condition_variable m_wake;
    std::thread m_thread;
};

} // namespace hublet::service
