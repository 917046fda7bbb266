// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

#include <memory>
#include <mutex>

namespace hublet::http {

class Connection;

/// The body of an answer that is written while it is sent, from any thread and at any time: progress of work
/// that runs elsewhere. What is written goes out at once. There is no back-pressure: for little text only.
/// Thread-safe.
class BodyChannel {
public:
    void write(const QByteArray& bytes);
    /// The body is complete. Whoever writes calls one of the two last.
    void end();
    /// The body will never be complete: closes the connection, so that a cut answer never looks complete.
    void fail();

    // For the server, on an HTTP thread.

    void attach(std::shared_ptr<Connection> connection);
    enum class Read { Bytes, Wait, End, Error };
    struct ReadResult {
        Read outcome = Read::Wait;
        qsizetype count = 0; ///< bytes copied, for Read::Bytes
    };
    /// Copies up to `capacity` bytes to `buffer`. On Wait the connection has been put to sleep.
    [[nodiscard]] ReadResult read(char* buffer, qsizetype capacity);

private:
    enum class State { Open, Ended, Failed };

    [[nodiscard]] ReadResult take(char* buffer, qsizetype capacity);
    void close(State state);
    void wake() const;

    mutable std::mutex m_mutex;
    std::shared_ptr<Connection> m_connection;
    QByteArray m_pending;
    State m_state = State::Open;
};

} // namespace hublet::http
