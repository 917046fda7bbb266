// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/extent.h"
#include "core/base/result.h"
#include "core/http/bodychannel.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace hublet::http {

/// An answer: status, headers, body. A plain value; build it in any thread.
///
/// For HEAD give the same Response as for GET: the server sends its headers, Content-Length included, and no
/// body. Content-Length, Transfer-Encoding, Connection and Date are the server's; X-Request-Id is added
/// unless set.
class Response {
public:
    struct Header {
        QByteArray name;
        QByteArray value;
    };

    /// A body made while it is sent: each call returns the next bytes, empty at the end. Called on the worker
    /// pool, never twice at once, only as fast as the client reads. An error closes the connection, so that a
    /// cut answer never looks complete. Destroyed, on any thread, when the answer was sent or the client has
    /// gone. Sent chunked.
    using Producer = std::function<Result<QByteArray>()>;
    /// For HEAD only: the length that GET would send, when making the body just to measure it is a waste.
    struct Omitted {
        qint64 length = 0; ///< bytes
    };
    /// A body that somebody else writes while it is sent. Sent chunked.
    using Channel = std::shared_ptr<BodyChannel>;
    /// No body; bytes; runs of files one after the other; produced; written; left out.
    using Body = std::variant<std::monostate, QByteArray, std::vector<Extent>, Producer, Channel, Omitted>;

    explicit Response(int status = 200) : m_status(status) {}

    [[nodiscard]] static Response empty(int status) { return Response(status); }
    [[nodiscard]] static Response bytes(int status, QByteArray body, QByteArray contentType);
    /// "application/json; charset=utf-8"
    [[nodiscard]] static Response json(int status, QByteArray body);
    /// "text/plain; charset=utf-8"
    [[nodiscard]] static Response text(int status, QByteArray body);
    [[nodiscard]] static Response extents(int status, std::vector<Extent> body, QByteArray contentType);
    [[nodiscard]] static Response produced(int status, Producer body, QByteArray contentType);
    [[nodiscard]] static Response written(int status, Channel body, QByteArray contentType);
    /// An error as clients of the Hub read it: {"error": "<message>"}, and the same in X-Error-Message (the
    /// first 1,000 characters, as one line of Latin-1).
    [[nodiscard]] static Response refusal(int status, const QString& message);

    [[nodiscard]] int status() const { return m_status; }
    void setStatus(int status) { m_status = status; }

    [[nodiscard]] const std::vector<Header>& headers() const { return m_headers; }
    /// The value of the first header of that name, without regard to case; null when there is none.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /// Replaces headers of that name. `value` must be free of CR, LF and NUL: such a header is left out and
    /// logged.
    Response& setHeader(QByteArray name, QByteArray value) &;
    Response&& setHeader(QByteArray name, QByteArray value) &&;
    /// Adds one more header of that name.
    Response& addHeader(QByteArray name, QByteArray value) &;
    Response&& addHeader(QByteArray name, QByteArray value) &&;

    [[nodiscard]] const Body& body() const { return m_body; }
    [[nodiscard]] Body& body() { return m_body; }
    void setBody(Body body) { m_body = std::move(body); }
    /// Bytes that GET sends; -1 when it is produced or written and so unknown.
    [[nodiscard]] qint64 contentLength() const;

    /// Called at most once, when the exchange is over: true when the answer was sent completely, false when
    /// the client went away before. Runs on an HTTP thread: it must not wait. Dropped uncalled when the
    /// answer was never begun.
    using Finished = std::function<void(bool sent)>;
    void setFinished(Finished finished) { m_finished = std::move(finished); }
    /// For the server.
    [[nodiscard]] Finished takeFinished() { return std::exchange(m_finished, {}); }

    /// Called now and then while the answer is being sent, not after Finished: bytes of it, head included,
    /// that the client has taken so far. Runs on a thread of the server's own: it must not wait.
    using Progress = std::function<void(qint64 bytes)>;
    void setProgress(Progress progress) { m_progress = std::move(progress); }
    /// For the server.
    [[nodiscard]] Progress takeProgress() { return std::exchange(m_progress, {}); }

    /// Close the connection after this answer.
    void setClosing() { m_closing = true; }
    [[nodiscard]] bool isClosing() const { return m_closing; }

private:
    int m_status;
    bool m_closing = false;
    std::vector<Header> m_headers;
    Body m_body;
    Finished m_finished;
    Progress m_progress;
};

} // namespace hublet::http
