// SPDX-License-Identifier: Apache-2.0
#include "core/service/disk/uploadplanner.h"

#include "core/base/hasher.h"
#include "core/service/packages/browse.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>

#include <algorithm>

namespace hublet::service {

namespace {

using Change = PlannedFile::Change;

constexpr qint64 PieceBytes = 1 << 20;

/// What clients never upload: git's own files, and where huggingface_hub keeps its notes beside downloads.
bool isLeftOut(const QString& relative)
{
    return relative == u".git" || relative.endsWith(QStringLiteral("/.git")) ||
           relative == u".cache/huggingface" || relative.endsWith(QStringLiteral("/.cache/huggingface"));
}

/// Nothing when the file cannot be read or the wish was withdrawn: it then counts as changed, and reading it
/// for the upload says what is wrong.
std::optional<Sha256> digestOf(const QString& source, const CancelToken& cancel)
{
    QFile file(source);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return std::nullopt;
    Sha256Hasher hasher;
    QByteArray piece(PieceBytes, Qt::Uninitialized);
    for (;;) {
        const qint64 count = file.read(piece.data(), piece.size());
        if (count < 0 || cancel.isCancelled())
            return std::nullopt;
        if (count == 0)
            return hasher.finish();
        hasher.add(QByteArrayView(piece).first(count));
    }
}

} // namespace

UploadPlanner::UploadPlanner(const Browse& browse, const access::Permit& permit, UploadRequest request,
                             CancelToken cancel)
    : m_browse(browse), m_permit(permit), m_cancel(std::move(cancel)), m_plan{std::move(request), {}}
{
}

Result<UploadPlan> UploadPlanner::make()
{
    for (const QString& source : m_plan.request.sources) {
        if (const auto added = addSource(source); !added)
            return forward(added);
    }
    std::sort(m_plan.files.begin(), m_plan.files.end(),
              [](const PlannedFile& a, const PlannedFile& b) { return a.shown < b.shown; });
    const auto taken =
        std::adjacent_find(m_plan.files.begin(), m_plan.files.end(),
                           [](const PlannedFile& a, const PlannedFile& b) { return a.shown == b.shown; });
    if (taken != m_plan.files.end())
        return fail(ErrorCode::Conflict,
                    QStringLiteral("Two of the chosen files would become %1").arg(taken->shown));
    if (const auto compared = compare(); !compared)
        return forward(compared);
    return std::move(m_plan);
}

Result<void> UploadPlanner::proceed() const
{
    if (m_cancel.isCancelled())
        return fail(ErrorCode::Cancelled, QStringLiteral("The upload was cancelled"));
    if (m_plan.files.size() > MaxFiles)
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("An upload may not have more than %1 files").arg(MaxFiles));
    return {};
}

Result<void> UploadPlanner::addSource(const QString& source)
{
    const QFileInfo info(source);
    if (!info.exists())
        return fail(ErrorCode::Io, QStringLiteral("%1 does not exist").arg(info.fileName()));
    return info.isDir() ? addFolder(source) : add(source, info.fileName());
}

Result<void> UploadPlanner::addFolder(const QString& folder)
{
    const QDir top(folder);
    QStringList open{folder};
    while (!open.isEmpty()) {
        const QDir current(open.takeLast());
        if (!current.isReadable())
            return fail(ErrorCode::Io, QStringLiteral("The folder %1 cannot be read").arg(current.dirName()));
        const auto entries =
            current.entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
        for (const QFileInfo& entry : entries) {
            const QString relative = top.relativeFilePath(entry.filePath());
            if (isLeftOut(relative))
                continue;
            if (entry.isDir() && !entry.isSymLink()) {
                open.append(entry.filePath());
                continue;
            }
            if (const auto added = add(entry.filePath(), relative); !added)
                return added;
        }
    }
    return {};
}

Result<void> UploadPlanner::add(const QString& source, const QString& relative)
{
    const QFileInfo info(source);
    const RepoPath& folder = m_plan.request.folder;
    PlannedFile file;
    file.source = source;
    file.shown = folder.isRoot() ? relative : folder.text() + u'/' + relative;
    file.size = info.size();
    const auto path = RepoPath::parse(file.shown.toUtf8());
    if (path)
        file.path = *path;
    else
        file.problem = path.error().detail();
    if (info.isDir())
        file.problem = QStringLiteral("A link to a folder is not followed");
    else if (info.isSymLink() && !info.exists())
        file.problem = QStringLiteral("The link leads nowhere");
    else if (!info.isFile())
        file.problem = QStringLiteral("Not a regular file");
    else if (!info.isReadable())
        file.problem = QStringLiteral("You may not read this file");
    if (!file.problem.isEmpty())
        file.change = Change::Refused;
    m_plan.files.push_back(std::move(file));
    return proceed();
}

Result<void> UploadPlanner::compare()
{
    const auto revision = m_browse.revision(m_permit, m_plan.request.id, m_plan.request.revision);
    if (!revision) {
        const ErrorCode code = revision.error().code();
        // What does not exist yet is made by the upload; whether it may be is the upload's own question.
        if (code == ErrorCode::PackageNotFound || code == ErrorCode::RevisionNotFound)
            return {};
        return forward(revision);
    }
    std::vector<RepoPath> paths;
    for (const PlannedFile& file : m_plan.files) {
        if (file.change != Change::Refused)
            paths.push_back(file.path);
    }
    const auto present = m_browse.paths(m_permit, m_plan.request.id, *revision, paths, {});
    if (!present)
        return forward(present);
    QHash<QByteArray, const catalog::TreeEntry*> entries;
    for (const Browse::TreeItem& item : *present)
        entries.insert(item.entry.path.bytes(), &item.entry);
    for (PlannedFile& file : m_plan.files) {
        const catalog::TreeEntry* entry =
            file.change == Change::Refused ? nullptr : entries.value(file.path.bytes());
        if (!entry)
            continue;
        if (entry->kind == catalog::TreeEntry::Kind::Directory) {
            file.change = Change::Refused;
            file.problem = QStringLiteral("The package has a folder of this name");
            continue;
        }
        const bool same = entry->size == file.size && digestOf(file.source, m_cancel) == entry->content;
        file.change = same ? Change::Same : Change::Changed;
        if (const auto go = proceed(); !go)
            return go;
    }
    return {};
}

} // namespace hublet::service
