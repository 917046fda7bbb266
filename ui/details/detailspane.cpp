// SPDX-License-Identifier: Apache-2.0
#include "ui/details/detailspane.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/browse/browsetext.h"
#include "ui/details/historymodel.h"
#include "ui/details/itemfacts.h"
#include "ui/details/setmeuppanel.h"
#include "ui/owner.h"
#include "ui/whendone.h"
#include "ui/widgets/cardview.h"
#include "ui/widgets/copybutton.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/emptypage.h"
#include "ui/widgets/plaintable.h"
#include "ui/widgets/timetext.h"

#include <QDateTime>
#include <QTabWidget>
#include <QVBoxLayout>

namespace hublet::ui {

namespace {

constexpr qint64 MaxCardBytes = 1024 * 1024;
constexpr double TitleScale = 1.35;
constexpr qsizetype ShortIdLength = 8;

QString headingOf(const BrowseItem& item)
{
    if (item.kind == BrowseKind::Type)
        return titleText(item);
    if (item.kind == BrowseKind::Commit)
        return item.package->id.id() + u'@' + item.revision.left(ShortIdLength);
    return item.address();
}

/// What the title does not say already.
QString subtitleKind(const BrowseItem& item)
{
    return item.kind == BrowseKind::Type ? DetailsPane::tr("in %1").arg(item.repository->key.text())
                                         : kindText(item);
}

} // namespace

DetailsPane::DetailsPane(service::Services& services, const service::ServerControl& server, QWidget* parent)
    : QWidget(parent), m_services(services), m_header(new QWidget),
      m_title(new ElidedLabel(TitleScale, true)),
      m_copy(new CopyButton(tr("the name"), [this] { return m_item ? m_item->address() : QString(); })),
      m_subtitle(new ElidedLabel), m_tabs(new QTabWidget), m_empty(new EmptyPage),
      m_facts(new ItemFacts(services, server)), m_card(new CardView), m_historyView(new PlainTable),
      m_history(new HistoryModel(services, this)), m_setMeUp(new SetMeUpPanel(services, server))
{
    setObjectName(QStringLiteral("details"));
    m_title->setObjectName(QStringLiteral("detailsTitle"));
    m_subtitle->setObjectName(QStringLiteral("detailsSubtitle"));
    m_subtitle->setForegroundRole(QPalette::PlaceholderText);
    buildHistory();
    m_tabs->setObjectName(QStringLiteral("detailsTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_card, tr("&Card"));
    m_tabs->addTab(m_facts, tr("&Details"));
    m_tabs->addTab(m_historyView, tr("H&istory"));
    m_tabs->addTab(m_setMeUp, tr("Set Me U&p"));
    m_empty->setObjectName(QStringLiteral("detailsEmpty"));
    setHasRepositories(true);

    auto* titleRow = new QHBoxLayout;
    titleRow->setSpacing(6);
    titleRow->addWidget(m_title);
    titleRow->addWidget(m_copy);
    titleRow->addStretch(1);
    auto* header = new QVBoxLayout(m_header);
    header->setContentsMargins(12, 8, 12, 6);
    header->setSpacing(2);
    header->addLayout(titleRow);
    header->addWidget(m_subtitle);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_empty, 1);
    connect(m_facts, &ItemFacts::repositoryIsEmpty, this, [this] {
        m_setMeUp->setEmptyRepository();
        if (m_isFresh)
            m_tabs->setCurrentWidget(m_setMeUp);
    });
    show(std::nullopt);
}

void DetailsPane::setHasRepositories(bool has)
{
    if (has)
        m_empty->setText(tr("Nothing is selected"),
                         tr("Select something on the left, or drop files on it to upload them."));
    else
        m_empty->setText({}, {});
}

void DetailsPane::buildHistory()
{
    m_historyView->setObjectName(QStringLiteral("history"));
    m_historyView->setAccessibleName(tr("H&istory"));
    m_historyView->setModelStretching(m_history, HistoryModel::TitleColumn);
    const auto idOf = [](const QModelIndex& row) { return row.data(HistoryModel::CommitRole).toString(); };
    m_historyView->addCopyAction(tr("&Copy Commit Id"), idOf);
    m_historyView->addCopyAction(tr("Copy &Message"),
                                 [](const QModelIndex& row) { return row.data().toString(); });
    connect(m_historyView, &QTableView::doubleClicked, this,
            [this, idOf](const QModelIndex& row) { emit commitWanted(*m_item, idOf(row)); });
}

void DetailsPane::show(const std::optional<BrowseItem>& item)
{
    ++m_generation;
    m_isFresh = !m_item || !item || !m_item->isSameRow(*item);
    m_item = item;
    m_header->setVisible(item.has_value());
    m_tabs->setVisible(item.has_value());
    m_empty->setVisible(!item);
    if (!item)
        return;
    showHeader();
    m_facts->show(*item);
    showTabs();
}

void DetailsPane::showSetMeUp()
{
    m_tabs->setCurrentWidget(m_setMeUp);
    m_setMeUp->setFocus();
}

void DetailsPane::showHeader()
{
    const BrowseItem& item = *m_item;
    m_title->setText(headingOf(item));
    QStringList facts{subtitleKind(item)};
    if (item.entry)
        facts.prepend(item.package->id.id()); // other titles name the package
    if (!item.revision.isEmpty() && item.entry)
        facts.append(item.revision);
    if (item.entry)
        facts.append(humanSize(item.entry->size));
    else if (item.package)
        facts.append(humanSize(item.package->totalSize));
    if (item.kind == BrowseKind::Package)
        facts.append(relativeTime(item.package->modifiedMs, QDateTime::currentMSecsSinceEpoch()));
    m_subtitle->setText(facts.join(QStringLiteral("  ·  ")));
}

void DetailsPane::showTabs()
{
    const BrowseKind kind = m_item->kind;
    const bool hasCard = kind == BrowseKind::Package || kind == BrowseKind::Ref || kind == BrowseKind::Commit;
    const bool hasHistory = hasCard || kind == BrowseKind::Earlier;
    m_tabs->setTabVisible(m_tabs->indexOf(m_card), hasCard);
    m_tabs->setTabVisible(m_tabs->indexOf(m_historyView), hasHistory);
    m_setMeUp->show(*m_item);
    if (hasHistory)
        m_history->show(m_item);
    if (hasCard) {
        if (m_isFresh)
            m_card->showMessage(QString());
        loadCard();
    }
}

void DetailsPane::loadCard()
{
    whenDone(m_services.run([item = *m_item](service::Services& services) -> Result<QByteArray> {
        const auto permit = readPermit(services, item);
        if (!permit)
            return forward(permit);
        const QString wanted = item.revision.isEmpty() ? QStringLiteral("main") : item.revision;
        const auto revision = services.browse().revision(*permit, item.package->id, wanted);
        if (!revision)
            return forward(revision);
        const auto path = RepoPath::parse("README.md");
        if (!path)
            return forward(path);
        return services.browse().readFile(*permit, item.package->id, *revision, *path, MaxCardBytes);
    }),
             this, [this, generation = m_generation](Result<QByteArray> readme) {
                 if (generation != m_generation)
                     return;
                 if (readme)
                     m_card->showCard(*readme);
                 else if (readme.error().code() == ErrorCode::EntryNotFound)
                     m_card->showMessage(tr("There is no card. Upload a README.md to write one."));
                 else
                     m_card->showMessage(readme.error().detail());
             });
}

} // namespace hublet::ui
