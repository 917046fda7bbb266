// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/names.h"
#include "core/base/result.h"
#include "core/service/context/transfers.h"

#include <QObject>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace hublet::catalog {
struct Repository;
}

namespace hublet::service {

struct ServiceContext;

/// Brings what is stored into the form that a repository's Xet switch asks for: segments of xorbs when it is
/// on, whole files when it is off (DECISIONS 4). Works on a thread of its own, content by content, each
/// durable before the old bytes go; so it may be cut off at any time, and finds what is left when it looks
/// again. Shown in the list of transfers; EventBus::conversionChanged tells when there is something new.
/// Thread-safe.
class XetConversion {
public:
    /// `context` must outlive it. One that does not convert leaves everything to the next process that does.
    explicit XetConversion(ServiceContext& context, bool converts = true);
    ~XetConversion(); ///< cuts off what runs

    /// Looks at the repository soon, and converts what is not in the right form. What runs for it stops
    /// first: its switch may have been turned.
    void check(const RepositoryKey& key);
    /// Stops what runs or waits for the repository, until the next check() or start of the program: until
    /// then not even commits of contents in the other form begin it again.
    void cancel(const RepositoryKey& key);
    /// Something of the repository is being converted, or waits for its turn.
    [[nodiscard]] bool isUnderWay(const RepositoryKey& key) const;
    /// Waits until nothing of the repository is under way; false when it still is after `limit`.
    [[nodiscard]] bool waitForEnd(const RepositoryKey& key, std::chrono::milliseconds limit);
    [[nodiscard]] bool converts() const { return m_converts; }

private:
    void checkOnceMore(const QString& repository);
    bool stop(const RepositoryKey& key);
    [[nodiscard]] bool isQueued(const RepositoryKey& key) const;
    void loop();
    [[nodiscard]] Result<void> convert(const RepositoryKey& key, const CancelToken& cancel);
    [[nodiscard]] Result<void> convertAll(const catalog::Repository& repository, TransferHandle& progress,
                                          const CancelToken& cancel);

    ServiceContext& m_context;
    const bool m_converts;
    mutable std::mutex m_mutex; ///< guards the rest but the thread
    std::condition_variable m_changed;
    std::deque<RepositoryKey> m_waiting;
    std::optional<RepositoryKey> m_running;
    std::vector<RepositoryKey> m_cancelled; ///< not to be begun again by commits
    CancelToken m_cancel;                   ///< of what runs
    bool m_stop = false;
    QMetaObject::Connection m_commits;
    std::thread m_thread;
};

} // namespace hublet::service
