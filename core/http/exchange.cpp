// SPDX-License-Identifier: Apache-2.0
#include "core/http/exchange.h"

#include "core/http/answer.h"
#include "core/http/collectingsink.h"
#include "core/http/limits.h"
#include "core/http/requestbuilder.h"

#include <microhttpd.h>
#include <sys/socket.h>

namespace hublet::http {

namespace {

constexpr std::size_t kUsualHeaders = 16; ///< room that spares most requests a reallocation

MHD_Result collectHeader(void* headers, MHD_ValueKind, const char* name, std::size_t nameSize,
                         const char* value, std::size_t valueSize)
{
    static_cast<std::vector<Request::Header>*>(headers)->push_back(
        {QByteArrayView(name, static_cast<qsizetype>(nameSize)),
         QByteArrayView(value, static_cast<qsizetype>(valueSize))});
    return MHD_YES;
}

} // namespace

Exchange::Exchange(std::shared_ptr<ServerCore> core, std::shared_ptr<Connection> connection,
                   QByteArray target)
    : m_core(std::move(core)), m_connection(std::move(connection)), m_policy(m_core->policy()),
      m_target(std::move(target))
{
}

Exchange::~Exchange() = default;

Exchange* Exchange::create(std::shared_ptr<ServerCore> core, std::shared_ptr<Connection> connection,
                           QByteArray target)
{
    std::shared_ptr<Exchange> exchange(
        new Exchange(std::move(core), std::move(connection), std::move(target)));
    Exchange* const raw = exchange.get();
    raw->m_self = std::move(exchange);
    return raw;
}

Exchange::Outcome Exchange::advance(MHD_Connection* mhd, const char* method, const char* version,
                                    const char* data, std::size_t* size)
{
    switch (m_step) {
    case Step::Head:
        return onHead(mhd, method, version);
    case Step::Dispatch:
        return onDispatch(mhd);
    case Step::Working:
        return onWorking(mhd);
    case Step::Room:
        return onRoom(mhd);
    case Step::Body:
        if (*size > 0)
            return onBody(data, size);
        m_pump->end();
        m_connection->enter(Phase::Working);
        m_step = Step::Finishing;
        return onFinishing(mhd);
    case Step::Finishing:
        return onFinishing(mhd);
    case Step::Answered:
        break;
    }
    return Outcome::Close;
}

Exchange::Outcome Exchange::onHead(MHD_Connection* mhd, const char* method, const char* version)
{
    m_begun = true;
    m_core->exchangeBegun();
    m_connection->enter(Phase::Working);

    RequestHead head{method, m_target, version, {}};
    head.headers.reserve(kUsualHeaders);
    MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, collectHeader, &head.headers);
    const RequestBuilder::Context context{*m_policy, m_connection->peerText(), m_core->newRequestId(),
                                          m_connection->ownAddress()};
    const std::optional<Refusal> refusal =
        RequestBuilder::build(std::move(head), context, m_request, m_origin);
    m_bodyUnread = m_request.hasBody();
    if (refusal)
        return refuse(mhd, *refusal);
    m_step = Step::Dispatch;
    // An answer given now would close the connection; without a body libmicrohttpd comes back at once for the
    // answer.
    return m_bodyUnread ? onDispatch(mhd) : Outcome::Continue;
}

Exchange::Outcome Exchange::onDispatch(MHD_Connection* mhd)
{
    if (m_origin == OriginVerdict::Preflight)
        return answer(mhd, preflightAnswer(m_request));
    m_core->counters().requests.fetch_add(1, std::memory_order_relaxed);
    return take(mhd, m_core->dispatch(m_request));
}

Exchange::Outcome Exchange::take(MHD_Connection* mhd, Reply reply)
{
    Reply::Action action = std::move(reply).takeAction();
    if (auto* const later = std::get_if<Reply::Later>(&action)) {
        m_step = Step::Working;
        runLater(std::move(later->work));
        return onWorking(mhd);
    }
    if (auto* const gather = std::get_if<Reply::Gather>(&action))
        return claimRoom(mhd, std::move(*gather));
    if (auto* const sink = std::get_if<std::unique_ptr<BodySink>>(&action))
        return startBody(mhd, std::move(*sink));
    return answer(mhd, std::get<Response>(std::move(action)));
}

