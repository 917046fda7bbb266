// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

namespace hublet::http {

/// How far a TCP connection has come, by the kernel's own count.
struct TcpProgress {
    qint64 received = 0;     ///< bytes from the peer
    qint64 acknowledged = 0; ///< bytes that the peer has taken
    bool drained = false;    ///< the peer has closed its direction, and all it sent was read
    bool gone = false;       ///< that, or the connection was reset
};

/// Zeros when the kernel cannot tell.
[[nodiscard]] TcpProgress tcpProgress(int fd);

} // namespace hublet::http
