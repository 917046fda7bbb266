// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/controlclient.h"

#include "core/api/control/protocol.h"

#include <QElapsedTimer>
#include <QLocalSocket>

namespace hublet::api::control {

namespace {

constexpr int ConnectTimeoutMs = 5000;
constexpr qint64 AnswerTimeoutMs = 10'000; ///< for the first sign of life
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
                    QStringLiteral("It takes no commands now: it is a command itself, starts or stops"));
    }
    socket.write(protocol::encode(protocol::Request{words, input}));
    QByteArray received;
    bool alive = false;
    QElapsedTimer waiting;
    waiting.start();
    for (;;) {
        received += socket.readAll();
        alive = alive || !received.isEmpty();
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
        if (!alive && waiting.hasExpired(AnswerTimeoutMs))
            return fail(ErrorCode::Unavailable,
                        QStringLiteral("It hangs: no answer within %1 s").arg(AnswerTimeoutMs / 1000));
        if (received.size() > protocol::MaxAnswerBytes)
            return fail(ErrorCode::Io, QStringLiteral("The answer of the running Hublet is too long."));
        if (!socket.waitForReadyRead(PollMs) && socket.state() != QLocalSocket::ConnectedState &&
            socket.bytesAvailable() == 0)
            return fail(ErrorCode::Io, QStringLiteral("The running Hublet hung up before it answered."));
    }
}

} // namespace hublet::api::control