Exchange::Outcome Exchange::claimRoom(MHD_Connection* mhd, Reply::Gather gather)
{
    const qint64 length = m_request.contentLength();
    if (length > gather.how.maxBytes)
        return refuse(mhd, {413, "The body is too large."});
    const qint64 bytes = length < 0 ? gather.how.maxBytes : length;
    m_room = m_core->gatheringRoom(gather.how.fromStranger)
                 .claim(bytes > limits::kFreeBodyBytes ? bytes : 0,
                        [connection = m_connection] { connection->wake(); });
    m_gather = std::move(gather);
    m_step = Step::Room;
    return onRoom(mhd);
}

Exchange::Outcome Exchange::onRoom(MHD_Connection* mhd)
{
    while (!m_room->isGranted()) {
        const Connection::Sleep sleep = m_connection->sleep();
        if (sleep != Connection::Sleep::Woken)
            return sleep == Connection::Sleep::Asleep ? Outcome::Continue : Outcome::Close;
    }
    return startBody(
        mhd, std::make_unique<CollectingSink>(std::move(*m_gather), std::move(m_room), m_core->pool()));
}

void Exchange::runLater(Reply::Work work)
{
    m_core->pool().post([self = shared_from_this(), work = std::move(work)] {
        Reply reply = work();
        while (const Reply::Later* const later = reply.asLater()) {
            const Reply::Work next = later->work;
            reply = next();
        }
        self->deliver(std::move(reply));
    });
}

void Exchange::deliver(Reply reply)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_lost) {
            m_delivered = std::move(reply);
            m_connection->wake();
            return;
        }
    }
    Reply::Action action = std::move(reply).takeAction();
    if (auto* const sink = std::get_if<std::unique_ptr<BodySink>>(&action))
        (*sink)->abort();
}

Exchange::Outcome Exchange::onWorking(MHD_Connection* mhd)
{
    for (;;) {
        std::optional<Reply> reply;
        {
            const std::lock_guard lock(m_mutex);
            reply.swap(m_delivered);
        }
        if (reply)
            return take(mhd, std::move(*reply));
        const Connection::Sleep sleep = m_connection->sleep();
        if (sleep != Connection::Sleep::Woken)
            return sleep == Connection::Sleep::Asleep ? Outcome::Continue : Outcome::Close;
    }
}

std::unique_ptr<BodyPump> Exchange::pumpFor(std::unique_ptr<BodySink> sink)
{
    return std::make_unique<BodyPump>(std::move(sink), m_core->pool(), m_core->bodyRoom(), m_connection,
                                      weak_from_this());
}

Exchange::Outcome Exchange::startBody(MHD_Connection* mhd, std::unique_ptr<BodySink> sink)
{
    m_pump = pumpFor(std::move(sink));
    if (!m_request.hasBody()) {
        m_pump->end();
        m_step = Step::Finishing;
        return onFinishing(mhd);
    }
    m_bodyUnread = false;
    m_step = Step::Body;
    m_connection->enter(Phase::Body);
    return Outcome::Continue;
}

Exchange::Outcome Exchange::onBody(const char* data, std::size_t* size)
{
    QByteArrayView rest(data, static_cast<qsizetype>(*size));
    for (;;) {
        const qsizetype taken = m_pump->push(rest);
        rest = rest.sliced(taken);
        m_connection->addBodyBytes(taken);
        m_core->counters().receivedBytes.fetch_add(taken, std::memory_order_relaxed);
        if (std::optional<Response> early = m_pump->takeAnswer())
            return answerEarly(std::move(*early));
        *size = static_cast<std::size_t>(rest.size());
        if (rest.isEmpty())
            return Outcome::Continue;
        const Connection::Sleep sleep = m_connection->sleep();
        if (sleep != Connection::Sleep::Woken)
            return sleep == Connection::Sleep::Asleep ? Outcome::Continue : Outcome::Close;
    }
}

