// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/restore.h"

#include "core/service/context/datafolder.h"
#include "core/service/upkeep/bundlemanifest.h"
#include "core/service/upkeep/restorefolder.h"
#include "core/store/contentstore.h"
#include "core/store/upkeep/trustedbytes.h"

#include <QDir>
#include <QFile>
#include <QLoggingCategory>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hublet::service {

namespace {

using archive::BundleEntryKind;
using archive::BundleEntryName;
using archive::BundleReader;

Q_LOGGING_CATEGORY(lcRestore, "hublet.service")

constexpr qint64 CopyBytes = 1 << 20;
constexpr qint64 MaxManifestBytes = 64 * 1024;

tl::unexpected<Error> writeFailure()
{
    return fail(errno == ENOSPC || errno == EDQUOT ? ErrorCode::NoSpace : ErrorCode::Io,
                QStringLiteral("The data folder cannot be written: %1")
                    .arg(QString::fromLocal8Bit(std::strerror(errno))));
}

tl::unexpected<Error> notEmpty(const QString& folder)
{
    return fail(ErrorCode::Conflict,
                QStringLiteral("The data folder %1 is not empty; name one that does not exist").arg(folder));
}

/// Named by the SHA-256 of its bytes?
bool isDigested(const BundleEntryName& name)
{
    return name.kind == BundleEntryKind::Blob || name.kind == BundleEntryKind::Pack;
}

bool isStored(const BundleEntryName& name)
{
    return isDigested(name) || name.kind == BundleEntryKind::Xorb;
}

Result<void> writeAll(const UniqueFd& file, const QByteArray& bytes)
{
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t count = ::write(file.get(), bytes.constData() + done, size_t(bytes.size() - done));
        if (count < 0 && errno != EINTR)
            return writeFailure();
        done += std::max<ssize_t>(count, 0);
    }
    return {};
}

} // namespace

Result<qint64> Restore::run(const QString& bundle)
{
    if (const auto free = checkTarget(); !free)
        return forward(free);
    auto reader = BundleReader::open(bundle);
    if (!reader)
        return forward(reader);
    const auto folder = RestoreFolder::create(m_target);
    if (!folder)
        return forward(folder);
    m_folder = (*folder)->path();
    if (const auto unpacked = unpack(**reader); !unpacked)
        return forward(unpacked);
    const auto damaged = checkResult();
    if (!damaged)
        return damaged;
    if (const auto placed = putInPlace(); !placed)
        return forward(placed);
    (*folder)->keep();
    return damaged;
}

Result<void> Restore::checkTarget() const
{
    if (const auto usable = DataFolder::check(m_target); !usable)
        return forward(usable);
    const QFileInfo target(m_target);
    if (!target.exists())
        return QDir().mkpath(target.absolutePath())
                   ? Result<void>()
                   : fail(ErrorCode::Io, QStringLiteral("The folder above the data folder cannot be made"));
    if (!target.isDir() ||
        !QDir(m_target).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot))
        return notEmpty(m_target);
    return {};
}

Result<void> Restore::unpack(BundleReader& reader)
{
    const auto first = reader.next();
    if (!first)
        return forward(first);
    const auto json = reader.readAll(MaxManifestBytes);
    if (!json)
        return forward(json);
    if (const auto manifest = BundleManifest::fromJson(*json); !manifest)
        return forward(manifest);
    while (true) {
        const auto entry = reader.next();
        if (!entry)
            return forward(entry);
        if (!*entry || (*entry)->name.part == 0) {
            if (const auto ended = endFile(); !ended)
                return forward(ended);
        }
        if (!*entry) {
            if (!reader.hasDigests())
                qCWarning(lcRestore)
                    << "The bundle was made by an early Hublet and does not say what its database "
                       "must be: damage there may go unnoticed";
            return {};
        }
        if ((*entry)->name.part == 0) {
            if (const auto begun = beginFile((*entry)->name); !begun)
                return forward(begun);
        }
        if (const auto copied = copyEntry(reader); !copied)
            return forward(copied);
    }
}

/// Nothing in the bundle says where a file goes: its kind and digest do.
QString Restore::pathOf(const BundleEntryName& name) const
{
    const QString hex = QString::fromLatin1(name.digest.toHex());
    switch (name.kind) {
    case BundleEntryKind::Settings:
        return m_folder + QStringLiteral("/settings.json");
    case BundleEntryKind::Blob:
        return m_folder + QStringLiteral("/store/blobs/%1/%2/%3").arg(hex.left(2), hex.mid(2, 2), hex);
    case BundleEntryKind::Pack:
        return m_folder + QStringLiteral("/store/packs/%1/%2").arg(hex.left(2), hex);
    case BundleEntryKind::Xorb:
        return m_folder + QStringLiteral("/store/xorbs/%1/%2").arg(hex.left(2), hex);
    case BundleEntryKind::Database:
    case BundleEntryKind::Manifest:
    case BundleEntryKind::End:
        break;
    }
    return m_folder + QStringLiteral("/hublet.db");
}

