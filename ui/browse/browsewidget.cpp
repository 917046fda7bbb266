// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browsewidget.h"

#include "core/base/humanformat.h"
#include "core/service/context/servercontrol.h"
#include "core/service/services.h"
#include "ui/browse/browseactions.h"
#include "ui/browse/browseaddress.h"
#include "ui/browse/browsecommands.h"
#include "ui/browse/browsemodel.h"
#include "ui/browse/browsetext.h"
#include "ui/browse/browsetree.h"
#include "ui/browse/deletion.h"
#include "ui/browse/filedrop.h"
#include "ui/details/detailspane.h"
#include "ui/jobs/job.h"
#include "ui/widgets/emptypage.h"
#include "ui/widgets/symbolicicon.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace hublet::ui {

namespace {

constexpr int FilterDelayMs = 200;
constexpr int MaxExpandedFinds = 50; ///< organisations opened by themselves while filtering
constexpr int TreeWidth = 400;       ///< at first
constexpr int DetailsWidth = 760;
constexpr int TreeCharacters = 38; ///< no narrower
constexpr int DetailsCharacters = 42;

/// Wide enough for the note of any row, so that it does not change while rows are listed.
int noteWidth(const QTreeView& tree)
{
    constexpr qint64 Widest = (1LL << 30) - (1LL << 20) + (1LL << 19); // 1023.5 MiB
    const QFontMetrics metrics = tree.fontMetrics();
    int width = 0;
    for (const QString& text : noteTexts() + QStringList{humanSize(Widest)})
        width = std::max(width, metrics.horizontalAdvance(text));
    return width + 4 * (tree.style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1);
}

} // namespace

BrowseWidget::BrowseWidget(service::Services& services, const service::ServerControl& server, QWidget* parent)
    : QWidget(parent), m_services(services), m_server(server), m_model(new BrowseModel(services, this)),
      m_tree(new BrowseTree), m_actions(new BrowseActions(m_tree, this)),
      m_commands(new BrowseCommands(services, *m_model, this)), m_filter(new QLineEdit),
      m_empty(new EmptyPage), m_left(new QStackedWidget), m_details(new DetailsPane(services, server)),
      m_splitter(new QSplitter)
{
    buildTree();
    auto* left = new QWidget;
    left->setBackgroundRole(QPalette::Base);
    left->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(8, 8, 8, 6);
    filterRow->addWidget(m_filter);
    column->addLayout(filterRow);
    column->addWidget(m_left, 1);
    const int character = fontMetrics().averageCharWidth();
    left->setMinimumWidth(TreeCharacters * character);
    m_details->setMinimumWidth(DetailsCharacters * character);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({TreeWidth, DetailsWidth});
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    auto* drop = new FileDrop(this, [this](const QPoint& position) {
        if (m_model->rowCount() == 0)
            return QString();
        const auto item = itemAt(position);
        return item ? tr("Drop to upload to %1").arg(item->package ? item->package->id.id() : item->address())
                    : tr("Drop to upload");
    });
    connect(drop, &FileDrop::dropped, this, [this](const QPoint& position, const QStringList& paths) {
        m_commands->upload(itemAt(position), paths);
    });
    connectActions();
    showEmptyOrTree();
}

