// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/stagedfile.h"

#include "core/base/faultpoint.h"
#include "core/base/hasher.h"
#include "core/base/random.h"
#include "core/store/files/fileio.h"
#include "core/store/files/ioerror.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hublet::store {

namespace {

constexpr qint64 EarlyWriteBackBytes = 8LL << 20;
constexpr mode_t SealedMode = 0440;

} // namespace

Result<std::unique_ptr<StagedFile>> StagedFile::create(int stagingFolder)
{
    std::unique_ptr<StagedFile> file(new StagedFile(stagingFolder));
    file->m_fd = UniqueFd(::openat(stagingFolder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file->m_fd.isValid() && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
        file->m_stagingName = randomBase62(24);
        file->m_fd = UniqueFd(::openat(stagingFolder, file->m_stagingName.constData(),
                                       O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
        if (!file->m_fd.isValid())
            file->m_stagingName.clear();
    }
    if (!file->m_fd.isValid())
        return failIo(QStringLiteral("create a staging file"), errno);
    return file;
}

StagedFile::~StagedFile()
{
    if (!m_stagingName.isEmpty())
        ::unlinkat(m_stagingFolder, m_stagingName.constData(), 0);
}

Result<void> StagedFile::reserve(qint64 bytes)
{
    while (bytes > 0 && ::fallocate(m_fd.get(), FALLOC_FL_KEEP_SIZE, 0, bytes) != 0) {
        if (errno == EOPNOTSUPP || errno == ENOSYS)
            break;
        if (errno != EINTR)
            return failIo(QStringLiteral("reserve space"), errno);
    }
    return {};
}

Result<void> StagedFile::append(QByteArrayView bytes)
{
    if (const auto written = writeAt(m_fd.get(), m_size, bytes); !written)
        return written;
    m_size += bytes.size();
    if (m_size - m_writtenBack >= EarlyWriteBackBytes)
        writeBackEarly();
    return {};
}

/// Hints only: seal() is what makes the bytes durable, and what notices errors. What has reached the disk
/// leaves the page cache, so that a large upload goes through the same few pages again and again: it pushes
/// out nothing that clients are fetching, and needs no fresh pages, which cost a virtual machine more than
/// the disk does.
void StagedFile::writeBackEarly()
{
    ::sync_file_range(m_fd.get(), m_writtenBack, m_size - m_writtenBack, SYNC_FILE_RANGE_WRITE);
    if (m_writtenBack > 0) // a length of 0 would mean all of the file
        ::posix_fadvise(m_fd.get(), 0, m_writtenBack, POSIX_FADV_DONTNEED);
    m_writtenBack = m_size;
}

Result<void> StagedFile::seal()
{
    if (::fchmod(m_fd.get(), SealedMode) != 0)
        return failIo(QStringLiteral("seal a file"), errno);
    if (HUBLET_FAULT_POINT("mutant.no-file-fsync"))
        return {};
    return syncFile(m_fd.get());
}

Result<bool> StagedFile::link(int folder, const QByteArray& name)
{
    const QByteArray path = "/proc/self/fd/" + QByteArray::number(m_fd.get());
    const int linked =
        m_stagingName.isEmpty()
            ? ::linkat(AT_FDCWD, path.constData(), folder, name.constData(), AT_SYMLINK_FOLLOW)
            : ::linkat(m_stagingFolder, m_stagingName.constData(), folder, name.constData(), 0);
    if (linked == 0)
        return true;
    if (errno == EEXIST)
        return false;
    return failIo(QStringLiteral("name a file"), errno);
}

Result<GitOid> StagedFile::readBlobOid() const
{
    Sha1Hasher hasher = gitBlobHasher(m_size);
    const auto read = readBlocks(m_fd.get(), 0, m_size, [&](QByteArrayView block) { hasher.add(block); });
    if (!read)
        return forward(read);
    return hasher.finish();
}

} // namespace hublet::store