Result<void> Restore::beginFile(const BundleEntryName& name)
{
    const QString path = pathOf(name);
    if (!QDir().mkpath(QFileInfo(path).path()))
        return writeFailure();
    const mode_t mode = isStored(name) ? 0440 : 0600;
    m_file =
        UniqueFd(::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!m_file.isValid()) {
        if (errno == EEXIST)
            return fail(ErrorCode::Corrupt, QStringLiteral("The bundle is damaged: a file is in it twice"));
        return writeFailure();
    }
    m_current = name;
    m_hasher = Sha256Hasher();
    return {};
}

Result<void> Restore::copyEntry(BundleReader& reader)
{
    while (true) {
        if (m_cancel.isCancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("The restore was cancelled"));
        const auto bytes = reader.read(CopyBytes);
        if (!bytes)
            return forward(bytes);
        if (bytes->isEmpty())
            return {};
        m_hasher.add(*bytes);
        if (const auto written = writeAll(m_file, *bytes); !written)
            return forward(written);
        m_progress(reader.position(), reader.size());
    }
}

Result<void> Restore::endFile()
{
    if (!m_current)
        return {};
    if (isDigested(*m_current) && m_hasher.finish() != m_current->digest)
        m_mismatched.insert(m_current->digest); // it may have been damaged in the store already
    m_current.reset();
    m_file.reset();
    return {};
}

/// Is the file what its row says, but for damage that the database knows of?
Result<void> Restore::checkStoredFile(const db::Database& rows, const store::StoredFile& file,
                                      const UniqueFd& opened)
{
    const QString name = QString::fromLatin1(file.path());
    struct stat info = {};
    if (::fstat(opened.get(), &info) != 0 || info.st_size != file.size)
        return fail(ErrorCode::Corrupt, QStringLiteral("'%1' has the wrong size").arg(name));
    if (file.kind != store::FileKind::Xorb && m_mismatched.erase(file.name) == 0)
        return {};
    const auto right = store::areTrustedBytesRight(rows, file, opened.get());
    if (!right)
        return forward(right);
    return *right ? Result<void>()
                  : fail(ErrorCode::Corrupt, QStringLiteral("'%1' is not what its name says").arg(name));
}

/// Is the database sound, and is every file there that it knows, and what it should be?
Result<qint64> Restore::checkResult()
{
    db::DatabaseOptions options;
    options.file = pathOf({BundleEntryKind::Database, Sha256(), 0});
    if (!QFile::exists(options.file))
        return fail(ErrorCode::Corrupt, QStringLiteral("The bundle is damaged: it has no database"));
    const auto database = db::Database::open(options, true);
    if (!database)
        return forward(database);
    const SystemClock clock;
    store::StoreOptions storeOptions;
    storeOptions.folder = m_folder + QStringLiteral("/store");
    const auto store = store::ContentStore::open(storeOptions, **database, clock);
    if (!store)
        return forward(store);
    const auto compared =
        (*store)->forEachStoredFile(**database, [&](const store::StoredFile& file, const UniqueFd& opened) {
            return checkStoredFile(**database, file, opened);
        });
    if (!compared)
        return fail(ErrorCode::Corrupt, QStringLiteral("The bundle is damaged: files are missing or wrong"),
                    compared.error());
    if (!m_mismatched.empty())
        return fail(ErrorCode::Corrupt,
                    QStringLiteral("The bundle is damaged: '%1' does not match its digest")
                        .arg(QString::fromLatin1(m_mismatched.begin()->toHex())));
    const auto damaged = store::knownDamage(**database);
    if (!damaged)
        return forward(damaged);
    // What Xet clients uploaded after the backup is not here: they must not refer to it.
    const auto epoch = (*store)->startNewEpoch();
    return epoch ? Result<qint64>(qint64(damaged->size())) : forward(epoch);
}

Result<void> Restore::putInPlace()
{
    const QByteArray source = QFile::encodeName(m_folder);
    const QByteArray target = QFile::encodeName(m_target);
    const UniqueFd folder(::open(source.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isValid() || ::syncfs(folder.get()) != 0)
        return writeFailure();
    // Replaces an empty folder; one that was filled meanwhile stops it.
    if (::rename(source.constData(), target.constData()) != 0) {
        return errno == ENOTEMPTY || errno == EEXIST ? notEmpty(m_target) : writeFailure();
    }
    const UniqueFd parent(::open(QFile::encodeName(QFileInfo(m_target).absolutePath()).constData(),
                                 O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return parent.isValid() && ::fsync(parent.get()) == 0 ? Result<void>() : writeFailure();
}

} // namespace hublet::service
