// SPDX-License-Identifier: Apache-2.0
#include "core/http/extentreader.h"

#include "core/http/logging.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hublet::http {

qint64 ExtentReader::read(char* buffer, qint64 capacity)
{
    qint64 filled = 0;
    while (filled < capacity && m_current < m_extents.size()) {
        const Extent& extent = m_extents[m_current];
        if (m_done == extent.length) {
            ++m_current;
            m_done = 0;
            continue;
        }
        const qint64 wanted = std::min(capacity - filled, extent.length - m_done);
        const ssize_t got = ::pread(extent.file->get(), buffer + filled, static_cast<std::size_t>(wanted),
                                    extent.offset + m_done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            qCWarning(logHttp, "A file could not be read while it was sent: %s",
                      got < 0 ? std::strerror(errno) : "it ends too early");
            return -1;
        }
        filled += got;
        m_done += got;
    }
    return filled;
}

bool areReadable(const std::vector<Extent>& extents)
{
    return std::all_of(extents.begin(), extents.end(), [](const Extent& extent) {
        struct stat status {};
        return extent.file && extent.offset >= 0 && extent.length >= 0 &&
               ::fstat(extent.file->get(), &status) == 0 && extent.offset <= status.st_size &&
               extent.length <= status.st_size - extent.offset;
    });
}

} // namespace hublet::http
