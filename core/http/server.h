// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/workerpool.h"
#include "core/http/limits.h"
#include "core/http/reply.h"
#include "core/http/requestcheck.h"

#include <QByteArray>
#include <QList>

#include <chrono>
#include <memory>

namespace hublet::http {

/// How to run a Server. The defaults are what ships; tests make the times short.
struct ServerOptions {
    /// Numeric addresses to listen on, all with the same port. An IPv6 address on a machine without IPv6 is
    /// skipped.
    QList<QByteArray> addresses = {"127.0.0.1", "::1"};
    quint16 port = 8082; ///< 0: any free one (tests)
    int threads = 2;     ///< that serve connections; more than the cores brings nothing

    RequestPolicy
        policy; ///< Host and Origin allow-lists, listed proxies; the port is filled in by the server

    int maxConnections = limits::kConnections;
    int maxConnectionsPerAddress = limits::kConnectionsPerAddress;
    int maxRequestsPerConnection = limits::kRequestsPerConnection;
    std::chrono::milliseconds headTime = limits::kHeadTime;
    std::chrono::milliseconds keepAliveIdleTime = limits::kKeepAliveIdleTime;
    std::chrono::milliseconds bodyIdleTime = limits::kBodyIdleTime;
    std::chrono::milliseconds bodyRateWindow = limits::kBodyRateWindow;
    std::chrono::milliseconds answerStallTime = limits::kAnswerStallTime;
};

/// Numbers for a status page, since start.
struct ServerCounters {
    qint64 openConnections = 0;
    qint64 acceptedConnections = 0;
    qint64 requests = 0;         ///< that reached the dispatch function
    qint64 runningExchanges = 0; ///< begun and not yet answered completely
    qint64 refusedRequests = 0;  ///< answered by the checks of requestcheck.h
    qint64 refusedHosts =
        0; ///< of those, for their Host header (reliability 3.2: a counter instead of a log line)
    qint64 timedOutConnections = 0;
    qint64 receivedBodyBytes = 0;
    qint64 sentBodyBytes = 0; ///< of answers of known length that were sent completely
};

/// An HTTP/1.1 server over libmicrohttpd. What it accepts is in core/http/README.md.
///
/// All members may be called from any thread, but start and stop one server from one thread at a time.
/// Handlers run on its own threads (Dispatch) and on the WorkerPool (everything that may wait).
class Server {
public:
    using Options = ServerOptions;

    /// Listens before it returns. A port in use is an error of code Busy that names the port; another port is
    /// never taken. `pool` must outlive the server, and whatever the handlers use must outlive the pool's
    /// work: stop the server, wait for the pool, then let go of the services.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(Options options, Dispatch dispatch,
                                                               WorkerPool& pool);
    ~Server(); ///< stop()

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] quint16 port() const;
    /// The numeric addresses it really listens on.
    [[nodiscard]] QList<QByteArray> addresses() const;
    [[nodiscard]] ServerCounters counters() const;

    /// Takes new allow-lists and proxies into force for the next request.
    void setPolicy(RequestPolicy policy);

    /// Stops accepting, lets running exchanges finish for up to `grace`, then cuts them (sinks get abort())
    /// and returns when no HTTP thread is left. A second call does nothing.
    void stop(std::chrono::milliseconds grace = limits::kStopTime);

private:
    class Private;
    explicit Server(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace hublet::http
