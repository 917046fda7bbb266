// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/bodysink.h"
#include "core/http/response.h"

#include <functional>
#include <limits>
#include <memory>
#include <variant>

namespace hublet::http {

class Request;

/// What is to be done with a request whose headers have been read and whose body has not:
///
///     return Response::json(404, ...);                       // an answer now; a body is not read
///     return Reply::later([...] { return Response(...); });  // first some work that may wait, then any
///     Reply return Reply::readBody(kMaxBytes, [...](QByteArray body) { return Response(...); }); return
///     Reply::stream(std::make_unique<MySink>(...));
///
/// "100 Continue" goes out only when a readBody or a stream asks for the body.
class Reply {
public:
    using Work = std::function<Reply()>;
    using BodyWork = std::function<Response(QByteArray body)>;

    struct Later {
        Work work;
    };

    /// An answer that needs no waiting.
    Reply(Response response); // NOLINT: implicit by design
    /// Runs `work` on the worker pool while the connection sleeps. The body is not read before it returns,
    /// and only if it asks for it.
    [[nodiscard]] static Reply later(Work work) { return Reply(Later{std::move(work)}); }
    /// Collects the whole body, at most `maxBytes` (more is answered 413), then runs `work` on the worker
    /// pool.
    [[nodiscard]] static Reply readBody(qint64 maxBytes, BodyWork work);
    /// Hands the body to `sink` as it comes. A request without a body gets finish() at once.
    [[nodiscard]] static Reply stream(std::unique_ptr<BodySink> sink) { return Reply(std::move(sink)); }

    /// For the server.
    using Action = std::variant<Response, Later, std::unique_ptr<BodySink>>;
    [[nodiscard]] Action takeAction() && { return std::move(m_action); }
    /// The work of later(); null for other replies.
    [[nodiscard]] const Later* asLater() const { return std::get_if<Later>(&m_action); }
    /// A longer body is refused before it is read, where its length is announced. Bytes.
    [[nodiscard]] qint64 maxBodyBytes() const { return m_maxBodyBytes; }

private:
    explicit Reply(Later later) : m_action(std::move(later)) {}
    explicit Reply(std::unique_ptr<BodySink> sink) : m_action(std::move(sink)) {}

    Action m_action;
    qint64 m_maxBodyBytes = std::numeric_limits<qint64>::max();
};

/// Decides what to do with a request. Called on an HTTP thread, from several at once: it must not wait for
/// anything.
using Dispatch = std::function<Reply(const Request& request)>;

} // namespace hublet::http
