// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/storefolder.h"

#include "core/store/files/fileio.h"
#include "core/store/files/ioerror.h"

#include <QFile>
#include <QLoggingCategory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr mode_t FolderMode = 0700;
constexpr int OpenFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;

/// Name of a folder between the kind and the files.
bool isHexPair(QByteArrayView name)
{
    return name.size() == 2 && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

/// Calls back with the name of each entry but "." and "..".
[[nodiscard]] Result<void> forEachEntry(const UniqueFd& folder,
                                        const std::function<Result<void>(const char*)>& visit)
{
    const int copy = ::openat(folder.get(), ".", OpenFolder); // closedir() closes what it was given
    DIR* const stream = copy < 0 ? nullptr : ::fdopendir(copy);
    if (!stream) {
        if (copy >= 0)
            ::close(copy);
        return failIo(QStringLiteral("list a folder"), errno);
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, ::closedir);
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
        const QByteArrayView name(entry->d_name);
        if (name == "." || name == "..")
            continue;
        if (const auto visited = visit(entry->d_name); !visited)
            return visited;
        errno = 0;
    }
    if (errno != 0)
        return failIo(QStringLiteral("list a folder"), errno);
    return {};
}

} // namespace

Result<std::unique_ptr<StoreFolder>> StoreFolder::open(const QString& path)
{
    std::unique_ptr<StoreFolder> folder(new StoreFolder);
    const QByteArray root = QFile::encodeName(path);
    if (::mkdir(root.constData(), FolderMode) != 0 && errno != EEXIST)
        return failIo(QStringLiteral("create the store"), errno);
    folder->m_root = UniqueFd(::open(root.constData(), OpenFolder));
    if (!folder->m_root.isValid())
        return failIo(QStringLiteral("open the store"), errno);
    const UniqueFd parent(::openat(folder->m_root.get(), "..", OpenFolder));
    if (!parent.isValid())
        return failIo(QStringLiteral("open the data folder"), errno);
    if (const auto synced = syncFile(parent.get()); !synced)
        return forward(synced);
    for (const char* name : {"blobs", "packs", "xorbs", "staging", "quarantine"}) {
        if (const auto created = folder->createFolder(name); !created)
            return forward(created);
    }
    auto staging = folder->openFolder("staging");
    if (!staging)
        return forward(staging);
    folder->m_staging = std::move(*staging);
    if (const auto cleared = folder->clearStaging(); !cleared)
        return forward(cleared);
    return folder;
}

Result<void> StoreFolder::clearStaging()
{
    return forEachEntry(m_staging, [this](const char* name) -> Result<void> {
        if (::unlinkat(m_staging.get(), name, 0) != 0)
            return failIo(QStringLiteral("remove an abandoned staging file"), errno);
        qCInfo(storeLog, "removed the abandoned staging file %s", name);
        return {};
    });
}

Result<UniqueFd> StoreFolder::openFolder(const QByteArray& path) const
{
    UniqueFd fd(::openat(m_root.get(), path.constData(), OpenFolder));
    if (!fd.isValid())
        return failIo(QStringLiteral("open a folder of the store"), errno);
    return fd;
}

// A folder that exists need not be durable: the process that made it may have been killed before its sync. So
// the first use in each process syncs the parent once.
Result<void> StoreFolder::createFolder(const QByteArray& path)
{
    const std::lock_guard lock(m_mutex);
    for (qsizetype end = path.indexOf('/');; end = path.indexOf('/', end + 1)) {
        const QByteArray part = end < 0 ? path : path.first(end);
        const std::string key = part.toStdString();
        if (!m_durableFolders.contains(key)) {
            if (::mkdirat(m_root.get(), part.constData(), FolderMode) != 0 && errno != EEXIST)
                return failIo(QStringLiteral("create a folder of the store"), errno);
            const qsizetype slash = part.lastIndexOf('/');
            const auto parent = openFolder(slash < 0 ? QByteArray(".") : part.first(slash));
            if (!parent)
                return forward(parent);
            if (const auto synced = syncFile(parent->get()); !synced)
                return synced;
            m_durableFolders.insert(key);
        }
        if (end < 0)
            return {};
    }
}

Result<std::unique_ptr<StagedFile>> StoreFolder::stage() const
{
    return StagedFile::create(m_staging.get());
}

Result<bool> StoreFolder::link(StagedFile& staged, const StoredFile& file)
{
    const QByteArray path = file.folder();
    if (const auto created = createFolder(path); !created)
        return forward(created);
    const auto folder = openFolder(path);
    if (!folder)
        return forward(folder);
    return staged.link(folder->get(), file.name.toHex());
}

Result<void> StoreFolder::syncFolderOf(const StoredFile& file) const
{
    const auto folder = openFolder(file.folder());
    if (!folder)
        return forward(folder);
    return syncFile(folder->get());
}

Result<UniqueFd> StoreFolder::openFile(const StoredFile& file) const
{
    UniqueFd fd(::openat(m_root.get(), file.path().constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (fd.isValid())
        return fd;
    if (errno == ENOENT)
        return fail(ErrorCode::NotFound, QStringLiteral("A stored file is missing"));
    return failIo(QStringLiteral("open a stored file"), errno);
}

Result<bool> StoreFolder::remove(const StoredFile& file)
{
    if (::unlinkat(m_root.get(), file.path().constData(), 0) == 0)
        return true;
    if (errno == ENOENT)
        return false;
    return failIo(QStringLiteral("remove a stored file"), errno);
}

Result<void> StoreFolder::quarantine(const StoredFile& file)
{
    const QByteArray hex = file.name.toHex();
    for (int attempt = 0;; ++attempt) {
        const QByteArray target = "quarantine/" + hex + '.' + QByteArray::number(attempt);
        if (::renameat2(m_root.get(), file.path().constData(), m_root.get(), target.constData(),
                        RENAME_NOREPLACE) == 0) {
            qCWarning(storeLog, "moved the damaged file %s to %s", file.path().constData(),
                      target.constData());
            return {};
        }
        if (errno != EEXIST)
            return failIo(QStringLiteral("quarantine a damaged file"), errno);
    }
}

Result<void> StoreFolder::forEachFile(FileKind kind,
                                      const std::function<Result<void>(const StoredFile&)>& visit) const
{
    const std::function<Result<void>(const QByteArray&, int)> walk = [&](const QByteArray& path,
                                                                         int depth) -> Result<void> {
        const auto folder = openFolder(path);
        if (!folder)
            return forward(folder);
        return forEachEntry(*folder, [&](const char* name) -> Result<void> {
            if (depth > 0)
                return isHexPair(name) ? walk(path + '/' + name, depth - 1) : Result<void>();
            const auto digest = Sha256::fromHex(name);
            return digest ? visit({0, kind, *digest, 0}) : Result<void>();
        });
    };
    switch (kind) {
    case FileKind::Blob:
        return walk("blobs", 2);
    case FileKind::Pack:
        return walk("packs", 1);
    case FileKind::Xorb:
        break;
    }
    return walk("xorbs", 1);
}

Result<FileSystemSpace> StoreFolder::space() const
{
    struct statvfs status {};
    if (::fstatvfs(m_root.get(), &status) != 0)
        return failIo(QStringLiteral("look at the file system"), errno);
    return FileSystemSpace{qint64(status.f_blocks) * qint64(status.f_frsize),
                           qint64(status.f_bavail) * qint64(status.f_frsize)};
}

} // namespace hublet::store
