// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/restorefolder.h"

#include <QDir>
#include <QFile>
#include <QLoggingCategory>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace hublet::service {

namespace {

Q_LOGGING_CATEGORY(lcRestoreFolder, "hublet.service")

constexpr QLatin1StringView Suffix{".restoring-"};
constexpr QLatin1StringView Unique{"XXXXXX"}; // what QTemporaryDir puts in its place is as long
constexpr int Attempts = 3;                   // another restore may take a new folder for one that was left

/// Invalid when another process has it, or when it is gone.
UniqueFd lockFolder(const QString& path)
{
    UniqueFd folder(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat info = {};
    if (!folder.isValid() || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0 ||
        ::fstat(folder.get(), &info) != 0 || info.st_nlink == 0 || info.st_uid != ::geteuid())
        folder.reset();
    return folder;
}

void removeLeftFolders(const QString& target)
{
    const QFileInfo place(target);
    const QString begin = place.fileName() + Suffix;
    const auto filter = QDir::Dirs | QDir::Hidden | QDir::NoSymLinks | QDir::NoDotAndDotDot;
    for (const QFileInfo& left : place.absoluteDir().entryInfoList(filter)) {
        if (!left.fileName().startsWith(begin) || left.fileName().size() != begin.size() + Unique.size())
            continue;
        if (QFile::exists(left.filePath() + QStringLiteral("/signing.key"))) // a Hublet has run on it
            continue;
        const UniqueFd lock = lockFolder(left.filePath());
        if (!lock.isValid())
            continue;
        qCInfo(lcRestoreFolder) << "removing what a restore left:" << left.fileName();
        QDir(left.filePath()).removeRecursively();
    }
}

} // namespace

Result<std::unique_ptr<RestoreFolder>> RestoreFolder::create(const QString& target)
{
    removeLeftFolders(target);
    for (int attempt = 0; attempt < Attempts; ++attempt) {
        std::unique_ptr<RestoreFolder> made(new RestoreFolder(target + Suffix + Unique));
        if (!made->m_folder.isValid())
            return fail(ErrorCode::Io, QStringLiteral("No folder can be made beside the data folder: %1")
                                           .arg(made->m_folder.errorString()));
        made->m_lock = lockFolder(made->path());
        if (made->m_lock.isValid())
            return made;
    }
    return fail(ErrorCode::Io, QStringLiteral("The folder made beside the data folder cannot be locked"));
}

} // namespace hublet::service
