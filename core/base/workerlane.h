// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/workerpool.h"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace hublet {

/// Work of one kind that may be on a WorkerPool only a few pieces at a time, however much of it there is, so
/// that everything else finds a free worker. What waits its turn goes to the end of the pool's queue when it
/// comes. Thread-safe.
class WorkerLane : public std::enable_shared_from_this<WorkerLane> {
public:
    /// `atOnce`: pieces on the pool, at least 1.
    [[nodiscard]] static std::shared_ptr<WorkerLane> create(int atOnce);

    /// `pool` must live until `work` has run. Keeps the lane alive until then.
    void post(WorkerPool& pool, std::function<void()> work);

private:
    struct Piece {
        WorkerPool* pool = nullptr;
        std::function<void()> work;
    };
    explicit WorkerLane(int atOnce) : m_atOnce(atOnce) {}

    void start(Piece piece);
    void ended();

    const int m_atOnce;
    std::mutex m_mutex;
    int m_running = 0; ///< on a pool
    std::deque<Piece> m_waiting;
};

} // namespace hublet
