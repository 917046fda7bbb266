// SPDX-License-Identifier: Apache-2.0
#include "core/base/workerpool.h"

#include <algorithm>

namespace hublet {

// Standard threads and locks: ThreadSanitizer follows the work that they hand over; it cannot look into Qt's
// libraries.
WorkerPool::WorkerPool(int threads)
{
    const int count = std::max(threads, 1);
    m_threads.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        m_threads.emplace_back([this] { serve(); });
}

WorkerPool::~WorkerPool()
{
    waitForDone();
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_posted.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void WorkerPool::post(std::function<void()> work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(work));
    }
    m_posted.notify_one();
}

void WorkerPool::waitForDone()
{
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_queue.empty() && m_running == 0; });
}

void WorkerPool::serve()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_posted.wait(lock, [this] { return m_ending || !m_queue.empty(); });
        if (m_queue.empty())
            return;
        {
            const std::function<void()> next = std::move(m_queue.front());
            m_queue.pop_front();
            ++m_running;
            lock.unlock();
            next();
        } // what the work holds is let go of outside the lock, and before it counts as done
        lock.lock();
        --m_running;
        if (m_queue.empty() && m_running == 0)
            m_done.notify_all();
    }
}

} // namespace hublet
