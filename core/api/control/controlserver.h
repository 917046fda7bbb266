// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/control/command.h"
#include "core/base/workerpool.h"

#include <QHash>
#include <QLocalServer>
#include <QObject>

class QLocalSocket;

namespace hublet::api::control {

/// Answers hubletd commands in the process that holds the data folder, so that administration works beside a
/// running server. Lives in the main thread; commands run on a few threads of its own. Destruction cancels
/// and waits.
class ControlServer : public QObject {
    Q_OBJECT
public:
    static constexpr int MaxCommands = 4; ///< that run at once; more wait

    ControlServer(service::Services& services, const service::ServerControl* server,
                  QObject* parent = nullptr);
    ~ControlServer() override;

    /// Listens on `socketPath` (mode 0600); a socket left by a process that died is replaced, as the caller
    /// holds the data folder's lock. Errors: Io.
    [[nodiscard]] Result<void> listen(const QString& socketPath);

private:
    void accept();
    void read(QLocalSocket* socket);
    void execute(QLocalSocket* socket, const QStringList& words, const QByteArray& input);
    void forget(QLocalSocket* socket);

    service::Services& m_services;
    const service::ServerControl* m_server;
    CommandTable m_table;
    QLocalServer m_listener;
    QHash<QLocalSocket*, CancelToken> m_clients;
    WorkerPool m_workers{MaxCommands};
};

} // namespace hublet::api::control
