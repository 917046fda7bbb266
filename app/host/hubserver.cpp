// SPDX-License-Identifier: Apache-2.0
#include "app/host/hubserver.h"

#include "core/http/socketaddress.h"

#include <QLoggingCategory>
#include <QNetworkInterface>

namespace hublet::app {

namespace {

Q_LOGGING_CATEGORY(logServer, "hublet.server")

/// What clients reach a listening address by. An unspecified one stands for all addresses of the machine:
/// the first that other machines know it by.
QByteArray hostInUrl(const QByteArray& listening)
{
    const auto address = http::SocketAddress::parse(listening, 0);
    if (!address || !address->isAny())
        return address ? address->urlText() : listening;
    const bool isIPv6 = listening.contains(':');
    for (const QHostAddress& own : QNetworkInterface::allAddresses()) {
        const bool isOfFamily = (own.protocol() == QAbstractSocket::IPv6Protocol) == isIPv6;
        if (isOfFamily && !own.isLoopback() && !own.isLinkLocal())
            return isIPv6 ? '[' + own.toString().toLatin1() + ']' : own.toString().toLatin1();
    }
    return isIPv6 ? "[::1]" : "127.0.0.1";
}

} // namespace

HubServer::HubServer(service::Services& services, Overrides overrides, QObject* parent)
    : ServerControl(parent), m_services(services), m_overrides(std::move(overrides)), m_api(services),
      m_cas(services)
{
}

HubServer::~HubServer()
{
    if (m_stopping.joinable())
        m_stopping.join();
    if (m_server)
        m_server->stop();
    // Requests that were cut off may still be queued or run there, with the APIs of this object.
    m_services.workers().waitForDone();
}

QString HubServer::address() const
{
    const http::ServerOptions wanted = options();
    const QList<QByteArray> addresses = m_server ? m_server->addresses() : wanted.addresses;
    return QStringLiteral("http://%1:%2")
        .arg(QString::fromLatin1(hostInUrl(addresses.value(0))))
        .arg(m_server ? m_server->port() : wanted.port);
}

http::ServerOptions HubServer::options() const
{
    const service::SettingsValues settings = m_services.settings().values();
    http::ServerOptions options;
    options.port = m_overrides.port.value_or(settings.port);
    options.addresses.clear();
    const QStringList& addresses =
        m_overrides.addresses.isEmpty() ? settings.addresses : m_overrides.addresses;
    for (const QString& address : addresses)
        options.addresses.append(address.toLatin1());
    const auto append = [](QList<QByteArray>& target, const QStringList& values) {
        for (const QString& value : values)
            target.append(value.toUtf8());
    };
    append(options.policy.allowedHosts, settings.allowedHosts);
    append(options.policy.allowedOrigins, settings.allowedOrigins);
    append(options.policy.proxies, settings.trustedProxies);
    return options;
}

http::Reply HubServer::dispatch(const http::Request& request) const
{
    return api::cas::CasApi::owns(request) ? m_cas.dispatch(request) : m_api.dispatch(request);
}

void HubServer::start()
{
    if (m_state == State::Serving || m_state == State::Starting || m_state == State::Stopping)
        return;
    setState(State::Starting);
    m_api.setDefaultRepository(m_services.settings().values().defaultRepository);
    auto server = http::Server::start(
        options(), [this](const http::Request& request) { return dispatch(request); }, m_services.workers());
    if (!server) {
        m_failure = server.error();
        qCWarning(logServer).noquote() << "The server did not start:" << problem();
        setState(State::Failed);
        return;
    }
    m_failure.reset();
    m_server = std::move(*server);
    qCInfo(logServer).noquote() << "Serving at" << address();
    setState(State::Serving);
}

void HubServer::stop()
{
    if (m_state != State::Serving)
        return;
    setState(State::Stopping);
    if (m_stopping.joinable())
        m_stopping.join();
    m_stopping = std::thread([this] {
        m_server->stop();
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_stopping.join();
                m_server.reset();
                qCInfo(logServer) << "Stopped";
                setState(State::Stopped);
            },
            Qt::QueuedConnection);
    });
}

void HubServer::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

} // namespace hublet::app
