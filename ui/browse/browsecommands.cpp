// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browsecommands.h"

#include "core/service/services.h"
#include "ui/browse/browsemodel.h"
#include "ui/browse/deletion.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/newpackagedialog.h"
#include "ui/dialogs/newrefdialog.h"
#include "ui/dialogs/newrepositorydialog.h"
#include "ui/jobs/job.h"
#include "ui/jobs/savejob.h"
#include "ui/upload/uploadsheet.h"

#include <QFileDialog>
#include <QFileInfo>

namespace hublet::ui {

BrowseCommands::BrowseCommands(service::Services& services, const BrowseModel& model, QWidget* window)
    : QObject(window), m_services(services), m_model(model), m_window(window)
{
}

QStringList BrowseCommands::repositoryKeys() const
{
    QStringList keys;
    for (int row = 0; row < m_model.rowCount(); ++row)
        keys.append(m_model.item(m_model.index(row, 0))->repository->key.text());
    return keys;
}

void BrowseCommands::newRepository()
{
    auto* dialog = new NewRepositoryDialog(m_services, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewRepositoryDialog::created, this,
            [this](const QString& key) { emit wanted({key.toLower()}); });
    dialog->open();
}

void BrowseCommands::newPackage(const std::optional<BrowseItem>& item)
{
    const QStringList keys = repositoryKeys();
    auto* dialog = new NewPackageDialog(m_services, keys, item ? item->repository->key.text() : keys.value(0),
                                        item ? item->type : PackageType::Model,
                                        item ? item->nameSpace : QString(), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewPackageDialog::created, this,
            [this](const QString& repository, PackageType type, const QString& id) {
                emit wanted({repository.toLower(), packageTypePlural(type), id.section(u'/', 0, 0).toLower(),
                             id.toLower()});
            });
    dialog->open();
}

void BrowseCommands::newRef(const BrowseItem& item, bool isTag)
{
    auto* dialog = new NewRefDialog(m_services, item,
                                    isTag ? NewRefDialog::Kind::Tag : NewRefDialog::Kind::Branch, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewRefDialog::created, this, [this, item, isTag](const QString& name) {
        emit wanted({item.repository->key.folded(), packageTypePlural(item.type), item.nameSpace.toLower(),
                     item.package->id.folded(),
                     (isTag ? QStringLiteral("refs/tags/") : QStringLiteral("refs/heads/")) + name});
    });
    dialog->open();
}

void BrowseCommands::remove(const BrowseItem& item)
{
    const auto deletion = deletionOf(m_services, item);
    if (!deletion)
        return;
    auto* dialog =
        new DeleteDialog(deletion->what, deletion->consequence, deletion->name, deletion->remove, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, what = deletion->what] { emit message(tr("Deleted %1.").arg(what)); });
    dialog->open();
}

void BrowseCommands::save(const BrowseItem& item)
{
    if (Job* job = askAndSave(m_services, item, m_window))
        emit started(job);
}

void BrowseCommands::chooseAndUpload(const std::optional<BrowseItem>& target, bool folder)
{
    QStringList sources;
    if (folder)
        sources.append(QFileDialog::getExistingDirectory(m_window, tr("Choose the folder to upload")));
    else
        sources = QFileDialog::getOpenFileNames(m_window, tr("Choose the files to upload"));
    sources.removeAll(QString());
    if (!sources.isEmpty())
        upload(target, sources);
}

UploadDraft BrowseCommands::draft(const std::optional<BrowseItem>& target, const QStringList& sources) const
{
    UploadDraft draft;
    draft.sources = sources;
    if (!target)
        return draft;
    draft.repository = target->repository->key.text();
    draft.type = target->type;
    if (target->package)
        draft.package = target->package->id.id();
    else if (!target->nameSpace.isEmpty())
        draft.package = target->nameSpace + u'/' + QFileInfo(sources.first()).fileName();
    if (target->isOnBranch()) {
        draft.revision = target->ref->name;
        if (target->kind == BrowseKind::Folder)
            draft.folder = target->entry->path.text();
        else if (target->kind == BrowseKind::File)
            draft.folder = target->entry->path.parent().text();
    }
    return draft;
}

void BrowseCommands::upload(const std::optional<BrowseItem>& target, const QStringList& sources)
{
    auto* sheet = new UploadSheet(m_services, repositoryKeys(), draft(target, sources), m_window);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &UploadSheet::uploaded, this, &BrowseCommands::message);
    connect(sheet, &UploadSheet::handedOver, this, &BrowseCommands::started);
    sheet->show();
}

} // namespace hublet::ui
