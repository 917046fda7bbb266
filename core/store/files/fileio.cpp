// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/fileio.h"

#include "core/base/hasher.h"
#include "core/store/files/ioerror.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hublet::store {

namespace {

constexpr qint64 ReadBlockBytes = 512 * 1024;

} // namespace

Result<void> writeAt(int fd, qint64 offset, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::pwrite(fd, bytes.data(), static_cast<size_t>(bytes.size()), offset);
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return failIo(QStringLiteral("write a file"), errno);
        }
        bytes = bytes.sliced(written);
        offset += written;
    }
    return {};
}

Result<void> readBlocks(int fd, qint64 offset, qint64 length,
                        const std::function<void(QByteArrayView)>& visit)
{
    QByteArray buffer(std::min(length, ReadBlockBytes), Qt::Uninitialized);
    while (length > 0) {
        const ssize_t got =
            ::pread(fd, buffer.data(), static_cast<size_t>(std::min<qint64>(length, buffer.size())), offset);
        if (got < 0) {
            if (errno == EINTR)
                continue;
            return failIo(QStringLiteral("read a file"), errno);
        }
        if (got == 0)
            return fail(ErrorCode::Corrupt, QStringLiteral("A stored file is shorter than it should be"));
        visit(QByteArrayView(buffer).first(got));
        offset += got;
        length -= got;
    }
    return {};
}

Result<QByteArray> readAt(int fd, qint64 offset, qint64 length)
{
    QByteArray bytes;
    bytes.reserve(length);
    const auto read = readBlocks(fd, offset, length, [&](QByteArrayView block) { bytes += block; });
    if (!read)
        return forward(read);
    return bytes;
}

Result<Sha256> hashAt(int fd, qint64 offset, qint64 length)
{
    Sha256Hasher hasher;
    const auto read = readBlocks(fd, offset, length, [&](QByteArrayView block) { hasher.add(block); });
    if (!read)
        return forward(read);
    return hasher.finish();
}

Result<void> syncFile(int fd)
{
    while (::fsync(fd) != 0) {
        if (errno == EINTR)
            continue;
        // Whatever the reason, and be it a full disk: what was written may be gone.
        const Error cause = failIo(QStringLiteral("sync a file"), errno).value();
        return fail(ErrorCode::ReadOnly, QStringLiteral("A sync failed"), cause);
    }
    return {};
}

Result<qint64> fileSize(int fd)
{
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        return failIo(QStringLiteral("look at a file"), errno);
    return qint64(status.st_size);
}

} // namespace hublet::store
