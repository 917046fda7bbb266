// SPDX-License-Identifier: Apache-2.0
#include "ui/details/detailspane.h"

#include "core/base/humanformat.h"
#include "core/service/servercontrol.h"
#include "core/service/services.h"
#include "ui/browse/browsetext.h"
#include "ui/details/historymodel.h"
#include "ui/details/setmeuppanel.h"
#include "ui/owner.h"
#include "ui/widgets/cardview.h"
#include "ui/widgets/factsform.h"
#include "ui/widgets/timetext.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QTabWidget>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

namespace hublet::ui {

namespace {

constexpr qint64 MaxCardBytes = 1024 * 1024;

QLabel* plainLabel(double scale, bool bold)
{
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(bold);
    label->setFont(font);
    return label;
}

QString timeFact(qint64 ms)
{
    return relativeTime(ms, QDateTime::currentMSecsSinceEpoch());
}

QString hex(const GitOid& oid)
{
    return QString::fromLatin1(oid.toHex());
}

} // namespace

DetailsPane::DetailsPane(service::Services& services, const service::ServerControl& server, QWidget* parent)
    : QWidget(parent), m_services(services), m_server(server), m_title(plainLabel(1.35, true)),
      m_subtitle(plainLabel(1.0, false)), m_tabs(new QTabWidget), m_facts(new FactsForm),
      m_card(new CardView), m_historyView(new QTableView), m_history(new HistoryModel(services, this)),
      m_setMeUp(new SetMeUpPanel(services, server))
{
    setObjectName(QStringLiteral("details"));
    m_title->setObjectName(QStringLiteral("detailsTitle"));
    m_subtitle->setObjectName(QStringLiteral("detailsSubtitle"));
    m_tabs->setObjectName(QStringLiteral("detailsTabs"));
    m_tabs->setDocumentMode(true);

    m_historyView->setObjectName(QStringLiteral("history"));
    m_historyView->setAccessibleName(tr("History"));
    m_historyView->setModel(m_history);
    m_historyView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_historyView->setShowGrid(false);
    m_historyView->setFrameShape(QFrame::NoFrame);
    m_historyView->verticalHeader()->hide();
    m_historyView->horizontalHeader()->setSectionResizeMode(HistoryModel::TitleColumn, QHeaderView::Stretch);

    auto* empty =
        new QLabel(tr("Select something on the left.\n\nUse New to make a repository or a package, or upload "
                      "with any Hugging Face client: Set Me Up shows how."));
    empty->setObjectName(QStringLiteral("detailsEmpty"));
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    m_empty = empty;

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_title);
    layout->addWidget(m_subtitle);
    layout->addSpacing(6);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_empty, 1);
    show(std::nullopt);
}

void DetailsPane::show(const std::optional<BrowseItem>& item)
{
    ++m_generation;
    m_item = item;
    for (QWidget* widget :
         {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_subtitle), static_cast<QWidget*>(m_tabs)})
        widget->setVisible(item.has_value());
    m_empty->setVisible(!item);
    if (!item)
        return;
    showHeader();
    showTabs();
    showFacts();
}

void DetailsPane::showSetMeUp()
{
    if (const int tab = m_tabs->indexOf(m_setMeUp); tab >= 0)
        m_tabs->setCurrentIndex(tab);
    m_setMeUp->setFocus();
}

void DetailsPane::showHeader()
{
    const BrowseItem& item = *m_item;
    m_title->setText(item.kind == BrowseKind::Type ? titleText(item) : item.address());
    QStringList facts{kindText(item)};
    if (item.package && item.kind != BrowseKind::Package)
        facts.prepend(item.package->id.id());
    if (!item.revision.isEmpty() && item.entry)
        facts.append(item.revision);
    if (item.entry)
        facts.append(humanSize(item.entry->size));
    else if (item.package)
        facts.append(humanSize(item.package->totalSize));
    if (item.kind == BrowseKind::Package)
        facts.append(timeFact(item.package->modifiedMs));
    m_subtitle->setText(facts.join(QStringLiteral("  ·  ")));
}

