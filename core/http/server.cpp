// SPDX-License-Identifier: Apache-2.0
#include "core/http/server.h"

#include "core/http/cputurn.h"
#include "core/http/exchange.h"
#include "core/http/logging.h"
#include "core/http/servercore.h"
#include "core/http/socketkeeper.h"

#include <fcntl.h>
#include <microhttpd.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace hublet::http {

namespace {

/// Of one connection: room for a whole head of limits.h and the library's list of it. The library answers 414
/// or 431 by itself to what does not fit. All of it is wiped after every request, so that more of it costs
/// speed.
constexpr std::size_t kConnectionMemoryBytes = 56 * limits::kKiB;
constexpr std::size_t kConnectionMemoryStepBytes = 8 * limits::kKiB;
constexpr int kStrictest = 2; ///< DECISIONS 24
constexpr std::size_t kLogLineBytes = 512;

/// Most of what libmicrohttpd has to say is about clients, who could fill the log with it.
void logFromLibrary(void*, const char* format, va_list arguments)
{
    if (!logHttp().isDebugEnabled())
        return;
    std::array<char, kLogLineBytes> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    qCDebug(logHttp, "%s", QByteArray(line.data()).trimmed().constData());
}

/// Paths stay as the client sent them; Request decodes them.
std::size_t keepEscapes(void*, MHD_Connection*, char* text)
{
    return std::strlen(text);
}

Connection* connectionOf(MHD_Connection* mhd)
{
    const MHD_ConnectionInfo* const info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == nullptr ? nullptr : static_cast<Connection*>(info->socket_context);
}

int socketOf(MHD_Connection* mhd)
{
    const MHD_ConnectionInfo* const info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == nullptr ? -1 : info->connect_fd;
}

} // namespace

class Server::Private {
public:
    Private(Options options, Dispatch dispatch, WorkerPool& pool)
        : core(std::make_shared<ServerCore>(options, std::move(dispatch), pool)), options(std::move(options))
    {
    }

    Result<void> start();
    void stop(std::chrono::milliseconds grace);

    const std::shared_ptr<ServerCore> core;
    const Options options;
    quint16 port = 0;
    QList<QByteArray> addresses;

    void adoptPolicy(RequestPolicy policy);

private:
    Result<void> startDaemon();
    void accepted(UniqueFd socket, const std::shared_ptr<Connection>& connection);

    // Callbacks of libmicrohttpd; `self` is this object.
    static void* onRequestLine(void* self, const char* target, MHD_Connection* mhd);
    static MHD_Result onRequest(void* self, MHD_Connection* mhd, const char* url, const char* method,
                                const char* version, const char* data, std::size_t* size, void** exchange);
    static void onCompleted(void* self, MHD_Connection* mhd, void** exchange,
                            MHD_RequestTerminationCode code);
    static void onConnection(void* self, MHD_Connection* mhd, void** context,
                             MHD_ConnectionNotificationCode code);

    MHD_Daemon* m_daemon = nullptr;
    std::unique_ptr<SocketKeeper> m_keeper;
};

Result<void> Server::Private::start()
{
    Result<ListenSockets> listen = openListenSockets(options.addresses, options.port);
    if (!listen)
        return forward(listen);
    port = listen->port;
    addresses = listen->addresses;
    adoptPolicy(options.policy);
    if (Result<void> started = startDaemon(); !started)
        return started;
    m_keeper = std::make_unique<SocketKeeper>(
        std::move(*listen), core->connections(), options.maxConnections,
        [this](UniqueFd socket, const std::shared_ptr<Connection>& connection) {
            accepted(std::move(socket), connection);
        },
        [this](int ended) { core->counters().timedOut.fetch_add(ended, std::memory_order_relaxed); });
    core->connections().setRemovedCallback([keeper = m_keeper.get()] { keeper->connectionRemoved(); });
    m_keeper->start();
    return {};
}

