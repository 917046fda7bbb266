// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/controlserver.h"

#include "core/api/control/protocol.h"

#include <QLocalSocket>
#include <QPointer>

namespace hublet::api::control {

ControlServer::ControlServer(service::Services& services, const service::ServerControl* server,
                             QObject* parent)
    : QObject(parent), m_services(services), m_server(server)
{
    m_listener.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_listener, &QLocalServer::newConnection, this, &ControlServer::accept);
}

ControlServer::~ControlServer()
{
    for (const CancelToken& cancel : std::as_const(m_clients))
        cancel.cancel();
    m_workers.waitForDone();
}

Result<void> ControlServer::listen(const QString& socketPath)
{
    QLocalServer::removeServer(socketPath);
    if (!m_listener.listen(socketPath)) {
        return fail(ErrorCode::Io,
                    QStringLiteral("The control socket cannot be opened: %1").arg(m_listener.errorString()));
    }
    return {};
}

void ControlServer::accept()
{
    while (QLocalSocket* socket = m_listener.nextPendingConnection()) {
        socket->setParent(this);
        socket->setReadBufferSize(protocol::MaxRequestBytes);
        m_clients.insert(socket, CancelToken());
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QLocalSocket::disconnected, this, [this, socket] { forget(socket); });
    }
}

void ControlServer::read(QLocalSocket* socket)
{
    if (!socket->canReadLine()) {
        if (socket->bytesAvailable() >= protocol::MaxRequestBytes)
            socket->abort();
        return;
    }
    const auto request = protocol::decodeRequest(socket->readLine());
    if (!request) {
        socket->abort();
        return;
    }
    // One request a connection: whatever else arrives is not looked at.
    disconnect(socket, &QLocalSocket::readyRead, this, nullptr);
    execute(socket, request->words, request->input);
}

void ControlServer::execute(QLocalSocket* socket, const QStringList& words, const QByteArray& input)
{
    const QPointer<QLocalSocket> client(socket);
    const CancelToken cancel = m_clients.value(socket);
    socket->write(protocol::encode(protocol::Progress{0, 0})); // a sign of life, however long it takes
    // Answers are written in this thread; a client that has gone meanwhile is a null pointer there.
    const auto send = [this, client](const QByteArray& line, bool last) {
        QMetaObject::invokeMethod(
            this,
            [client, line, last] {
                if (!client)
                    return;
                client->write(line);
                if (last)
                    client->disconnectFromServer();
            },
            Qt::QueuedConnection);
    };
    m_workers.post([this, words, input, cancel, send] {
        const auto progress = [&send](qint64 done, qint64 total) {
            send(protocol::encode(protocol::Progress{done, total}), false);
        };
        send(protocol::encode(runCommand(m_table, m_services, m_server, words, input, progress, cancel)),
             true);
    });
}

void ControlServer::forget(QLocalSocket* socket)
{
    m_clients.take(socket).cancel();
    socket->deleteLater();
}

} // namespace hublet::api::control
