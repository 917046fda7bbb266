// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/backup.h"

#include "core/archive/bundlewriter.h"
#include "core/base/hasher.h"
#include "core/catalog/reading/catalog.h"
#include "core/db/database.h"
#include "core/service/context/datafolder.h"
#include "core/service/context/servicecontext.h"
#include "core/service/upkeep/bundlemanifest.h"
#include "core/store/contentstore.h"
#include "core/store/files/fileio.h"
#include "core/store/upkeep/trustedbytes.h"

#include <QFile>
#include <QLoggingCategory>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>

namespace hublet::service {

namespace {

using archive::BundleEntryKind;
using archive::BundleWriter;

Q_LOGGING_CATEGORY(lcBackup, "hublet.service")

BundleEntryKind kindOf(store::FileKind kind)
{
    switch (kind) {
    case store::FileKind::Blob:
        return BundleEntryKind::Blob;
    case store::FileKind::Pack:
        return BundleEntryKind::Pack;
    case store::FileKind::Xorb:
        break;
    }
    return BundleEntryKind::Xorb;
}

/// Hashes a file behind whoever copies it, while its bytes are at hand.
class FollowingHash {
public:
    explicit FollowingHash(int fd) : m_fd(fd) {}
    void follow(qint64 bytes)
    {
        if (!m_read)
            return;
        m_read =
            store::readBlocks(m_fd, m_done, bytes, [this](QByteArrayView block) { m_hasher.add(block); });
        m_done += bytes;
    }
    [[nodiscard]] Result<Sha256> finish()
    {
        return m_read ? Result<Sha256>(m_hasher.finish()) : forward(m_read);
    }

private:
    const int m_fd;
    qint64 m_done = 0;
    Sha256Hasher m_hasher;
    Result<void> m_read;
};

/// One try to write a bundle. Used once.
class BundleAttempt {
public:
    BundleAttempt(const ServiceContext& context, const ProgressFunction& progress, const CancelToken& cancel)
        : m_context(context), m_progress(progress), m_cancel(cancel)
    {
    }
    /// Gives the damage that the bundle's database knows.
    [[nodiscard]] Result<std::vector<store::DamagedContent>> write(const QString& bundle);
    /// Did it fail because stored bytes are damaged and nobody knew?
    [[nodiscard]] bool foundDamage() const { return m_foundDamage; }

private:
    [[nodiscard]] Result<void> addSettings(BundleWriter& writer) const;
    [[nodiscard]] Result<void> addDatabase(BundleWriter& writer, const QString& copy);
    [[nodiscard]] Result<void> addStore(BundleWriter& writer, const db::Database& rows);
    [[nodiscard]] Result<void> addStoredFile(BundleWriter& writer, const db::Database& rows,
                                             const store::StoredFile& file, const UniqueFd& opened);
    void copied(qint64 bytes)
    {
        m_doneBytes += bytes;
        m_progress(m_doneBytes, m_totalBytes);
    }