Result<void> Server::Private::startDaemon()
{
    const auto threads = static_cast<unsigned>(std::max(options.threads, 1));
    // The library shares its limit out among its threads; ours is kept by SocketKeeper.
    const auto connectionLimit = static_cast<unsigned>(options.maxConnections) * threads;
    m_daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_ERROR_LOG,
        0, nullptr, nullptr, &Private::onRequest, this, MHD_OPTION_EXTERNAL_LOGGER, logFromLibrary, nullptr,
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, kStrictest, MHD_OPTION_CONNECTION_LIMIT, connectionLimit,
        MHD_OPTION_CONNECTION_TIMEOUT, 0U, // ConnectionTable's watchdog knows better
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemoryBytes, MHD_OPTION_CONNECTION_MEMORY_INCREMENT,
        kConnectionMemoryStepBytes, MHD_OPTION_UNESCAPE_CALLBACK, keepEscapes, nullptr,
        MHD_OPTION_URI_LOG_CALLBACK, &Private::onRequestLine, this, MHD_OPTION_NOTIFY_COMPLETED,
        &Private::onCompleted, this, MHD_OPTION_NOTIFY_CONNECTION, &Private::onConnection, this,
        threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads, MHD_OPTION_END);
    if (m_daemon == nullptr)
        return fail(ErrorCode::Internal, QStringLiteral("The HTTP server could not be started."));
    return {};
}

void Server::Private::stop(std::chrono::milliseconds grace)
{
    if (m_daemon == nullptr)
        return;
    core->setDraining();
    m_keeper->stop();
    if (!core->waitUntilIdle(grace))
        qCInfo(logHttp, "Closing connections that were still busy when the server stopped");
    core->connections().cutAll();
    MHD_stop_daemon(std::exchange(m_daemon, nullptr));
}

void Server::Private::adoptPolicy(RequestPolicy policy)
{
    policy.port = port;
    core->setPolicy(std::move(policy));
}

void Server::Private::accepted(UniqueFd socket, const std::shared_ptr<Connection>& connection)
{
    core->counters().accepted.fetch_add(1, std::memory_order_relaxed);
    const int fd = socket.release(); // the library closes it, whatever it answers
    const SocketAddress& peer = connection->peer();
    if (MHD_add_connection(m_daemon, fd, peer.get(), peer.size()) != MHD_YES)
        core->connections().remove(fd);
}

void* Server::Private::onRequestLine(void* self, const char* target, MHD_Connection* mhd)
{
    Connection* const connection = connectionOf(mhd);
    if (connection == nullptr)
        return nullptr;
    return Exchange::create(static_cast<Private*>(self)->core, connection->shared_from_this(),
                            QByteArray(target));
}

MHD_Result Server::Private::onRequest(void*, MHD_Connection* mhd, const char*, const char* method,
                                      const char* version, const char* data, std::size_t* size,
                                      void** exchange)
{
    if (*exchange == nullptr)
        return MHD_NO;
    const Exchange::Outcome outcome =
        static_cast<Exchange*>(*exchange)->advance(mhd, method, version, data, size);
    return outcome == Exchange::Outcome::Continue ? MHD_YES : MHD_NO;
}

void Server::Private::onCompleted(void*, MHD_Connection*, void** exchange, MHD_RequestTerminationCode code)
{
    if (*exchange != nullptr)
        static_cast<Exchange*>(*exchange)->completed(code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    *exchange = nullptr;
    offerCpuTurn();
}

void Server::Private::onConnection(void* self, MHD_Connection* mhd, void** context,
                                   MHD_ConnectionNotificationCode code)
{
    auto* const server = static_cast<Private*>(self);
    const int fd = socketOf(mhd);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        if (const std::shared_ptr<Connection> connection = server->core->connections().find(fd)) {
            connection->attach(mhd);
            *context = connection.get(); // kept alive by the table until CLOSED
        }
        return;
    }
    if (const auto* const connection = static_cast<Connection*>(*context);
        connection && connection->isLingering())
        server->m_keeper->lingering().add(UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0)));
    *context = nullptr;
    server->core->connections().remove(fd);
}

Server::Server(std::unique_ptr<Private> d) : d(std::move(d)) {}

Server::~Server()
{
    stop();
}

Result<std::unique_ptr<Server>> Server::start(Options options, Dispatch dispatch, WorkerPool& pool)
{
    auto d = std::make_unique<Private>(std::move(options), std::move(dispatch), pool);
    if (Result<void> started = d->start(); !started)
        return forward(started);
    return std::unique_ptr<Server>(new Server(std::move(d)));
}

quint16 Server::port() const
{
    return d->port;
}

QList<QByteArray> Server::addresses() const
{
    return d->addresses;
}

ServerCounters Server::counters() const
{
    return d->core->snapshot();
}

void Server::setPolicy(RequestPolicy policy)
{
    d->adoptPolicy(std::move(policy));
}

void Server::stop(std::chrono::milliseconds grace)
{
    d->stop(grace);
}

} // namespace hublet::http
