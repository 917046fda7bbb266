// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/workerlane.h"
#include "core/http/bodysink.h"
#include "core/http/response.h"

#include <functional>
#include <memory>
#include <variant>

namespace hublet::http {

class Request;

/// What is to be done with a request whose headers have been read and whose body has not:
///
///     return Response::json(404, ...);                       // an answer now; a body is not read
///     return Reply::later([...] { return Response(...); });  // first some work that may wait, then any
///                                                            // Reply
///     return Reply::readBody({.maxBytes = kMaxBytes}, [...](QByteArray body) { return Response(...); });
///     return Reply::stream(std::make_unique<MySink>(...));
///
/// "100 Continue" goes out only when a readBody or a stream asks for the body.
class Reply {
public:
    using Work = std::function<Reply()>;
    using BodyWork = std::function<Response(QByteArray body)>;

    struct Later {
        Work work;
    };
    /// How a body is gathered.
    struct Gathering {
        qint64 maxBytes = 0; ///< more is answered 413
        /// Whoever sends it has shown no credential: such bodies have a budget of their own, so that they
        /// never keep the others waiting.
        bool fromStranger = false;
        /// Where the work is done on the worker pool; null: like any other.
        std::shared_ptr<WorkerLane> lane = nullptr;
    };
    struct Gather {
        Gathering how;
        BodyWork work;
    };

    /// An answer that needs no waiting.
    Reply(Response response); // NOLINT: implicit by design
    /// Runs `work` on the worker pool while the connection sleeps. The body is not read before it returns,
    /// and only if it asks for it.
    [[nodiscard]] static Reply later(Work work) { return Reply(Later{std::move(work)}); }
    /// Gathers the whole body, then runs `work` on the worker pool. A body of more than
    /// limits::kFreeBodyBytes is not read before there is room for it among all that are being gathered.
    [[nodiscard]] static Reply readBody(Gathering how, BodyWork work)
    {
        return Reply(Gather{std::move(how), std::move(work)});
    }
    /// Hands the body to `sink` as it comes. A request without a body gets finish() at once.
    [[nodiscard]] static Reply stream(std::unique_ptr<BodySink> sink) { return Reply(std::move(sink)); }

    /// For the server.
    using Action = std::variant<Response, Later, Gather, std::unique_ptr<BodySink>>;
    [[nodiscard]] Action takeAction() && { return std::move(m_action); }
    /// The work of later(); null for other replies.
    [[nodiscard]] const Later* asLater() const { return std::get_if<Later>(&m_action); }

private:
    explicit Reply(Later later) : m_action(std::move(later)) {}
    explicit Reply(Gather gather) : m_action(std::move(gather)) {}
    explicit Reply(std::unique_ptr<BodySink> sink) : m_action(std::move(sink)) {}

    Action m_action;
};

/// Decides what to do with a request. Called on an HTTP thread, from several at once: it must not wait for
/// anything.
using Dispatch = std::function<Reply(const Request& request)>;

} // namespace hublet::http
