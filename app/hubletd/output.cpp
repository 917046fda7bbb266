// SPDX-License-Identifier: Apache-2.0
#include "app/hubletd/output.h"

#include <cerrno>
#include <cstring>

namespace hublet::app {

bool writeNow(std::FILE* stream, const QByteArray& text)
{
    errno = 0;
    const size_t size = size_t(text.size());
    if (std::fwrite(text.constData(), 1, size, stream) == size && std::fflush(stream) == 0)
        return true;
    std::fprintf(stderr, "hubletd: The output cannot be written: %s\n", std::strerror(errno));
    return false;
}

} // namespace hublet::app