void DetailsPane::showTabs()
{
    const QString former = m_tabs->tabText(m_tabs->currentIndex());
    m_tabs->clear();
    const BrowseKind kind = m_item->kind;
    const bool isRevision =
        kind == BrowseKind::Package || kind == BrowseKind::Ref || kind == BrowseKind::Commit;
    if (isRevision) {
        m_tabs->addTab(m_card, tr("Card"));
        loadCard();
    }
    m_tabs->addTab(m_facts, tr("Details"));
    if (isRevision || kind == BrowseKind::Earlier) {
        m_tabs->addTab(m_historyView, tr("History"));
        m_history->show(m_item);
    }
    m_tabs->addTab(m_setMeUp, tr("Set Me Up"));
    m_setMeUp->show(*m_item);
    for (int tab = 0; tab < m_tabs->count(); ++tab) {
        if (m_tabs->tabText(tab) == former)
            m_tabs->setCurrentIndex(tab);
    }
}

void DetailsPane::showFacts()
{
    m_facts->clear();
    switch (m_item->kind) {
    case BrowseKind::Repository:
        addRepositoryFacts();
        break;
    case BrowseKind::Type:
    case BrowseKind::Namespace:
        m_facts->addFact(tr("Repository"), m_item->repository->key.text());
        break;
    case BrowseKind::Package:
    case BrowseKind::Earlier:
        addPackageFacts();
        break;
    case BrowseKind::Ref:
        addRefFacts();
        break;
    case BrowseKind::Commit:
        addCommitFacts(*m_item->commit);
        break;
    case BrowseKind::Folder:
    case BrowseKind::File:
        addEntryFacts();
        break;
    }
}

void DetailsPane::addRepositoryFacts()
{
    const catalog::Repository& repository = *m_item->repository;
    m_facts->addAddress(tr("HF_ENDPOINT"),
                        service::huggingFaceEndpoint(m_server.address(), repository.key.text()));
    m_facts->addFact(tr("Class"), catalog::repositoryClassName(repository.rclass));
    m_facts->addFact(tr("Layout"), catalog::layoutName(repository.layout));
    m_facts->addFact(tr("Xet"), repository.settings.xet ? tr("on") : tr("off"));
    m_facts->addFact(tr("Created"), timeFact(repository.createdMs), exactTime(repository.createdMs));
    if (!repository.settings.description.isEmpty())
        m_facts->addFact(tr("Description"), repository.settings.description);
    m_services
        .run([key = repository.key](service::Services& services) {
            return services.repositories().totals(key);
        })
        .then(this, [this, generation = m_generation](Result<service::Repositories::Totals> totals) {
            if (generation != m_generation || !totals)
                return;
            m_facts->addFact(tr("Packages"), QString::number(totals->packages));
            m_facts->addFact(tr("Files"), QString::number(totals->files));
            m_facts->addFact(tr("Size"), humanSize(totals->logicalBytes));
        });
}

void DetailsPane::addPackageFacts()
{
    const catalog::Package& package = *m_item->package;
    m_facts->addFact(tr("Name"), package.id.id());
    m_facts->addFact(tr("Repository"), package.repository.text());
    m_facts->addFact(
        tr("Size"),
        tr("%1 in %n file(s)", nullptr, int(package.fileCount)).arg(humanSize(package.totalSize)));
    m_facts->addFact(tr("Visible to"), package.isPrivate ? tr("its organisation and administrators")
                                                         : tr("everyone who may read the repository"));
    m_facts->addFact(tr("Created"), timeFact(package.createdMs), exactTime(package.createdMs));
    m_facts->addFact(tr("Created by"), package.creator);
    m_facts->addFact(tr("Last change"), timeFact(package.modifiedMs), exactTime(package.modifiedMs));
    m_facts->addFact(tr("Downloads"), QString::number(package.downloads));
    if (!package.head.isNull())
        m_facts->addId(tr("Commit of main"), hex(package.head));
    if (!package.card.tags.isEmpty())
        m_facts->addFact(tr("Tags"), package.card.tags.join(QStringLiteral(", ")));
}

