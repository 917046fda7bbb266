// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/savejob.h"

#include "core/service/services.h"
#include "ui/jobs/job.h"
#include "ui/owner.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QStandardPaths>

namespace hublet::ui {

namespace {

struct SaveJob {
    Q_DECLARE_TR_FUNCTIONS(hublet::ui::SaveJob)
};

QString nameOf(const BrowseItem& item)
{
    return item.entry ? QString::fromUtf8(item.entry->path.name()) : item.package->id.name();
}

} // namespace

bool canSave(const BrowseItem& item)
{
    switch (item.kind) {
    case BrowseKind::Package:
        return !item.package->head.isNull();
    case BrowseKind::Ref:
    case BrowseKind::Commit:
    case BrowseKind::Folder:
    case BrowseKind::File:
        return true;
    default:
        return false;
    }
}

QString freePath(const QString& folder, const QString& name)
{
    QString path = folder + u'/' + name;
    for (int number = 2; QFileInfo::exists(path); ++number)
        path = QStringLiteral("%1/%2 (%3)").arg(folder, name).arg(number);
    return path;
}

Job* askAndSave(service::Services& services, const BrowseItem& item, QWidget* parent)
{
    const QString start = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    if (item.kind == BrowseKind::File) {
        const QString target =
            QFileDialog::getSaveFileName(parent, SaveJob::tr("Save To"), start + u'/' + nameOf(item));
        return target.isEmpty() ? nullptr : save(services, item, target);
    }
    const QString folder = QFileDialog::getExistingDirectory(
        parent, SaveJob::tr("Choose where the folder %1 is made").arg(nameOf(item)), start);
    return folder.isEmpty() ? nullptr : save(services, item, freePath(folder, nameOf(item)));
}

Job* save(service::Services& services, const BrowseItem& item, const QString& target)
{
    return new Job(
        services, SaveJob::tr("Saving %1").arg(nameOf(item)),
        [item, target](service::Services& services, const CancelToken& cancel,
                       const ProgressFunction& progress) -> Result<Job::Outcome> {
            const auto allowed = readPermit(services, item);
            if (!allowed)
                return forward(allowed);
            const QString wanted = item.revision.isEmpty() ? QStringLiteral("main") : item.revision;
            const auto revision = services.browse().revision(*allowed, item.package->id, wanted);
            if (!revision)
                return forward(revision);
            const auto saved = services.diskTransfers().save(*allowed, item.package->id, *revision,
                                                             item.entry ? item.entry->path : RepoPath(),
                                                             target, cancel, progress);
            if (!saved)
                return forward(saved);
            const QString where = QDir::toNativeSeparators(target);
            return Job::Outcome{item.kind == BrowseKind::File
                                    ? SaveJob::tr("Saved as %1.").arg(where)
                                    : SaveJob::tr("Saved %n file(s) in %1.", nullptr, int(*saved)).arg(where),
                                QFileInfo(target).absolutePath()};
        });
}

} // namespace hublet::ui
