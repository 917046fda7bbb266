// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/bodybudget.h"
#include "core/http/bodypump.h"
#include "core/http/connection.h"
#include "core/http/reply.h"
#include "core/http/request.h"
#include "core/http/requestcheck.h"
#include "core/http/servercore.h"

#include <QByteArray>

#include <memory>
#include <mutex>
#include <optional>

struct MHD_Connection;

namespace hublet::http {

/// One request and its answer. Driven by libmicrohttpd's callbacks on the HTTP thread of its connection;
/// handlers run on the worker pool and may still be running when the connection has long gone.
class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    /// A new exchange that lives at least until completed(). `target` is a copy: libmicrohttpd cuts the
    /// original up.
    [[nodiscard]] static Exchange* create(std::shared_ptr<ServerCore> core,
                                          std::shared_ptr<Connection> connection, QByteArray target);
    ~Exchange();

    /// What a callback has to return to libmicrohttpd.
    enum class Outcome { Continue, Close };
    /// The request handler: called when the head is complete, then for each piece of the body, then when the
    /// body is complete, and after each wake-up. `size` is in: bytes at `data`; out: bytes left over.
    [[nodiscard]] Outcome advance(MHD_Connection* mhd, const char* method, const char* version,
                                  const char* data, std::size_t* size);
    /// The last call: the answer was sent, or the connection is lost.
    void completed(bool answered);

private:
    enum class Step {
        Head,      ///< nothing has been looked at
        Dispatch,  ///< the request is good; the handler has not been asked
        Working,   ///< Reply::later runs
        Room,      ///< waits for room for a body that is to be gathered
        Body,      ///< the body goes to the sink
        Finishing, ///< the body is complete, the sink makes the answer
        Answered,
    };
    Exchange(std::shared_ptr<ServerCore> core, std::shared_ptr<Connection> connection, QByteArray target);

    Outcome onHead(MHD_Connection* mhd, const char* method, const char* version);
    Outcome onDispatch(MHD_Connection* mhd);
    Outcome onWorking(MHD_Connection* mhd);
    Outcome onBody(const char* data, std::size_t* size);
    Outcome onFinishing(MHD_Connection* mhd);
    Outcome take(MHD_Connection* mhd, Reply reply);
    Outcome claimRoom(MHD_Connection* mhd, Reply::Gather gather);
    Outcome onRoom(MHD_Connection* mhd);
    Outcome startBody(MHD_Connection* mhd, std::unique_ptr<BodySink> sink);
    std::unique_ptr<BodyPump> pumpFor(std::unique_ptr<BodySink> sink);
    Outcome answer(MHD_Connection* mhd, Response response);
    Outcome refuse(MHD_Connection* mhd, const Refusal& refusal);
    Outcome answerEarly(Response response);
    void runLater(Reply::Work work);
    void deliver(Reply reply);
    void prepare(Response& response);

    std::shared_ptr<Exchange> m_self; ///< until completed()
    const std::shared_ptr<ServerCore> m_core;
    const std::shared_ptr<Connection> m_connection;
    const std::shared_ptr<const RequestPolicy> m_policy;
    QByteArray m_target;
    Request m_request;
    OriginVerdict m_origin = OriginVerdict::Plain;

    // HTTP thread only.
    Step m_step = Step::Head;
    bool m_begun = false;      ///< counted as running
    bool m_bodyUnread = false; ///< a body may come that nobody has asked for
    std::unique_ptr<BodyPump> m_pump;
    std::optional<Reply::Gather> m_gather;     ///< for which m_room is claimed
    std::unique_ptr<BodyBudget::Claim> m_room; ///< while it is waited for
    qint64 m_answerBytes = 0;
    Response::Finished m_finished;
    bool m_reporting = false; ///< the connection reports what the client takes

    std::mutex m_mutex;
    bool m_lost = false;              ///< completed() was called
    std::optional<Reply> m_delivered; ///< what Reply::later came to
};

} // namespace hublet::http
