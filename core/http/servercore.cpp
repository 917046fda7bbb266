// SPDX-License-Identifier: Apache-2.0
#include "core/http/servercore.h"

#include "core/base/random.h"

#include <cstring>

namespace hublet::http {

namespace {

quint64 randomNumber()
{
    quint64 number = 0;
    std::memcpy(&number, randomBytes(sizeof(number)).constData(), sizeof(number));
    return number;
}

/// A bijection (splitmix64), so that consecutive numbers give ids that are distinct and easy to tell apart.
quint64 scramble(quint64 x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

} // namespace

ServerCore::ServerCore(const ServerOptions& options, Dispatch dispatch, WorkerPool& pool)
    : m_dispatch(std::move(dispatch)), m_pool(pool),
      m_maxRequestsPerConnection(options.maxRequestsPerConnection),
      m_connections({.head = options.headTime,
                     .keepAliveIdle = options.keepAliveIdleTime,
                     .bodyIdle = options.bodyIdleTime,
                     .bodyRateWindow = options.bodyRateWindow,
                     .answerStall = options.answerStallTime},
                    options.maxConnectionsPerAddress),
      m_policy(std::make_shared<const RequestPolicy>(options.policy)), m_nextRequest(randomNumber())
{
}

std::shared_ptr<const RequestPolicy> ServerCore::policy() const
{
    const std::lock_guard lock(m_policyMutex);
    return m_policy;
}

void ServerCore::setPolicy(RequestPolicy policy)
{
    auto shared = std::make_shared<const RequestPolicy>(std::move(policy));
    const std::lock_guard lock(m_policyMutex);
    m_policy.swap(shared);
}

QByteArray ServerCore::newRequestId()
{
    constexpr char kDigits[] = "0123456789abcdef";
    constexpr int kLength = 16;
    quint64 number = scramble(m_nextRequest.fetch_add(1, std::memory_order_relaxed));
    QByteArray id(kLength, Qt::Uninitialized);
    for (char& digit : id) {
        digit = kDigits[number & 0xF];
        number >>= 4;
    }
    return id;
}

void ServerCore::exchangeEnded()
{
    if (m_running.fetch_sub(1, std::memory_order_acq_rel) == 1 && isDraining()) {
        const std::lock_guard lock(m_idleMutex);
        m_idle.notify_all();
    }
}

bool ServerCore::waitUntilIdle(std::chrono::milliseconds time)
{
    std::unique_lock lock(m_idleMutex);
    return m_idle.wait_for(lock, time, [this] { return m_running.load(std::memory_order_acquire) == 0; });
}

ServerCounters ServerCore::snapshot() const
{
    ServerCounters counters;
    counters.openConnections = m_connections.size();
    counters.acceptedConnections = m_counters.accepted.load(std::memory_order_relaxed);
    counters.requests = m_counters.requests.load(std::memory_order_relaxed);
    counters.runningExchanges = m_running.load(std::memory_order_relaxed);
    counters.refusedRequests = m_counters.refused.load(std::memory_order_relaxed);
    counters.refusedHosts = m_counters.refusedHosts.load(std::memory_order_relaxed);
    counters.timedOutConnections = m_counters.timedOut.load(std::memory_order_relaxed);
    counters.receivedBodyBytes = m_counters.receivedBytes.load(std::memory_order_relaxed);
    counters.sentBodyBytes = m_counters.sentBytes.load(std::memory_order_relaxed);
    return counters;
}

} // namespace hublet::http
