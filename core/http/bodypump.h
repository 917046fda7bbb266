// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/sharedroom.h"
#include "core/base/workerpool.h"
#include "core/http/bodysink.h"
#include "core/http/connection.h"

#include <QByteArray>
#include <QByteArrayView>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace hublet::http {

/// Carries a body from the HTTP thread, which must not wait, to a BodySink on the worker pool, which may.
/// Holds at most its share of `room`; wakes the connection when there is room again and when the answer
/// is there.
class BodyPump {
public:
    /// `owner` owns this object and the request; it is kept alive while a worker is in here.
    BodyPump(std::unique_ptr<BodySink> sink, WorkerPool& pool, SharedRoom& room,
             std::shared_ptr<Connection> connection, std::weak_ptr<void> owner);

    // HTTP thread.

    /// Takes as much of `bytes` as there is room for and returns how much. After the sink failed everything
    /// is taken and thrown away.
    [[nodiscard]] qsizetype push(QByteArrayView bytes);
    /// The body is complete.
    void end();
    /// There will be no more. Does nothing when the sink has had its last call.
    void abort();
    /// What finishLater() or failed() came to, once.
    [[nodiscard]] std::optional<Response> takeAnswer();

private:
    [[nodiscard]] bool hasWork() const;
    void schedule(std::unique_lock<std::mutex>& lock);
    void run();
    void finish();
    void recycle(QByteArray block, qsizetype handedOver);
    void conclude(std::optional<Response> answer);

    WorkerPool& m_pool;
    const SharedRoom::Share m_room;
    const std::shared_ptr<Connection> m_connection;
    const std::weak_ptr<void> m_owner;
    std::unique_ptr<BodySink> m_sink; ///< touched by the one running worker only

    std::mutex m_mutex;
    std::deque<QByteArray> m_blocks; ///< all but the last are full
    std::vector<QByteArray> m_spare; ///< emptied blocks: fresh memory of this size costs more than the copy
    qsizetype m_queued = 0;          ///< bytes in m_blocks and in the sink's hands
    qint64 m_received = 0;           ///< bytes so far
    bool m_full = false;             ///< push() has been told to wait
    bool m_running = false;          ///< a worker is in run(), or the answer comes later
    bool m_ended = false;
    bool m_aborted = false;
    bool m_concluded = false; ///< the sink has had its last call
    std::optional<Response> m_answer;
};

} // namespace hublet::http
