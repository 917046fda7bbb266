// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/jobqueue.h"

#include <utility>

namespace hublet::service {

JobQueue::JobQueue(int threads, std::chrono::milliseconds signOfLife)
    : m_signOfLife(signOfLife), m_signs([this] { showLife(); }), m_pool(threads)
{
}

JobQueue::~JobQueue()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        for (const Entry& entry : m_jobs)
            entry.cancel.cancel();
    }
    m_ended.notify_all();
    m_signs.join();
}

void JobQueue::add(Job job, ProgressFunction progress, CancelToken cancel)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = m_jobs.insert(m_jobs.end(), Entry{std::move(progress), std::move(cancel)});
    m_pool.post([this, entry, job = std::move(job)] {
        const Ended ended =
            job([&](qint64 done, qint64 total) { report(*entry, done, total); }, entry->cancel);
        {
            const std::lock_guard end(m_mutex);
            m_jobs.erase(entry);
        }
        ended();
    });
}

void JobQueue::report(Entry& entry, qint64 done, qint64 total)
{
    const std::lock_guard lock(m_mutex);
    entry.done = done;
    entry.total = total;
    entry.reported = true;
    if (entry.progress)
        entry.progress(done, total);
}

void JobQueue::showLife()
{
    std::unique_lock lock(m_mutex);
    while (!m_ended.wait_for(lock, m_signOfLife, [this] { return m_ending; })) {
        for (Entry& entry : m_jobs) {
            if (!std::exchange(entry.reported, false) && entry.progress)
                entry.progress(entry.done, entry.total);
        }
    }
}

} // namespace hublet::service
