// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/workerpool.h"
#include "core/http/connection.h"
#include "core/http/response.h"

#include <QByteArray>

#include <deque>
#include <memory>
#include <mutex>

namespace hublet::http {

/// Runs a Response::Producer on the worker pool, a bounded way ahead of the HTTP thread that sends what it
/// makes.
class ProducerPump : public std::enable_shared_from_this<ProducerPump> {
public:
    ProducerPump(Response::Producer producer, WorkerPool& pool, std::shared_ptr<Connection> connection);

    enum class Read { Bytes, Wait, End, Error };
    struct ReadResult {
        Read outcome = Read::Wait;
        qsizetype count = 0; ///< bytes copied, for Read::Bytes
    };
    /// HTTP thread: copies up to `capacity` bytes to `buffer`. On Wait the connection has been put to sleep.
    [[nodiscard]] ReadResult read(char* buffer, qsizetype capacity);
    /// The client has gone, or has everything.
    void cancel();

private:
    void schedule(std::unique_lock<std::mutex>& lock);
    void run();

    WorkerPool& m_pool;
    const std::shared_ptr<Connection> m_connection;
    Response::Producer m_producer; ///< touched by the one running worker only

    std::mutex m_mutex;
    std::deque<QByteArray> m_pieces;
    qsizetype m_frontOffset = 0; ///< bytes of the first piece that were read
    qsizetype m_ahead = 0;       ///< bytes in m_pieces not yet read
    bool m_running = false;
    bool m_ended = false;
    bool m_failed = false;
    bool m_cancelled = false;
};

} // namespace hublet::http
