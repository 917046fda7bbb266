// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/workerpool.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace hublet::service {

/// Long jobs, a few at once. Each gives signs of life to whoever watches it, from add() to its end: when it
/// has reported nothing for a while, because it waits for its turn or is busy with what cannot be counted,
/// its last report is repeated, 0 of 0 before the first. Thread-safe.
class JobQueue {
public:
    /// What a job returns is called after its last report.
    using Ended = std::function<void()>;
    /// Must end soon after `cancel` is cancelled.
    using Job = std::function<Ended(const ProgressFunction& progress, const CancelToken& cancel)>;

    /// A job is never silent for more than twice as long. Clients give up after 300 s and want a line about
    /// every 20 s (xet.md 6.8).
    static constexpr std::chrono::milliseconds SignOfLife{10'000};

    explicit JobQueue(int threads, std::chrono::milliseconds signOfLife = SignOfLife);
    /// Cancels all jobs, also those that have not begun, and waits for their end.
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    /// `progress` is called by one thread at a time and must neither wait nor add a job; it may be empty.
    /// A job that is cancelled before its turn still gets it.
    void add(Job job, ProgressFunction progress, CancelToken cancel);

private:
    struct Entry {
        ProgressFunction progress;
        CancelToken cancel;
        qint64 done = 0;
        qint64 total = 0;
        bool reported = false; ///< since the last sign of life
    };

    void report(Entry& entry, qint64 done, qint64 total);
    void showLife();

    const std::chrono::milliseconds m_signOfLife;
    std::mutex m_mutex;
    std::condition_variable m_ended;
    bool m_ending = false;
    std::list<Entry> m_jobs; ///< that wait or run
    std::thread m_signs;
    WorkerPool m_pool; ///< last: waits for the jobs before the rest goes
};

} // namespace hublet::service
