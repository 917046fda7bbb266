// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <functional>
#include <memory>

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

    void waitForDone();

private:
    QThreadPool m_pool;
};

} // namespace hublet
