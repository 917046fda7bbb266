// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/sharedroom.h"
#include "core/http/bodybudget.h"
#include "core/http/connectiontable.h"
#include "core/http/limits.h"
#include "core/http/reply.h"
#include "core/http/server.h"

#include <QByteArray>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace hublet::http {

/// What all exchanges of one server share. Lives until the last of them is gone, which may be after the
/// server.
class ServerCore {
public:
    ServerCore(const ServerOptions& options, Dispatch dispatch, WorkerPool& pool);

    [[nodiscard]] Reply dispatch(const Request& request) const { return m_dispatch(request); }
    [[nodiscard]] WorkerPool& pool() const { return m_pool; }
    [[nodiscard]] SharedRoom& bodyRoom() { return m_bodyRoom; }
    /// For bodies that are gathered whole; those of callers without a credential have a part of their own.
    [[nodiscard]] BodyBudget& gatheringRoom(bool ofStrangers)
    {
        return ofStrangers ? m_strangersRoom : m_gatheringRoom;
    }
    [[nodiscard]] ConnectionTable& connections() { return m_connections; }
    [[nodiscard]] int maxRequestsPerConnection() const { return m_maxRequestsPerConnection; }

    [[nodiscard]] std::shared_ptr<const RequestPolicy> policy() const;
    void setPolicy(RequestPolicy policy);

    /// 16 hex digits, never the same twice.
    [[nodiscard]] QByteArray newRequestId();

    /// The server is about to stop: every answer closes its connection.
    void setDraining() { m_draining.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool isDraining() const { return m_draining.load(std::memory_order_relaxed); }

    void exchangeBegun() { m_running.fetch_add(1, std::memory_order_relaxed); }
    void exchangeEnded();
    /// False when the time is up first.
    bool waitUntilIdle(std::chrono::milliseconds time);

    struct Counters {
        std::atomic<qint64> accepted{0};
        std::atomic<qint64> requests{0};
        std::atomic<qint64> refused{0};
        std::atomic<qint64> refusedHosts{0};
        std::atomic<qint64> timedOut{0};
        std::atomic<qint64> receivedBytes{0};
        std::atomic<qint64> sentBytes{0};
    };
    [[nodiscard]] Counters& counters() { return m_counters; }
    [[nodiscard]] ServerCounters snapshot() const;

private:
    const Dispatch m_dispatch;
    WorkerPool& m_pool;
    SharedRoom m_bodyRoom{
        {limits::kBodyQueueTotalBytes, limits::kBodyQueueLeastBytes, limits::kBodyQueueMostBytes}};
    BodyBudget m_gatheringRoom{limits::kGatheredTotalBytes};
    BodyBudget m_strangersRoom{limits::kGatheredStrangersBytes};
    const int m_maxRequestsPerConnection;
    ConnectionTable m_connections;

    mutable std::mutex m_policyMutex;
    std::shared_ptr<const RequestPolicy> m_policy;

    std::atomic<quint64> m_nextRequest;
    std::atomic<bool> m_draining{false};
    std::atomic<qint64> m_running{0};
    std::mutex m_idleMutex;
    std::condition_variable m_idle;
    Counters m_counters;
};

} // namespace hublet::http
