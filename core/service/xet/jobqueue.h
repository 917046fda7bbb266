// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/workerpool.h"

#include <functional>
#include <list>
#include <mutex>

namespace hublet::service {

/// Long jobs, a few at once. Those that wait for their turn report that they are at 0 of 0 every now and
/// then, as long as a running one reports anything: whoever watches sees a sign of life. Thread-safe.
class JobQueue {
public:
    using Job = std::function<void(const ProgressFunction& progress)>;

    static constexpr qint64 SignOfLifeMs = 10'000;

    JobQueue(int threads, const Clock& clock) : m_clock(clock), m_pool(threads) {}

    /// `progress` is called by one thread at a time and must neither wait nor add a job.
    void add(Job job, ProgressFunction progress);

private:
    void showLife();

    const Clock& m_clock;
    std::mutex m_mutex;
    std::list<ProgressFunction> m_waiting;
    qint64 m_lastSignMs = 0;
    WorkerPool m_pool; ///< last: waits for the jobs before the rest goes
};

} // namespace hublet::service