void BrowseWidget::buildTree()
{
    m_tree->setModel(m_model);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(BrowseModel::TitleColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(BrowseModel::NoteColumn, QHeaderView::Fixed);
    m_tree->header()->resizeSection(BrowseModel::NoteColumn, noteWidth(*m_tree));
    m_left->addWidget(m_tree);
    m_left->addWidget(m_empty);
    m_filter->setObjectName(QStringLiteral("filter"));
    m_filter->setAccessibleName(tr("Find packages"));
    m_filter->setPlaceholderText(tr("Find models and datasets"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(symbolicIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_filterTimer.setSingleShot(true);
    m_filterTimer.setInterval(FilterDelayMs);

    connect(m_filter, &QLineEdit::textChanged, &m_filterTimer, qOverload<>(&QTimer::start));
    connect(&m_filterTimer, &QTimer::timeout, this, &BrowseWidget::applyFilter);
    m_filter->installEventFilter(this);
    connect(m_filter, &QLineEdit::returnPressed, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &BrowseWidget::showSelected);
    connect(m_tree, &BrowseTree::menuWanted, this, &BrowseWidget::showContextMenu);
    connect(m_tree, &BrowseTree::entered, m_details, qOverload<>(&QWidget::setFocus));
    connect(m_details, &DetailsPane::commitWanted, this, &BrowseWidget::selectCommit);
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
    connect(m_model, &BrowseModel::listed, this, [this](const QModelIndex& parent) {
        m_isListed = m_isListed || !parent.isValid();
        showEmptyOrTree();
        expandFound();
    });
}

/// The filter leads to the tree: Down goes there, Escape takes the filter away.
bool BrowseWidget::eventFilter(QObject* object, QEvent* event)
{
    if (object != m_filter || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(object, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Escape)
        m_filter->clear();
    else if (key == Qt::Key_Down)
        m_tree->focusCurrent();
    else
        return false;
    return true;
}

void BrowseWidget::connectActions()
{
    const auto copy = [this](const QString& text) {
        QGuiApplication::clipboard()->setText(text);
        emit message(tr("Copied %1").arg(text));
    };
    connect(m_actions->newRepository, &QAction::triggered, m_commands, &BrowseCommands::newRepository);
    connect(m_actions->newPackage, &QAction::triggered, this, [this] { m_commands->newPackage(selected()); });
    connect(m_actions->newBranch, &QAction::triggered, this,
            [this] { m_commands->newRef(*selected(), false); });
    connect(m_actions->newTag, &QAction::triggered, this, [this] { m_commands->newRef(*selected(), true); });
    connect(m_actions->uploadFiles, &QAction::triggered, this,
            [this] { m_commands->chooseAndUpload(selected(), false); });
    connect(m_actions->uploadFolder, &QAction::triggered, this,
            [this] { m_commands->chooseAndUpload(selected(), true); });
    connect(m_actions->save, &QAction::triggered, this, [this] { m_commands->save(*selected()); });
    connect(m_actions->remove, &QAction::triggered, this, [this] { m_commands->remove(*selected()); });
    connect(m_commands, &BrowseCommands::message, this, &BrowseWidget::message);
    connect(m_commands, &BrowseCommands::started, this, &BrowseWidget::started);
    connect(m_commands, &BrowseCommands::wanted, this, [this](const QStringList& keys) {
        m_filter->clear();
        applyFilter();
        select(keys);
    });
    connect(m_actions->setMeUp, &QAction::triggered, this, &BrowseWidget::showSetMeUp);
    connect(m_actions->copyName, &QAction::triggered, this, [this, copy] { copy(selected()->address()); });
    connect(m_actions->copyAddress, &QAction::triggered, this,
            [this, copy] { copy(clientAddress(*selected(), m_server.address())); });
    connect(m_actions->refresh, &QAction::triggered, m_model, &BrowseModel::refreshAll);
    connect(m_actions->find, &QAction::triggered, this, [this] {
        m_filter->setFocus();
        m_filter->selectAll();
    });
}

std::optional<BrowseItem> BrowseWidget::selected() const
{
    const BrowseItem* item = m_model->item(m_tree->currentIndex());
    return item ? std::optional(*item) : std::nullopt;
}

/// Where a drop at `position` goes: the row under it, else the selected one.
std::optional<BrowseItem> BrowseWidget::itemAt(const QPoint& position) const
{
    const QPoint inTree = m_tree->viewport()->mapFrom(this, position);
    if (m_tree->isVisible() && m_tree->viewport()->rect().contains(inTree)) {
        if (const BrowseItem* item = m_model->item(m_tree->indexAt(inTree)))
            return *item;
    }
    return selected();
}

void BrowseWidget::showSetMeUp()
{
    m_details->showSetMeUp();
}

void BrowseWidget::showSelected()
{
    const auto item = selected();
    m_details->show(item);
    m_actions->update(item, item && deletionOf(m_services, *item));
}

void BrowseWidget::showEmptyOrTree()
{
    const bool isEmpty = m_isListed && m_model->rowCount() == 0;
    m_left->setCurrentWidget(isEmpty ? static_cast<QWidget*>(m_empty) : m_tree);
    m_actions->newPackage->setEnabled(!isEmpty || !m_model->filter().isEmpty());
    m_details->setHasRepositories(!isEmpty);
    if (!isEmpty)
        return;
    if (m_model->filter().isEmpty()) {
        m_empty->setText(tr("No repository yet"),
                         tr("A repository holds models and datasets. Make one, then upload to it."));
        m_empty->setSteps({m_actions->newRepository});
    } else {
        m_empty->setText(tr("Nothing found"),
                         tr("No model or dataset has “%1” in its name.").arg(m_filter->text()));
        m_empty->setSteps({});
    }
}

void BrowseWidget::applyFilter()
{
    m_filterTimer.stop();
    m_model->setFilter(m_filter->text().split(u' ', Qt::SkipEmptyParts));
}

/// What is found is shown without a click, as far as it is not too much.
void BrowseWidget::expandFound()
{
    if (m_model->filter().isEmpty())
        return;
    int left = MaxExpandedFinds;
    std::function<void(const QModelIndex&)> open = [&](const QModelIndex& parent) {
        for (int row = 0; row < m_model->rowCount(parent); ++row) {
            const QModelIndex index = m_model->index(row, BrowseModel::TitleColumn, parent);
            if (m_model->item(index)->kind == BrowseKind::Package || left-- <= 0)
                return;
            m_tree->expand(index);
            open(index);
        }
    };
    open({});
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

/// A commit of main: the tree has no others.
void BrowseWidget::selectCommit(const BrowseItem& item, const QString& id)
{
    const bool isOfMain = !item.ref || item.ref->fullName == u"refs/heads/main";
    if (!isOfMain) {
        emit message(tr("The tree shows the commits of main only."));
        return;
    }
    QStringList keys{item.repository->key.folded(), packageTypePlural(item.type), item.nameSpace.toLower(),
                     item.package->id.folded()};
    if (id == QString::fromLatin1(item.package->head.toHex()))
        keys << QStringLiteral("refs/heads/main");
    else
        keys << QStringLiteral("earlier") << id;
    select(keys);
}

void BrowseWidget::select(const QStringList& keys)
{
    m_wanted = keys;
    // Opens what is listed on the way; the rest follows with the rows that come.
    for (qsizetype depth = 1; depth <= keys.size(); ++depth) {
        const QModelIndex index = m_model->find(keys.mid(0, depth));
        if (!index.isValid()) {
            const QModelIndex parent = m_model->find(keys.mid(0, depth - 1));
            if (m_model->rowCount(parent) > 0 && m_model->canFetchMore(parent))
                m_model->fetchMore(parent); // on a later page
            return;
        }
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

void BrowseWidget::showContextMenu(const QPoint& global)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("browseMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_actions->fillContextMenu(*menu, selected());
    menu->popup(global);
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
