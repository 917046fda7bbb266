// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/datafolder.h"

#include "core/base/hasher.h"
#include "core/base/random.h"

#include <QDir>
#include <QFile>
#include <QLoggingCategory>
#include <QStandardPaths>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hublet::service {

namespace {

Q_LOGGING_CATEGORY(lcDataFolder, "hublet.service")

constexpr qsizetype SigningKeyBytes = 32;
constexpr qsizetype MaxLockFileBytes = 8192; // a path is part of it
/// A socket's name has at most 107 bytes, and Qt gives it a longer one first.
constexpr qsizetype MaxSocketBytes = 90;
/// SQLite takes no longer names, in bytes, for a database with its journal.
constexpr qsizetype MaxDatabaseBytes = 512 - 8;
constexpr QLatin1StringView DatabaseName("/hublet.db");
/// A backup has its copy of the database one folder down.
constexpr qsizetype MaxPathBytes = MaxDatabaseBytes - DatabaseName.size() - DataFolder::BackupFolders.size();
constexpr char Running[] = "running";
constexpr char Stopped[] = "stopped";

tl::unexpected<Error> ioFailure(const QString& what)
{
    const QString reason = QString::fromLocal8Bit(std::strerror(errno));
    return fail(errno == ENOSPC ? ErrorCode::NoSpace : ErrorCode::Io,
                QStringLiteral("%1: %2").arg(what, reason));
}

Result<UniqueFd> openFile(const QString& path, int flags, mode_t mode)
{
    UniqueFd file(::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!file.isValid())
        return ioFailure(QStringLiteral("A file of the data folder cannot be opened"));
    return file;
}

QByteArray readUpTo(int fd, qsizetype limit)
{
    QByteArray bytes(limit, Qt::Uninitialized);
    const ssize_t count = ::pread(fd, bytes.data(), size_t(limit), 0);
    bytes.truncate(std::max<ssize_t>(count, 0));
    return bytes;
}

Result<void> replaceContent(int fd, const QByteArray& bytes)
{
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, bytes.constData(), size_t(bytes.size()), 0) != bytes.size() ||
        ::fsync(fd) != 0)
        return ioFailure(QStringLiteral("The lock file of the data folder cannot be written"));
    return {};
}

