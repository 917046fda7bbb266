// SPDX-License-Identifier: Apache-2.0
#include "core/http/tcpprogress.h"

#include <linux/sockios.h>
#include <linux/tcp.h> // has the byte counters that <netinet/tcp.h> lacks; the two cannot be mixed
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace hublet::http {

namespace {

// TCP_CLOSE and TCP_CLOSE_WAIT, which user space headers give only in <netinet/tcp.h>.
constexpr int kClosed = 7;
constexpr int kCloseWait = 8;

} // namespace

TcpProgress tcpProgress(int fd)
{
    tcp_info info{};
    socklen_t size = sizeof(info);
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return {};
    TcpProgress progress;
    progress.received = static_cast<qint64>(info.tcpi_bytes_received);
    progress.acknowledged = static_cast<qint64>(info.tcpi_bytes_acked);
    int unread = 0;
    progress.drained = info.tcpi_state == kCloseWait && ::ioctl(fd, SIOCINQ, &unread) == 0 && unread == 0;
    progress.gone = progress.drained || info.tcpi_state == kClosed;
    return progress;
}

} // namespace hublet::http