Exchange::Outcome Exchange::onFinishing(MHD_Connection* mhd)
{
    for (;;) {
        if (std::optional<Response> response = m_pump->takeAnswer())
            return answer(mhd, std::move(*response));
        const Connection::Sleep sleep = m_connection->sleep();
        if (sleep != Connection::Sleep::Woken)
            return sleep == Connection::Sleep::Asleep ? Outcome::Continue : Outcome::Close;
    }
}

Exchange::Outcome Exchange::refuse(MHD_Connection* mhd, const Refusal& refusal)
{
    m_core->counters().refused.fetch_add(1, std::memory_order_relaxed);
    if (refusal.status == MHD_HTTP_MISDIRECTED_REQUEST)
        m_core->counters().refusedHosts.fetch_add(1, std::memory_order_relaxed);
    Response response = Response::refusal(refusal.status, QString::fromLatin1(refusal.reason));
    response.setClosing();
    return answer(mhd, std::move(response));
}

void Exchange::prepare(Response& response)
{
    addCommonHeaders(response, m_request, m_origin, *m_policy);
    if (m_bodyUnread) {
        response.setClosing();
        m_connection->setLingering();
    }
    if (m_core->isDraining() || m_connection->countRequest() >= m_core->maxRequestsPerConnection())
        response.setClosing();
}

Exchange::Outcome Exchange::answer(MHD_Connection* mhd, Response response)
{
    prepare(response);
    const bool headersOnly = m_request.method() == Method::Head;
    if (!headersOnly)
        m_answerBytes = std::max<qint64>(response.contentLength(), 0);
    const MhdResponse made = makeMhdResponse(response, headersOnly, m_core->pool(), m_connection);
    if (!made)
        return Outcome::Close;
    m_step = Step::Answered;
    m_finished = response.takeFinished();
    if (auto progress = response.takeProgress()) {
        m_connection->beginReporting(std::move(progress));
        m_reporting = true;
    }
    m_connection->enter(Phase::Sending);
    return MHD_queue_response(mhd, static_cast<unsigned>(response.status()), made.get()) == MHD_YES
               ? Outcome::Continue
               : Outcome::Close;
}

Exchange::Outcome Exchange::answerEarly(Response response)
{
    // libmicrohttpd sends answers only before or after a body. The socket buffer is empty now, so that one
    // call sends all of it; what the client still has to say is read and thrown away by LingeringSockets.
    m_bodyUnread = true;
    prepare(response);
    const QByteArray bytes = serializeClosing(response);
    [[maybe_unused]] const ssize_t sent =
        ::send(m_connection->fd(), bytes.constData(), static_cast<std::size_t>(bytes.size()),
               MSG_NOSIGNAL | MSG_DONTWAIT);
    m_step = Step::Answered;
    return Outcome::Close;
}

void Exchange::completed(bool answered)
{
    const std::shared_ptr<Exchange> self = std::move(m_self);
    std::optional<Reply> unused;
    {
        const std::lock_guard lock(m_mutex);
        m_lost = true;
        unused.swap(m_delivered);
    }
    if (unused) {
        Reply::Action action = std::move(*unused).takeAction();
        if (auto* const sink = std::get_if<std::unique_ptr<BodySink>>(&action))
            m_pump = pumpFor(std::move(*sink));
    }
    m_room.reset(); // leaves the line
    if (m_pump)
        m_pump->abort();
    if (!answered)
        m_connection->setGone();
    if (m_reporting)
        m_connection->endReporting();
    if (m_finished)
        m_finished(answered);
    if (answered)
        m_core->counters().sentBytes.fetch_add(m_answerBytes, std::memory_order_relaxed);
    m_connection->enter(Phase::Idle);
    if (m_begun)
        m_core->exchangeEnded();
}

} // namespace hublet::http
