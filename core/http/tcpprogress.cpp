// SPDX-License-Identifier: Apache-2.0
#include "core/http/tcpprogress.h"

#include <linux/tcp.h> // has the byte counters that <netinet/tcp.h> lacks; the two cannot be mixed
#include <netinet/in.h>
#include <sys/socket.h>

namespace hublet::http {

TcpProgress tcpProgress(int fd)
{
    tcp_info info{};
    socklen_t size = sizeof(info);
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return {};
    return {static_cast<qint64>(info.tcpi_bytes_received), static_cast<qint64>(info.tcpi_bytes_acked)};
}

} // namespace hublet::http
