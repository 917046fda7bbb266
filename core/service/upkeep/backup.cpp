// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/backup.h"

#include "core/archive/bundlewriter.h"
#include "core/db/database.h"
#include "core/service/context/datafolder.h"
#include "core/service/context/servicecontext.h"
#include "core/service/upkeep/bundlemanifest.h"
#include "core/store/contentstore.h"

#include <QFile>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>

namespace hublet::service {

namespace {

using archive::BundleEntryKind;
using archive::BundleWriter;

/// Adds up what was copied and tells `progress`.
struct Copied {
    const ProgressFunction& progress;
    qint64 total = 0;
    qint64 done = 0;
    void operator()(qint64 bytes)
    {
        done += bytes;
        progress(done, total);
    }
};

Result<void> addSettings(BundleWriter& writer, const QString& settingsFile)
{
    QFile file(settingsFile);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io,
                    QStringLiteral("The settings file cannot be read: %1").arg(file.errorString()));
    return writer.addBytes(BundleEntryKind::Settings, file.readAll());
}

Result<void> addDatabase(BundleWriter& writer, const QString& copy, Copied& copied, const CancelToken& cancel)
{
    const UniqueFd file(::open(QFile::encodeName(copy).constData(), O_RDONLY | O_CLOEXEC));
    struct stat info = {};
    if (!file.isValid() || ::fstat(file.get(), &info) != 0)
        return fail(ErrorCode::Io, QStringLiteral("The copy of the database cannot be read"));
    copied.total += info.st_size;
    return writer.addFile(BundleEntryKind::Database, Sha256(), file, info.st_size, std::ref(copied), cancel);
}

Result<void> addStoredFile(BundleWriter& writer, const QString& relativeName, const UniqueFd& file,
                           qint64 size, Copied& copied, const CancelToken& cancel)
{
    const qsizetype slash = relativeName.lastIndexOf(u'/');
    const auto digest = Sha256::fromHex(relativeName.mid(slash + 1).toLatin1());
    const auto kind = relativeName.startsWith(QLatin1StringView("packs/"))   ? BundleEntryKind::Pack
                      : relativeName.startsWith(QLatin1StringView("xorbs/")) ? BundleEntryKind::Xorb
                                                                             : BundleEntryKind::Blob;
    if (!digest)
        return fail(ErrorCode::Internal, QStringLiteral("A file of the store is not named by a digest"));
    const auto added = writer.addFile(kind, *digest, file, size, std::ref(copied), cancel);
    if (!added && added.error().code() == ErrorCode::Corrupt)
        return fail(ErrorCode::Corrupt,
                    QStringLiteral("The stored file '%1' is shorter than recorded").arg(relativeName));
    return added;
}

/// The files that the copy of the database names: the live one has changed since.
Result<void> addStore(BundleWriter& writer, const QString& copy, const store::ContentStore& store,
                      Copied& copied, const CancelToken& cancel)
{
    db::DatabaseOptions options;
    options.file = copy;
    const auto rows = db::Database::open(options, false);
    if (!rows)
        return forward(rows);
    auto added =
        store.forEachStoredFile(**rows, [&](const QString& relativeName, const UniqueFd& file, qint64 size) {
            return addStoredFile(writer, relativeName, file, size, copied, cancel);
        });
    if (!added && added.error().code() == ErrorCode::Corrupt) {
        return fail(ErrorCode::Corrupt,
                    QStringLiteral("No backup was made: %1. 'hubletd verify' tells what it hurts")
                        .arg(added.error().detail()));
    }
    return added;
}

} // namespace

Result<void> writeBackup(const ServiceContext& context, const QString& bundle,
                         const ProgressFunction& progress, const CancelToken& cancel)
{
    const auto summary = context.store.summary();
    if (!summary)
        return forward(summary);
    Copied copied{progress, summary->storedBytes};
    auto writer = BundleWriter::create(bundle);
    if (!writer)
        return forward(writer);
    const QByteArray manifest = BundleManifest{context.clock.nowMs()}.toJson();
    if (const auto added = (*writer)->addBytes(BundleEntryKind::Manifest, manifest); !added)
        return forward(added);
    if (const auto added = addSettings(**writer, context.dataFolder.settingsFile()); !added)
        return forward(added);

    const QTemporaryDir folder(context.dataFolder.path() + DataFolder::BackupFolders);
    const QString copy = folder.filePath(QStringLiteral("hublet.db"));
    if (!folder.isValid())
        return fail(
            ErrorCode::Io,
            QStringLiteral("There is no room for a copy of the database: %1").arg(folder.errorString()));
    const store::KeptFiles kept = context.store.keepFiles(); // of every row that will be in the copy
    if (const auto made = context.database.copyTo(copy); !made)
        return forward(made);
    if (const auto added = addDatabase(**writer, copy, copied, cancel); !added)
        return forward(added);
    if (const auto added = addStore(**writer, copy, context.store, copied, cancel); !added)
        return forward(added);
    return (*writer)->finish();
}

} // namespace hublet::service
