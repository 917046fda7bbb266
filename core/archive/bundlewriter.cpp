// SPDX-License-Identifier: Apache-2.0
#include "core/archive/bundlewriter.h"

#include "core/base/hasher.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <kcompressiondevice.h>
#include <ktar.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace hublet::archive {

namespace {

constexpr qint64 BufferBytes = 1 << 20;
constexpr mode_t EntryMode = 0100600;

tl::unexpected<Error> writeFailure(const QString& reason)
{
    return fail(errno == ENOSPC || errno == EDQUOT ? ErrorCode::NoSpace : ErrorCode::Io,
                QStringLiteral("The bundle cannot be written: %1").arg(reason));
}

/// Renames without ever replacing; file systems without that (FAT) get the nearest there is.
bool renameNew(const QString& from, const QString& to)
{
    const QByteArray source = QFile::encodeName(from);
    const QByteArray target = QFile::encodeName(to);
    if (::renameat2(AT_FDCWD, source.constData(), AT_FDCWD, target.constData(), RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (QFile::exists(to)) {
        errno = EEXIST;
        return false;
    }
    return ::rename(source.constData(), target.constData()) == 0;
}

void syncFolder(const QString& folder)
{
    const UniqueFd opened(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.isValid())
        ::fsync(opened.get()); // some file systems cannot; the bytes themselves are safe
}

} // namespace

struct BundleWriter::Private {
    explicit Private(const QString& name)
        : target(name), file(name + QStringLiteral(".partial")), zstd(&file, false, KCompressionDevice::Zstd),
          tar(&zstd)
    {
    }
    ~Private()
    {
        if (tar.isOpen())
            tar.close();
        zstd.close();
        if (finished)
            return;
        // QFile::remove() of an open file gives up when what is left to write does not fit.
        file.close();
        QFile::remove(file.fileName());
    }

    [[nodiscard]] Result<void> beginEntry(const BundleEntryName& name, qint64 size);
    [[nodiscard]] Result<void> write(QByteArrayView bytes);
    [[nodiscard]] Result<void> endEntry(qint64 size);
    void endFile();
    [[nodiscard]] Result<void> copyPart(const UniqueFd& source, qint64 offset, qint64 size,
                                        const std::function<void(qint64)>& copied, const CancelToken& cancel);

    const QString target;
    QFile file;
    KCompressionDevice zstd;
    KTar tar;
    qint64 entries = 0;
    BundleEntryName current;
    Sha256Hasher hasher; ///< of the current file, when no digest names it
    QJsonObject digests;
    bool finished = false;
};

BundleWriter::BundleWriter(std::unique_ptr<Private> d) : d(std::move(d)) {}

BundleWriter::~BundleWriter() = default;

Result<std::unique_ptr<BundleWriter>> BundleWriter::create(const QString& file)
{
    if (QFile::exists(file))
        return fail(ErrorCode::AlreadyExists,
                    QStringLiteral("The file '%1' exists already").arg(QFileInfo(file).fileName()));
    auto d = std::make_unique<Private>(file);
    errno = 0;
    if (!d->file.open(QIODevice::WriteOnly | QIODevice::Truncate) ||
        !d->file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return writeFailure(d->file.errorString());
    if (!d->zstd.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Unsupported, QStringLiteral("This build of KArchive cannot write zstd"));
    if (!d->tar.open(QIODevice::WriteOnly))
        return writeFailure(d->tar.errorString());
    return std::unique_ptr<BundleWriter>(new BundleWriter(std::move(d)));
}

Result<void> BundleWriter::Private::beginEntry(const BundleEntryName& name, qint64 size)
{
    errno = 0;
    ++entries;
    current = name;
    if (name.part == 0)
        hasher = Sha256Hasher();
    if (!tar.prepareWriting(QString::fromLatin1(name.text()), QString(), QString(), size, EntryMode))
        return writeFailure(tar.errorString());
    return {};
}

Result<void> BundleWriter::Private::write(QByteArrayView bytes)
{
    errno = 0;
    if (!tar.writeData(bytes.data(), bytes.size()) || zstd.error() != QFileDevice::NoError)
        return writeFailure(zstd.errorString());
    if (current.isSingle())
        hasher.add(bytes);
    return {};
}

/// A file without a digest for its name gets one in the end mark.
void BundleWriter::Private::endFile()
{
    if (current.isSingle())
        digests.insert(QString::fromLatin1(current.fileName()), QString::fromLatin1(hasher.finish().toHex()));
}

Result<void> BundleWriter::Private::endEntry(qint64 size)
{
    errno = 0;
    if (!tar.finishWriting(size) || zstd.error() != QFileDevice::NoError)
        return writeFailure(zstd.errorString());
    return {};
}

Result<void> BundleWriter::addBytes(BundleEntryKind kind, const QByteArray& bytes)
{
    if (const auto begun = d->beginEntry({kind, Sha256(), 0}, bytes.size()); !begun)
        return forward(begun);
    if (const auto written = d->write(bytes); !written)
        return forward(written);
    d->endFile();
    return d->endEntry(bytes.size());
}

Result<void> BundleWriter::addFile(BundleEntryKind kind, const Sha256& digest, const UniqueFd& file,
                                   qint64 size, const std::function<void(qint64)>& copied,
                                   const CancelToken& cancel)
{
    int part = 0;
    qint64 offset = 0;
    do {
        const qint64 length = std::min(size - offset, BundlePartBytes);
        if (const auto begun = d->beginEntry({kind, digest, part++}, length); !begun)
            return forward(begun);
        if (const auto written = d->copyPart(file, offset, length, copied, cancel); !written)
            return forward(written);
        if (const auto ended = d->endEntry(length); !ended)
            return forward(ended);
        offset += length;
    } while (offset < size);
    d->endFile();
    return {};
}

Result<void> BundleWriter::Private::copyPart(const UniqueFd& source, qint64 offset, qint64 size,
                                             const std::function<void(qint64)>& copied,
                                             const CancelToken& cancel)
{
    QByteArray buffer(std::min(BufferBytes, size), Qt::Uninitialized);
    for (qint64 done = 0; done < size;) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("The backup was cancelled"));
        const ssize_t count = ::pread(source.get(), buffer.data(),
                                      size_t(std::min<qint64>(buffer.size(), size - done)), offset + done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(ErrorCode::Io, QStringLiteral("A stored file cannot be read"));
        if (count == 0)
            return fail(ErrorCode::Corrupt, QStringLiteral("A stored file is shorter than recorded"));
        if (const auto written = write({buffer.constData(), count}); !written)
            return forward(written);
        done += count;
        copied(count);
    }
    return {};
}

Result<void> BundleWriter::finish()
{
    const QJsonObject end{{QStringLiteral("entries"), d->entries}, {QStringLiteral("digests"), d->digests}};
    if (const auto added = addBytes(BundleEntryKind::End, QJsonDocument(end).toJson(QJsonDocument::Compact));
        !added)
        return forward(added);
    errno = 0;
    const bool closed = d->tar.close();
    d->zstd.close();
    if (!closed || d->zstd.error() != QFileDevice::NoError || !d->file.flush() ||
        ::fsync(d->file.handle()) != 0)
        return writeFailure(d->file.errorString());
    d->file.close();
    if (!renameNew(d->file.fileName(), d->target)) {
        if (errno == EEXIST)
            return fail(ErrorCode::AlreadyExists,
                        QStringLiteral("The file '%1' exists already").arg(QFileInfo(d->target).fileName()));
        return writeFailure(QStringLiteral("it cannot be given its name"));
    }
    d->finished = true;
    syncFolder(QFileInfo(d->target).absolutePath());
    return {};
}

} // namespace hublet::archive