QByteArray bootId()
{
    QFile file(QStringLiteral("/proc/sys/kernel/random/boot_id"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArrayLiteral("-");
}

/// "<pid> <boot id> running|stopped", and while it runs a line with the path of the control socket.
QByteArray lockText(const char* state, const QString& socket = {})
{
    QByteArray text = QByteArray::number(qint64(::getpid())) + ' ' + bootId() + ' ' + state + '\n';
    if (!socket.isEmpty())
        text += QFile::encodeName(socket) + '\n';
    return text;
}

QByteArray lineOf(const QByteArray& text, int line)
{
    return text.split('\n').value(line).trimmed();
}

QString absolutePath(const QString& path)
{
    return QDir::cleanPath(QDir(path).absolutePath());
}

tl::unexpected<Error> closedFolder(const QString& path)
{
    return fail(ErrorCode::Forbidden, QStringLiteral("The data folder %1 is closed to this user").arg(path));
}

tl::unexpected<Error> othersFolder(const QString& path)
{
    return fail(ErrorCode::Forbidden, QStringLiteral("The data folder %1 belongs to another user").arg(path));
}

/// Is there anything in the folder that no start, restore or administrator puts there before the first start,
/// and no file system by itself?
bool holdsForeignThings(const QString& path)
{
    const QStringList harmless{QStringLiteral("hublet.lock"), QStringLiteral("signing.key.new"),
                               QStringLiteral("settings.json"), QStringLiteral("lost+found")};
    const auto all = QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot;
    const QStringList names = QDir(path).entryList(all);
    return std::any_of(names.begin(), names.end(),
                       [&](const QString& name) { return !harmless.contains(name); });
}

/// Only the user who runs Hublet may get at the folder, whatever the umask was when it was made.
Result<void> checkFolder(const QString& path)
{
    const UniqueFd folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat info = {};
    if (!folder.isValid() || ::fstat(folder.get(), &info) != 0)
        return ioFailure(QStringLiteral("The data folder cannot be opened"));
    if (info.st_uid != ::geteuid()) // once more, of the folder that is open now
        return othersFolder(path);
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fail(ErrorCode::Forbidden,
                    QStringLiteral("The data folder can be written to by other users; "
                                   "take that right from them (chmod 700) and start again"));
    }
    if ((info.st_mode & 077) != 0 && ::fchmod(folder.get(), 0700) != 0)
        return ioFailure(QStringLiteral("The data folder cannot be closed to other users"));
    return {};
}

Result<QByteArray> createSigningKey(const QString& folder, const QString& path)
{
    const QByteArray key = randomBytes(SigningKeyBytes);
    const QString staged = path + QStringLiteral(".new");
    auto file = openFile(staged, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!file)
        return forward(file);
    if (::write(file->get(), key.constData(), size_t(key.size())) != key.size() ||
        ::fsync(file->get()) != 0 ||
        ::rename(QFile::encodeName(staged).constData(), QFile::encodeName(path).constData()) != 0)
        return ioFailure(QStringLiteral("The signing key cannot be written"));
    if (const auto synced = DataFolder::sync(folder); !synced)
        return forward(synced);
    return key;
}

Result<QByteArray> readSigningKey(const QString& path)
{
    const auto file = openFile(path, O_RDONLY, 0);
    if (!file)
        return forward(file);
    struct stat info = {};
    if (::fstat(file->get(), &info) != 0)
        return ioFailure(QStringLiteral("The signing key cannot be read"));
    if ((info.st_mode & 077) != 0) {
        return fail(
            ErrorCode::Forbidden,
            QStringLiteral(
                "The signing key is open to other users; remove the file signing.key to get a new one"));
    }
    const QByteArray key = readUpTo(file->get(), SigningKeyBytes + 1);
    if (key.size() != SigningKeyBytes)
        return fail(ErrorCode::Corrupt,
                    QStringLiteral("The file signing.key does not hold a key; remove it to get a new one"));
    return key;
}

/// Nobody else makes any while the lock is held.
void removeLeftBackups(const QString& folder)
{
    const QString pattern = DataFolder::BackupFolders.sliced(1).toString().replace(u'X', u'?');
    for (const QFileInfo& left : QDir(folder).entryInfoList({pattern}, QDir::Dirs | QDir::NoSymLinks)) {
        qCInfo(lcDataFolder) << "removing what a backup left:" << left.fileName();
        QDir(left.filePath()).removeRecursively();
    }
}

/// A folder that only this user can reach, for sockets whose own folder has too long a name.
QString sessionFolder()
{
    const QString user = QString::number(::geteuid());
    const QString session = QStringLiteral("/run/user/") + user;
    const QString made = QDir::tempPath() + QStringLiteral("/hublet-") + user;
    ::mkdir(QFile::encodeName(made).constData(), 0700);
    for (const QString& folder : {session, made}) {
        struct stat info = {};
        if (::lstat(QFile::encodeName(folder).constData(), &info) == 0 && S_ISDIR(info.st_mode) &&
            info.st_uid == ::geteuid() && (info.st_mode & 077) == 0)
            return folder;
    }
    return {};
}

} // namespace

QString DataFolder::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/hublet");
}

Result<void> DataFolder::check(const QString& path)
{
    if (path.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("No data folder was named"));
    const QString absolute = absolutePath(path);
    const QByteArray name = QFile::encodeName(absolute);
    if (name.size() > MaxPathBytes) {
        return fail(
            ErrorCode::InvalidArgument,
            QStringLiteral("The path of the data folder is too long: it has %1 bytes, and may have %2")
                .arg(name.size())
                .arg(MaxPathBytes));
    }
    struct stat info = {};
    if (::stat(name.constData(), &info) != 0)
        return errno == EACCES ? closedFolder(absolute) : Result<void>();
    if (info.st_uid != ::geteuid())
        return othersFolder(absolute);
    if (S_ISDIR(info.st_mode) && ::faccessat(AT_FDCWD, name.constData(), X_OK, AT_EACCESS) != 0)
        return closedFolder(absolute);
    return {};
}

