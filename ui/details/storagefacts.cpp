// SPDX-License-Identifier: Apache-2.0
#include "ui/details/storagefacts.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/owner.h"
#include "ui/whendone.h"
#include "ui/widgets/factsform.h"
#include "ui/widgets/sizetext.h"

#include <QLocale>

namespace hublet::ui {

namespace {

Result<catalog::StorageUse> storageUse(service::Services& services, const BrowseItem& item)
{
    if (!item.package)
        return services.repositories().storageUse(item.repository->key);
    const auto permit = readPermit(services, item);
    if (!permit)
        return forward(permit);
    return services.repositories().storageUse(*permit, item.package->id);
}

} // namespace

QStringList StorageFacts::names()
{
    return {tr("Logical size"), tr("Stored size"), tr("Shared with others"), tr("Saved")};
}

StorageFacts::StorageFacts(service::Services& services, FactsForm& form, QObject* parent)
    : QObject(parent), m_services(services), m_form(form), m_refresher([this] { ask(); })
{
    connect(&services.events(), &service::EventBus::conversionChanged, this,
            [this](const QString& repository) {
                if (m_item && m_item->repository->key.text() == repository)
                    refresh();
            });
}

void StorageFacts::add(const BrowseItem& item)
{
    m_item = item;
    for (const QString& name : names())
        m_form.addLateFact(name);
    refresh();
}

void StorageFacts::refresh()
{
    if (m_item && m_form.isVisible())
        m_refresher.want();
}

void StorageFacts::ask()
{
    if (!m_item) {
        m_refresher.answered();
        return;
    }
    whenDone(
        m_services.run([item = *m_item](service::Services& services) { return storageUse(services, item); }),
        this, [this, item = *m_item](const Result<catalog::StorageUse>& use) {
            if (m_item && m_item->isSameRow(item))
                showUse(use);
            m_refresher.answered();
        });
}

void StorageFacts::showUse(const Result<catalog::StorageUse>& use)
{
    if (!use) {
        for (const QString& name : names())
            m_form.setLateFact(name, tr("unknown"), use.error().detail());
        return;
    }
    m_form.setLateFact(
        tr("Logical size"), tr("%1 in all commits").arg(humanSize(use->logical)),
        tr("%1, each content once for every package that has it").arg(exactSize(use->logical)));
    m_form.setLateFact(tr("Stored size"), tr("%1 on disk").arg(humanSize(use->stored)),
                       exactSize(use->stored));
    m_form.setLateFact(tr("Shared with others"), humanSize(use->shared),
                       (m_item->package ? tr("%1 of the stored size, which other packages use as well")
                                        : tr("%1 of the stored size, which other repositories use as well"))
                           .arg(exactSize(use->shared)));
    m_form.setLateFact(tr("Saved"), tr("%1 %").arg(QLocale().toString(use->savedPercent(), 'f', 1)),
                       tr("By storing once what is the same"));
}

} // namespace hublet::ui
