// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browsewidget.h"

#include "core/service/servercontrol.h"
#include "core/service/services.h"
#include "ui/browse/browsemodel.h"
#include "ui/browse/browsetext.h"
#include "ui/browse/deletion.h"
#include "ui/details/detailspane.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/newpackagedialog.h"
#include "ui/dialogs/newrepositorydialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QTreeView>

namespace hublet::ui {

BrowseWidget::BrowseWidget(service::Services& services, const service::ServerControl& server, QWidget* parent)
    : QWidget(parent), m_services(services), m_model(new BrowseModel(services, this)), m_tree(new QTreeView),
      m_details(new DetailsPane(services, server)), m_splitter(new QSplitter)
{
    m_tree->setObjectName(QStringLiteral("browseTree"));
    m_tree->setAccessibleName(tr("Repositories, packages and files"));
    m_tree->setModel(m_model);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(BrowseModel::TitleColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(BrowseModel::NoteColumn, QHeaderView::ResizeToContents);

    m_splitter->addWidget(m_tree);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setChildrenCollapsible(false);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &BrowseWidget::showSelected);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, &BrowseWidget::showContextMenu);
    connect(m_model, &BrowseModel::failed, this, &BrowseWidget::message);
    connect(m_model, &BrowseModel::itemChanged, this, [this](const QModelIndex& index) {
        if (index == m_tree->currentIndex().siblingAtColumn(BrowseModel::TitleColumn))
            showSelected();
    });
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this] {
        if (!m_wanted.isEmpty())
            select(m_wanted);
        expandFirst();
    });
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &BrowseWidget::showSelected);
}

std::optional<BrowseItem> BrowseWidget::selected() const
{
    const BrowseItem* item = m_model->item(m_tree->currentIndex());
    return item ? std::optional(*item) : std::nullopt;
}

void BrowseWidget::showSetMeUp()
{
    m_details->showSetMeUp();
}

void BrowseWidget::showSelected()
{
    m_details->show(selected());
    emit selectionChanged();
}

/// A single repository needs no click to be seen.
void BrowseWidget::expandFirst()
{
    if (m_tree->currentIndex().isValid() || m_model->rowCount() != 1 || !m_wanted.isEmpty())
        return;
    const QModelIndex only = m_model->index(0, BrowseModel::TitleColumn);
    m_tree->setCurrentIndex(only);
    m_tree->expandRecursively(only, 1);
}

void BrowseWidget::select(const QStringList& keys)
{
    m_wanted = keys;
    // Opens what is listed on the way; the rest follows with the rows that come.
    for (qsizetype depth = 1; depth <= keys.size(); ++depth) {
        const QModelIndex index = m_model->find(keys.mid(0, depth));
        if (!index.isValid())
            return;
        if (depth == keys.size()) {
            m_wanted.clear();
            m_tree->setCurrentIndex(index);
            m_tree->scrollTo(index);
            return;
        }
        m_tree->expand(index);
        if (m_model->canFetchMore(index) && m_model->rowCount(index) == 0)
            m_model->fetchMore(index);
    }
}

void BrowseWidget::newRepository()
{
    auto* dialog = new NewRepositoryDialog(m_services, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewRepositoryDialog::created, this,
            [this](const QString& key) { select({key.toLower()}); });
    dialog->open();
}

void BrowseWidget::newPackage()
{
    QStringList keys;
    for (int row = 0; row < m_model->rowCount(); ++row)
        keys.append(m_model->item(m_model->index(row, 0))->repository->key.text());
    const auto item = selected();
    auto* dialog = new NewPackageDialog(m_services, keys, item ? item->repository->key.text() : keys.value(0),
                                        item ? item->type : PackageType::Model,
                                        item ? item->nameSpace : QString(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewPackageDialog::created, this,
            [this](const QString& repository, PackageType type, const QString& id) {
                select({repository.toLower(), packageTypePlural(type), id.section(u'/', 0, 0).toLower(),
                        id.toLower()});
            });
    dialog->open();
}

bool BrowseWidget::canDelete() const
{
    const auto item = selected();
    return item && deletionOf(m_services, *item);
}

void BrowseWidget::deleteSelected()
{
    const auto item = selected();
    auto deletion = item ? deletionOf(m_services, *item) : std::nullopt;
    if (!deletion)
        return;
    auto* dialog =
        new DeleteDialog(deletion->what, deletion->consequence, deletion->name, deletion->remove, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, what = deletion->what] { emit message(tr("Deleted %1.").arg(what)); });
    dialog->open();
}

void BrowseWidget::showContextMenu(const QPoint& position)
{
    const QModelIndex index = m_tree->indexAt(position);
    if (index.isValid())
        m_tree->setCurrentIndex(index);
    const auto item = selected();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (item) {
        menu->addAction(tr("Copy Name"), this,
                        [name = item->address()] { QGuiApplication::clipboard()->setText(name); });
        menu->addAction(tr("Set Me Up"), this, &BrowseWidget::showSetMeUp);
        menu->addSeparator();
    }
    menu->addAction(tr("New Package…"), this, &BrowseWidget::newPackage);
    menu->addAction(tr("New Repository…"), this, &BrowseWidget::newRepository);
    if (canDelete()) {
        menu->addSeparator();
        menu->addAction(tr("Delete…"), this, &BrowseWidget::deleteSelected);
    }
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

QByteArray BrowseWidget::saveState() const
{
    return m_splitter->saveState();
}

void BrowseWidget::restoreState(const QByteArray& state)
{
    m_splitter->restoreState(state);
}

} // namespace hublet::ui
