// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/request.h"
#include "core/http/server.h"
#include "rawclient.h"

#include <memory>

namespace hublet::http {

/// A server on a free port with a worker pool of its own, stopped before the pool goes.
class TestServer {
public:
    explicit TestServer(Dispatch dispatch, Server::Options options = {}, int workers = 4) : m_pool(workers)
    {
        options.port = 0;
        Result<std::unique_ptr<Server>> started =
            Server::start(std::move(options), std::move(dispatch), m_pool);
        if (!started)
            qFatal("%s", qUtf8Printable(started.error().describe()));
        m_server = std::move(*started);
    }
    ~TestServer()
    {
        m_server->stop(std::chrono::milliseconds(0));
        m_pool.waitForDone();
    }

    [[nodiscard]] Server& server() { return *m_server; }
    [[nodiscard]] WorkerPool& pool() { return m_pool; }
    [[nodiscard]] quint16 port() const { return m_server->port(); }
    [[nodiscard]] RawClient client() const { return RawClient(port()); }

private:
    WorkerPool m_pool;
    std::unique_ptr<Server> m_server;
};

} // namespace hublet::http
