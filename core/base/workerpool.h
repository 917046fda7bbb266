// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFuture>
#include <QPromise>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace hublet {

/// A bounded set of threads for work that may wait or compute for long: hashing, syncing, database writes on behalf
/// of a request. Destruction waits for what runs and drops nothing that was queued. Thread-safe.
class WorkerPool {
public:
    explicit WorkerPool(int threads);
    ~WorkerPool();

    void post(std::function<void()> work);

    /// Runs `work` on the pool; the future ends with its value. For services that the window calls.
    template <typename F>
    [[nodiscard]] auto run(F work) -> QFuture<decltype(work())>
    {
        auto promise = std::make_shared<QPromise<decltype(work())>>();
        auto future = promise->future();
        promise->start();
        post([promise, work = std::move(work)]() mutable {
            promise->addResult(work());
            promise->finish();
        });
        return future;
    }

    /// Returns when nothing is queued and nothing runs.
    void waitForDone();

private:
    void serve();

    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::condition_variable m_done;
    std::deque<std::function<void()>> m_queue;
    std::size_t m_running = 0;
    bool m_ending = false;
    std::vector<std::thread> m_threads;
};

} // namespace hublet
