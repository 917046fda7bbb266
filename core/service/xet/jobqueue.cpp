// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/jobqueue.h"

namespace hublet::service {

void JobQueue::add(Job job, ProgressFunction progress)
{
    const std::lock_guard lock(m_mutex);
    const auto place = m_waiting.insert(m_waiting.end(), std::move(progress));
    m_pool.post([this, place, job = std::move(job)] {
        ProgressFunction progress;
        {
            const std::lock_guard turn(m_mutex);
            progress = std::move(*place);
            m_waiting.erase(place);
        }
        job([&](qint64 done, qint64 total) {
            progress(done, total);
            showLife();
        });
    });
}

void JobQueue::showLife()
{
    const std::lock_guard lock(m_mutex);
    const qint64 nowMs = m_clock.nowMs();
    if (nowMs < m_lastSignMs + SignOfLifeMs)
        return;
    m_lastSignMs = nowMs;
    for (const ProgressFunction& progress : m_waiting)
        progress(0, 0);
}

} // namespace hublet::service
