// SPDX-License-Identifier: Apache-2.0
#include "ui/details/itemfacts.h"

#include "core/base/humanformat.h"
#include "core/service/context/servercontrol.h"
#include "core/service/services.h"
#include "ui/browse/browseaddress.h"
#include "ui/browse/browsetext.h"
#include "ui/details/storagefacts.h"
#include "ui/details/xetpanel.h"
#include "ui/owner.h"
#include "ui/whendone.h"
#include "ui/widgets/factsform.h"
#include "ui/widgets/sizetext.h"
#include "ui/widgets/timetext.h"

#include <QDateTime>
#include <QLocale>

namespace hublet::ui {

namespace {

QString timeFact(qint64 ms)
{
    return relativeTime(ms, QDateTime::currentMSecsSinceEpoch());
}

QString hex(const GitOid& oid)
{
    return QString::fromLatin1(oid.toHex());
}

} // namespace

ItemFacts::ItemFacts(service::Services& services, const service::ServerControl& server, QWidget* parent)
    : QScrollArea(parent), m_services(services), m_server(server), m_form(new FactsForm),
      m_xet(new XetPanel(services, m_form)), m_storage(new StorageFacts(services, *m_form, this))
{
    setObjectName(QStringLiteral("facts"));
    setAccessibleName(tr("Details"));
    setWidget(m_form);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
}

void ItemFacts::show(const BrowseItem& item)
{
    ++m_generation;
    const bool isSame = m_item && m_item->isSameRow(item);
    m_item = item;
    m_xet->setVisible(item.kind == BrowseKind::Repository);
    m_form->clear(isSame ? FactsForm::LateFacts::Keep : FactsForm::LateFacts::Forget);
    m_storage->leave();
    switch (m_item->kind) {
    case BrowseKind::Repository:
        addRepositoryFacts();
        break;
    case BrowseKind::Type:
    case BrowseKind::Namespace:
        m_form->addFact(tr("Repository"), m_item->repository->key.text());
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

void ItemFacts::showEvent(QShowEvent* event)
{
    QScrollArea::showEvent(event);
    m_storage->refresh();
}

void ItemFacts::addRepositoryFacts()
{
    const catalog::Repository& repository = *m_item->repository;
    m_form->addAddress(tr("HF_ENDPOINT"), clientAddress(*m_item, m_server.address()));
    m_form->addFact(tr("Class"), catalog::repositoryClassName(repository.rclass));
    m_form->addFact(tr("Layout"), catalog::layoutName(repository.layout));
    m_form->addControl(tr("Xet"), m_xet);
    m_xet->setRepository(repository, adminPermit(m_services));
    m_form->addFact(tr("Created"), timeFact(repository.createdMs), exactTime(repository.createdMs));
    if (!repository.settings.description.isEmpty())
        m_form->addFact(tr("Description"), repository.settings.description);
    for (const QString& name : {tr("Packages"), tr("Files"), tr("Size")})
        m_form->addLateFact(name);
    m_storage->add(*m_item);
    whenDone(m_services.run([key = repository.key](service::Services& services) {
        return services.repositories().totals(key);
    }),
             this, [this, generation = m_generation](Result<service::Repositories::Totals> totals) {
                 if (generation != m_generation || !totals)
                     return;
                 if (totals->packages == 0)
                     emit repositoryIsEmpty();
                 m_form->setLateFact(tr("Packages"), QLocale().toString(totals->packages));
                 m_form->setLateFact(tr("Files"), QLocale().toString(totals->files));
                 m_form->setLateFact(
                     tr("Size"), humanSize(totals->logicalBytes),
                     tr("%1 at the newest commits of main").arg(exactSize(totals->logicalBytes)));
             });
}

void ItemFacts::addPackageFacts()
{
    const catalog::Package& package = *m_item->package;
    m_form->addFact(tr("Name"), package.id.id());
    m_form->addFact(tr("Repository"), package.repository.text());
    m_form->addFact(tr("Size"),
                    tr("%1 in %n file(s)", nullptr, int(package.fileCount)).arg(humanSize(package.totalSize)),
                    tr("%1 at the newest commit of main").arg(exactSize(package.totalSize)));
    if (m_item->kind == BrowseKind::Package)
        m_storage->add(*m_item);
    m_form->addFact(tr("Visible to"), package.isPrivate ? tr("its organisation and administrators")
                                                        : tr("everyone who may read the repository"));
    m_form->addFact(tr("Created"), timeFact(package.createdMs), exactTime(package.createdMs));
    m_form->addFact(tr("Created by"), package.creator);
    m_form->addFact(tr("Last change"), timeFact(package.modifiedMs), exactTime(package.modifiedMs));
    m_form->addFact(tr("Downloads"), QString::number(package.downloads));
    if (!package.head.isNull())
        m_form->addId(tr("Commit of main"), hex(package.head));
    if (!package.card.tags.isEmpty())
        m_form->addFact(tr("Tags"), package.card.tags.join(QStringLiteral(", ")));
}

void ItemFacts::addRefFacts()
{
    const catalog::Ref& ref = *m_item->ref;
    m_form->addFact(tr("Name"), ref.name);
    m_form->addFact(tr("Kind"), kindText(*m_item));
    m_form->addId(tr("Commit"), hex(ref.commit));
    m_form->addFact(tr("Created"), timeFact(ref.createdMs), exactTime(ref.createdMs));
    m_form->addFact(tr("Last change"), timeFact(ref.updatedMs), exactTime(ref.updatedMs));
    whenDone(m_services.run([item = *m_item](service::Services& services) -> Result<catalog::Revision> {
        const auto permit = readPermit(services, item);
        if (!permit)
            return forward(permit);
        return services.browse().revision(*permit, item.package->id, item.revision);
    }),
             this, [this, generation = m_generation](Result<catalog::Revision> revision) {
                 if (generation != m_generation || !revision)
                     return;
                 m_form->addFact(tr("Message"), revision->commit.title);
                 m_form->addFact(tr("Author"), revision->commit.author);
             });
}

void ItemFacts::addCommitFacts(const catalog::Commit& commit)
{
    m_form->addFact(tr("Message"),
                    commit.message.isEmpty() ? commit.title : commit.title + u'\n' + commit.message);
    m_form->addFact(tr("Author"), commit.author);
    m_form->addFact(tr("When"), timeFact(commit.timeMs), exactTime(commit.timeMs));
    m_form->addId(tr("Commit"), hex(commit.oid));
    m_form->addId(tr("Tree"), hex(commit.tree));
    for (const GitOid& parent : commit.parents)
        m_form->addId(tr("Parent"), hex(parent));
}

void ItemFacts::addEntryFacts()
{
    const catalog::TreeEntry& entry = *m_item->entry;
    const bool isFile = entry.kind == catalog::TreeEntry::Kind::File;
    m_form->addFact(tr("Path"), entry.path.text());
    m_form->addFact(tr("Revision"), m_item->revision);
    m_form->addFact(tr("Size"), humanAndExactSize(entry.size));
    if (isFile) {
        m_form->addFact(tr("Stored as"), entry.lfs ? tr("LFS file") : tr("regular file"));
        m_form->addId(tr("SHA-256"), QString::fromLatin1(entry.content.toHex()), 16);
        m_form->addId(tr("Git id"), hex(entry.oid));
        m_form->addAddress(tr("Address"), clientAddress(*m_item, m_server.address()));
    } else {
        m_form->addFact(tr("Files"), QString::number(entry.fileCount));
        m_form->addId(tr("Git id"), hex(entry.oid));
    }
    using Found = Result<std::vector<service::Browse::TreeItem>>;
    whenDone(m_services.run([item = *m_item](service::Services& services) -> Found {
        const auto permit = readPermit(services, item);
        if (!permit)
            return forward(permit);
        const auto revision = services.browse().revision(*permit, item.package->id, item.revision);
        if (!revision)
            return forward(revision);
        return services.browse().paths(*permit, item.package->id, *revision, {item.entry->path},
                                       {.lastCommit = true});
    }),
             this, [this, generation = m_generation](Found found) {
                 if (generation != m_generation || !found || found->empty() || !found->front().lastCommit)
                     return;
                 const catalog::LastCommit& last = *found->front().lastCommit;
                 m_form->addFact(tr("Last change"), timeFact(last.timeMs), exactTime(last.timeMs));
                 m_form->addFact(tr("Message"), last.title);
                 m_form->addId(tr("Commit"), hex(last.oid));
             });
}

} // namespace hublet::ui
