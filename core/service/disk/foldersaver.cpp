// SPDX-License-Identifier: Apache-2.0
#include "core/service/disk/foldersaver.h"

#include "core/base/humanformat.h"
#include "core/service/packages/browse.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QStorageInfo>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace hublet::service {

namespace {

constexpr qint64 PieceBytes = 1 << 20;

constexpr QFile::Permissions OwnFile = QFile::ReadOwner | QFile::WriteOwner;
constexpr QFile::Permissions OwnFolder = OwnFile | QFile::ExeOwner;
constexpr QFile::Permissions ReadByOthers = QFile::ReadGroup | QFile::ReadOther;
constexpr QFile::Permissions Others = ReadByOthers | QFile::ExeGroup | QFile::ExeOther;

tl::unexpected<Error> unwritable(const QSaveFile& file)
{
    return fail(ErrorCode::Io, QStringLiteral("%1 cannot be written: %2")
                                   .arg(QFileInfo(file.fileName()).fileName(), file.errorString()));
}

/// At most `wanted` bytes; 0 never, since the store's files are as long as it says.
Result<qint64> readAt(const Extent& extent, qint64 offset, QByteArray& into)
{
    for (;;) {
        const ssize_t count =
            ::pread(extent.file->get(), into.data(),
                    std::size_t(std::min(into.size(), extent.length - offset)), extent.offset + offset);
        if (count > 0)
            return qint64(count);
        if (count == 0)
            return fail(ErrorCode::Corrupt, QStringLiteral("A stored file is shorter than it should be"));
        if (errno != EINTR)
            return fail(ErrorCode::Io, QStringLiteral("A stored file cannot be read"));
    }
}

} // namespace

FolderSaver::FolderSaver(const Browse& browse, CancelToken cancel, ProgressFunction progress)
    : m_browse(browse), m_cancel(std::move(cancel)), m_progress(std::move(progress))
{
}

Result<qint64> FolderSaver::save(const access::Permit& permit, const PackageId& id,
                                 const catalog::Revision& revision, const RepoPath& path,
                                 const QString& target)
{
    bool isFolder = true;
    const auto wanted = pieces(permit, id, revision, path, target, &isFolder);
    if (!wanted)
        return forward(wanted);
    for (const Piece& piece : *wanted)
        m_total += piece.entry.size;
    if (const auto room = checkRoom(target); !room)
        return forward(room);
    m_others = QFileInfo(QFileInfo(target).absolutePath()).permissions() & Others;
    if (isFolder && !makeFolder(target)) {
        if (QFileInfo::exists(target))
            return fail(ErrorCode::AlreadyExists,
                        QStringLiteral("%1 exists already").arg(QFileInfo(target).fileName()));
        return fail(ErrorCode::Io,
                    QStringLiteral("The folder %1 cannot be made").arg(QFileInfo(target).fileName()));
    }
    if (const auto saved = saveAll(*wanted); !saved) {
        if (isFolder)
            QDir(target).removeRecursively();
        return forward(saved);
    }
    return qint64(wanted->size());
}

Result<std::vector<FolderSaver::Piece>> FolderSaver::pieces(const access::Permit& permit, const PackageId& id,
                                                            const catalog::Revision& revision,
                                                            const RepoPath& path, const QString& target,
                                                            bool* isFolder) const
{
    std::vector<Piece> pieces;
    if (!path.isRoot()) {
        const auto found = m_browse.paths(permit, id, revision, {path}, {});
        if (!found)
            return forward(found);
        if (found->empty())
            return fail(ErrorCode::EntryNotFound,
                        QStringLiteral("%1 is not there any more").arg(path.text()));
        if (found->front().entry.kind == catalog::TreeEntry::Kind::File) {
            *isFolder = false;
            pieces.push_back({found->front().entry, target});
            return pieces;
        }
    }
    const QByteArray prefix = path.isRoot() ? QByteArray() : path.bytes() + '/';
    const auto visited = m_browse.forEachFile(permit, id, revision, [&](const catalog::TreeEntry& entry) {
        if (entry.path.bytes().startsWith(prefix))
            pieces.push_back(
                {entry, target + u'/' + QString::fromUtf8(entry.path.bytes().mid(prefix.size()))});
    });
    if (!visited)
        return forward(visited);
    return pieces;
}

Result<void> FolderSaver::checkRoom(const QString& target) const
{
    const QStorageInfo disk(QFileInfo(target).absolutePath());
    if (disk.isValid() && disk.bytesAvailable() < m_total)
        return fail(ErrorCode::NoSpace, QStringLiteral("%1 are needed, %2 are free there")
                                            .arg(humanSize(m_total), humanSize(disk.bytesAvailable())));
    return {};
}

Result<void> FolderSaver::saveAll(const std::vector<Piece>& pieces)
{
    m_progress(0, m_total);
    QString madeFolder;
    for (const Piece& piece : pieces) {
        const QString folder = QFileInfo(piece.target).absolutePath();
        if (folder != madeFolder && !QFileInfo::exists(folder) && !makeFolder(folder))
            return fail(ErrorCode::Io,
                        QStringLiteral("The folder of %1 cannot be made").arg(piece.entry.path.text()));
        madeFolder = folder;
        if (const auto saved = saveFile(piece); !saved)
            return saved;
    }
    return {};
}

/// With what is missing above it; false when one is there or cannot be made.
bool FolderSaver::makeFolder(const QString& folder) const
{
    const QString above = QFileInfo(folder).absolutePath();
    if (!QFileInfo::exists(above) && !makeFolder(above))
        return false;
    return QDir().mkdir(folder) && QFile::setPermissions(folder, OwnFolder | m_others);
}

Result<void> FolderSaver::saveFile(const Piece& piece)
{
    const auto content = m_browse.content(piece.entry);
    if (!content)
        return forward(content);
    QSaveFile file(piece.target);
    if (!file.open(QIODevice::WriteOnly))
        return unwritable(file);
    QByteArray bytes(PieceBytes, Qt::Uninitialized);
    for (const Extent& extent : content->extents) {
        for (qint64 offset = 0; offset < extent.length;) {
            if (m_cancel.isCancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("Saving was cancelled"));
            const auto count = readAt(extent, offset, bytes);
            if (!count)
                return forward(count);
            if (file.write(bytes.constData(), *count) != *count)
                return unwritable(file);
            offset += *count;
            m_done += *count;
            m_progress(m_done, m_total);
        }
    }
    if (!file.setPermissions(OwnFile | (m_others & ReadByOthers)))
        return unwritable(file);
    return file.commit() ? Result<void>() : Result<void>(unwritable(file));
}

} // namespace hublet::service
