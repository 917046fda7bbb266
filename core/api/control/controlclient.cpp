// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/controlclient.h"

#include "core/api/control/protocol.h"

#include <QLocalSocket>

namespace hublet::api::control {

namespace {

constexpr int ConnectTimeoutMs = 5000;
constexpr int PollMs = 200; ///< how often the cancel token is looked at

} // namespace

Result<CommandOutput> runThroughServer(const QString& socketPath, const QStringList& words,
                                       const QByteArray& input, const ProgressFunction& progress,
                                       const CancelToken& cancel)
{
    QLocalSocket socket;
    socket.connectToServer(socketPath);
    if (!socket.waitForConnected(ConnectTimeoutMs)) {
        return fail(ErrorCode::Unavailable,
                    QStringLiteral("The running Hublet does not answer on its control socket: %1")
                        .arg(socket.errorString()));
    }
    socket.write(protocol::encode(protocol::Request{words, input}));
    QByteArray received;
    for (;;) {
        received += socket.readAll();
        for (qsizetype end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
            const QByteArray line = received.left(end);
            received.remove(0, end + 1);
            if (auto output = protocol::decodeOutput(line))
                return *output;
            if (const auto step = protocol::decodeProgress(line); step && progress)
                progress(step->done, step->total);
        }
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("Cancelled."));
        if (received.size() > protocol::MaxAnswerBytes)
            return fail(ErrorCode::Io, QStringLiteral("The answer of the running Hublet is too long."));
        if (!socket.waitForReadyRead(PollMs) && socket.state() != QLocalSocket::ConnectedState &&
            socket.bytesAvailable() == 0)
            return fail(ErrorCode::Io, QStringLiteral("The running Hublet hung up before it answered."));
    }
}

} // namespace hublet::api::control
