// SPDX-License-Identifier: Apache-2.0
#include "core/base/workerlane.h"

#include <algorithm>
#include <utility>

namespace hublet {

std::shared_ptr<WorkerLane> WorkerLane::create(int atOnce)
{
    return std::shared_ptr<WorkerLane>(new WorkerLane(std::max(atOnce, 1)));
}

void WorkerLane::post(WorkerPool& pool, std::function<void()> work)
{
    Piece piece{&pool, std::move(work)};
    {
        const std::lock_guard lock(m_mutex);
        if (m_running == m_atOnce) {
            m_waiting.push_back(std::move(piece));
            return;
        }
        ++m_running;
    }
    start(std::move(piece));
}

void WorkerLane::start(Piece piece)
{
    WorkerPool& pool = *piece.pool;
    pool.post([self = shared_from_this(), work = std::move(piece.work)]() mutable {
        std::exchange(work, nullptr)(); // let go of before the next piece begins
        self->ended();
    });
}

void WorkerLane::ended()
{
    Piece next;
    {
        const std::lock_guard lock(m_mutex);
        if (m_waiting.empty()) {
            --m_running;
            return;
        }
        next = std::move(m_waiting.front());
        m_waiting.pop_front();
    }
    start(std::move(next));
}

} // namespace hublet