Result<std::unique_ptr<DataFolder>> DataFolder::open(const QString& path)
{
    if (const auto checked = check(path); !checked)
        return forward(checked);
    const QString absolute = absolutePath(path);
    if (!QDir().mkpath(QFileInfo(absolute).path()) ||
        (::mkdir(QFile::encodeName(absolute).constData(), 0700) != 0 && errno != EEXIST))
        return ioFailure(QStringLiteral("The data folder cannot be made"));
    if (!holdsData(absolute) && holdsForeignThings(absolute)) {
        return fail(
            ErrorCode::Conflict,
            QStringLiteral("The folder %1 holds other things and nothing of Hublet's; name one that is "
                           "empty or does not exist")
                .arg(absolute));
    }
    if (const auto checked = checkFolder(absolute); !checked)
        return forward(checked);

    std::unique_ptr<DataFolder> folder(new DataFolder);
    folder->m_path = absolute;
    auto lock = openFile(absolute + QStringLiteral("/hublet.lock"), O_RDWR | O_CREAT, 0600);
    if (!lock)
        return forward(lock);
    const QByteArray before = lineOf(readUpTo(lock->get(), MaxLockFileBytes), 0);
    if (::flock(lock->get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return ioFailure(QStringLiteral("The data folder cannot be locked"));
        const QByteArray pid = before.left(before.indexOf(' '));
        return fail(ErrorCode::Busy,
                    QStringLiteral("Another Hublet (process %1) uses the data folder %2")
                        .arg(pid.isEmpty() ? QStringLiteral("unknown") : QString::fromLatin1(pid), absolute));
    }
    removeLeftBackups(absolute);
    folder->m_uncleanStop = !before.isEmpty() && !before.endsWith(Stopped);
    const QString keyFile = absolute + QStringLiteral("/signing.key");
    auto key = QFile::exists(keyFile) ? readSigningKey(keyFile) : createSigningKey(absolute, keyFile);
    if (!key)
        return forward(key);
    folder->m_signingKey = std::move(*key);
    if (const auto noted = replaceContent(lock->get(), lockText(Running, controlSocket(absolute))); !noted)
        return forward(noted);
    folder->m_lock = std::move(*lock);
    return folder;
}

DataFolder::~DataFolder()
{
    // A start that failed before the checks were through leaves them to the next one, and so does a failed
    // sync.
    if (!m_lock.isValid() || (m_uncleanStop && !m_checked) || m_syncFailed)
        return;
    if (const auto noted = replaceContent(m_lock.get(), lockText(Stopped)); !noted)
        qCWarning(lcDataFolder) << "clean stop not noted:" << noted.error().describe();
}

QString DataFolder::databaseFile() const
{
    return m_path + DatabaseName;
}

QString DataFolder::storeFolder() const
{
    return m_path + QStringLiteral("/store");
}

QString DataFolder::settingsFile() const
{
    return m_path + QStringLiteral("/settings.json");
}

Result<void> DataFolder::sync(const QString& path)
{
    const UniqueFd folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isValid() || ::fsync(folder.get()) != 0)
        return ioFailure(QStringLiteral("The data folder cannot be synced"));
    return {};
}

bool DataFolder::holdsData(const QString& path)
{
    const QDir folder(path);
    return folder.exists(QStringLiteral("hublet.db")) || folder.exists(QStringLiteral("signing.key"));
}

QString DataFolder::controlSocket(const QString& dataFolder)
{
    const QString absolute = absolutePath(dataFolder);
    const QString canonical = QFileInfo(absolute).canonicalFilePath(); // empty when there is none yet
    const QString path = canonical.isEmpty() ? absolute : canonical;
    // A socket's name is short, so the folder is named by a digest.
    const QByteArray digest = Sha256Hasher::hash(QFile::encodeName(path)).toHex().left(16);
    const QString name = QStringLiteral("/hublet-%1.sock").arg(QString::fromLatin1(digest));
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    const QString inRuntime = runtime + name;
    if (!runtime.isEmpty() && QFileInfo(runtime).isDir() && inRuntime.toUtf8().size() <= MaxSocketBytes)
        return inRuntime;
    const QString inFolder = path + QStringLiteral("/control.sock");
    if (inFolder.toUtf8().size() <= MaxSocketBytes)
        return inFolder;
    const QString session = sessionFolder();
    return session.isEmpty() ? inFolder : session + name;
}

QString DataFolder::controlSocketInUse(const QString& dataFolder)
{
    QFile lock(dataFolder + QStringLiteral("/hublet.lock"));
    const QByteArray said =
        lock.open(QIODevice::ReadOnly) ? lineOf(lock.read(MaxLockFileBytes), 1) : QByteArray();
    return said.isEmpty() ? controlSocket(dataFolder) : QFile::decodeName(said);
}

} // namespace hublet::service