    const ServiceContext& m_context;
    const ProgressFunction& m_progress;
    const CancelToken& m_cancel;
    qint64 m_totalBytes = 0;
    qint64 m_doneBytes = 0;
    bool m_foundDamage = false;
};

Result<void> BundleAttempt::addSettings(BundleWriter& writer) const
{
    QFile file(m_context.dataFolder.settingsFile());
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io,
                    QStringLiteral("The settings file cannot be read: %1").arg(file.errorString()));
    return writer.addBytes(BundleEntryKind::Settings, file.readAll());
}

Result<void> BundleAttempt::addDatabase(BundleWriter& writer, const QString& copy)
{
    const UniqueFd file(::open(QFile::encodeName(copy).constData(), O_RDONLY | O_CLOEXEC));
    struct stat info = {};
    if (!file.isValid() || ::fstat(file.get(), &info) != 0)
        return fail(ErrorCode::Io, QStringLiteral("The copy of the database cannot be read"));
    m_totalBytes += info.st_size;
    return writer.addFile(
        BundleEntryKind::Database, Sha256(), file, info.st_size, [this](qint64 bytes) { copied(bytes); },
        m_cancel);
}

/// Copies it, and compares what was copied with what the bundle's database says of it.
Result<void> BundleAttempt::addStoredFile(BundleWriter& writer, const db::Database& rows,
                                          const store::StoredFile& file, const UniqueFd& opened)
{
    const QString name = QString::fromLatin1(file.path());
    const bool isDigested = file.kind != store::FileKind::Xorb;
    FollowingHash hash(opened.get());
    const auto added = writer.addFile(
        kindOf(file.kind), file.name, opened, file.size,
        [&](qint64 bytes) {
            if (isDigested)
                hash.follow(bytes);
            copied(bytes);
        },
        m_cancel);
    if (!added && added.error().code() == ErrorCode::Corrupt)
        return fail(ErrorCode::Corrupt,
                    QStringLiteral("The stored file '%1' is shorter than recorded").arg(name));
    if (!added)
        return added;
    if (isDigested) {
        const auto digest = hash.finish();
        if (!digest)
            return forward(digest);
        if (*digest == file.name)
            return {};
    }
    const auto right = store::areTrustedBytesRight(rows, file, opened.get());
    if (!right)
        return forward(right);
    if (*right)
        return {};
    m_foundDamage = true;
    return fail(ErrorCode::Corrupt, QStringLiteral("The stored file '%1' is damaged").arg(name));
}

/// The files that the copy of the database names: the live one has changed since.
Result<void> BundleAttempt::addStore(BundleWriter& writer, const db::Database& rows)
{
    auto added =
        m_context.store.forEachStoredFile(rows, [&](const store::StoredFile& file, const UniqueFd& opened) {
            return addStoredFile(writer, rows, file, opened);
        });
    if (!added && added.error().code() == ErrorCode::Corrupt) {
        return fail(ErrorCode::Corrupt,
                    QStringLiteral("No backup was made: %1. 'hubletd verify' tells what it hurts")
                        .arg(added.error().detail()));
    }
    return added;
}

Result<std::vector<store::DamagedContent>> BundleAttempt::write(const QString& bundle)
{
    const auto summary = m_context.store.summary();
    if (!summary)
        return forward(summary);
    m_totalBytes = summary->storedBytes;
    auto writer = BundleWriter::create(bundle);
    if (!writer)
        return forward(writer);
    const QByteArray manifest = BundleManifest{m_context.clock.nowMs()}.toJson();
    if (const auto added = (*writer)->addBytes(BundleEntryKind::Manifest, manifest); !added)
        return forward(added);
    if (const auto added = addSettings(**writer); !added)
        return forward(added);

    const QTemporaryDir folder(m_context.dataFolder.path() + DataFolder::BackupFolders);
    db::DatabaseOptions options;
    options.file = folder.filePath(QStringLiteral("hublet.db"));
    if (!folder.isValid())
        return fail(
            ErrorCode::Io,
            QStringLiteral("There is no room for a copy of the database: %1").arg(folder.errorString()));
    const store::KeptFiles kept = m_context.store.keepFiles(); // of every row that will be in the copy
    if (const auto made = m_context.database.copyTo(options.file); !made)
        return forward(made);
    if (const auto added = addDatabase(**writer, options.file); !added)
        return forward(added);
    const auto rows = db::Database::open(options, false);
    if (!rows)
        return forward(rows);
    if (const auto added = addStore(**writer, **rows); !added)
        return forward(added);
    auto damaged = store::knownDamage(**rows);
    if (!damaged)
        return damaged;
    if (const auto finished = (*writer)->finish(); !finished)
        return forward(finished);
    return damaged;
}

} // namespace

Result<std::vector<store::DamagedContent>> writeBackup(const ServiceContext& context, const QString& bundle,
                                                       const ProgressFunction& progress,
                                                       const CancelToken& cancel)
{
    BundleAttempt first(context, progress, cancel);
    auto damaged = first.write(bundle);
    if (damaged || !first.foundDamage())
        return damaged;
    // The database goes before the files, so what it says of them must be known first.
    qCWarning(lcBackup).noquote() << "everything is verified before the backup begins again:"
                                  << damaged.error().detail();
    const auto verified = context.store.verify(progress, cancel);
    context.catalog.noteStorageChange();
    if (!verified)
        return forward(verified);
    return BundleAttempt(context, progress, cancel).write(bundle);
}

} // namespace hublet::service
