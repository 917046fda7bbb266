// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"

#include <QByteArray>
#include <QList>

#include <vector>

namespace hublet::http {

/// Bound, listening, non-blocking sockets on one port.
struct ListenSockets {
    std::vector<UniqueFd> sockets;
    QList<QByteArray> addresses; ///< one for each socket
    quint16 port = 0;
};

/// Opens all `addresses` on `port`, each once; beside 0.0.0.0 or :: none of its family. Port 0 means any port
/// that is free on all of them. An address family that this machine lacks is skipped as long as one address
/// is left. Errors: Busy when the port is taken, Forbidden when it needs a right, InvalidArgument for an
/// address that is none.
[[nodiscard]] Result<ListenSockets> openListenSockets(const QList<QByteArray>& addresses, quint16 port);

} // namespace hublet::http