void DetailsPane::addRefFacts()
{
    const catalog::Ref& ref = *m_item->ref;
    m_facts->addFact(tr("Name"), ref.name);
    m_facts->addFact(tr("Kind"), kindText(*m_item));
    m_facts->addId(tr("Commit"), hex(ref.commit));
    m_facts->addFact(tr("Created"), timeFact(ref.createdMs), exactTime(ref.createdMs));
    m_facts->addFact(tr("Last change"), timeFact(ref.updatedMs), exactTime(ref.updatedMs));
    m_services
        .run([item = *m_item](service::Services& services) -> Result<catalog::Revision> {
            const auto permit = readPermit(services, item);
            if (!permit)
                return forward(permit);
            return services.browse().revision(*permit, item.package->id, item.revision);
        })
        .then(this, [this, generation = m_generation](Result<catalog::Revision> revision) {
            if (generation != m_generation || !revision)
                return;
            m_facts->addFact(tr("Message"), revision->commit.title);
            m_facts->addFact(tr("Author"), revision->commit.author);
        });
}

void DetailsPane::addCommitFacts(const catalog::Commit& commit)
{
    m_facts->addFact(tr("Message"),
                     commit.message.isEmpty() ? commit.title : commit.title + u'\n' + commit.message);
    m_facts->addFact(tr("Author"), commit.author);
    m_facts->addFact(tr("When"), timeFact(commit.timeMs), exactTime(commit.timeMs));
    m_facts->addId(tr("Commit"), hex(commit.oid));
    m_facts->addId(tr("Tree"), hex(commit.tree));
    for (const GitOid& parent : commit.parents)
        m_facts->addId(tr("Parent"), hex(parent));
}

void DetailsPane::addEntryFacts()
{
    const catalog::TreeEntry& entry = *m_item->entry;
    const bool isFile = entry.kind == catalog::TreeEntry::Kind::File;
    m_facts->addFact(tr("Path"), entry.path.text());
    m_facts->addFact(tr("Revision"), m_item->revision);
    m_facts->addFact(tr("Size"), tr("%1 (%2 bytes)").arg(humanSize(entry.size)).arg(entry.size));
    if (isFile) {
        m_facts->addFact(tr("Stored as"), entry.lfs ? tr("LFS file") : tr("regular file"));
        m_facts->addId(tr("SHA-256"), QString::fromLatin1(entry.content.toHex()), 16);
        m_facts->addId(tr("Git id"), hex(entry.oid));
        m_facts->addAddress(tr("Address"), fileAddress());
    } else {
        m_facts->addFact(tr("Files"), QString::number(entry.fileCount));
        m_facts->addId(tr("Git id"), hex(entry.oid));
    }
    using Found = Result<std::vector<service::Browse::TreeItem>>;
    m_services
        .run([item = *m_item](service::Services& services) -> Found {
            const auto permit = readPermit(services, item);
            if (!permit)
                return forward(permit);
            const auto revision = services.browse().revision(*permit, item.package->id, item.revision);
            if (!revision)
                return forward(revision);
            return services.browse().paths(*permit, item.package->id, *revision, {item.entry->path}, true);
        })
        .then(this, [this, generation = m_generation](Found found) {
            if (generation != m_generation || !found || found->empty() || !found->front().lastCommit)
                return;
            const catalog::LastCommit& last = *found->front().lastCommit;
            m_facts->addFact(tr("Last change"), timeFact(last.timeMs), exactTime(last.timeMs));
            m_facts->addFact(tr("Message"), last.title);
            m_facts->addId(tr("Commit"), hex(last.oid));
        });
}

void DetailsPane::loadCard()
{
    m_card->showMessage(QString());
    m_services
        .run([item = *m_item](service::Services& services) -> Result<QByteArray> {
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
        })
        .then(this, [this, generation = m_generation](Result<QByteArray> readme) {
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

QString DetailsPane::fileAddress() const
{
    const auto encoded = [](const QString& text, const char* keep) {
        return QString::fromLatin1(QUrl::toPercentEncoding(text, keep));
    };
    const QString prefix =
        m_item->type == PackageType::Dataset ? QStringLiteral("/datasets/") : QStringLiteral("/");
    return service::huggingFaceEndpoint(m_server.address(), m_item->repository->key.text()) + prefix +
           m_item->package->id.id() + QStringLiteral("/resolve/") + encoded(m_item->revision, "") + u'/' +
           encoded(m_item->entry->path.text(), "/");
}

} // namespace hublet::ui
