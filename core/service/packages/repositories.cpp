// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/repositories.h"

#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/repositorywriter.h"
#include "core/service/context/eventbus.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/repositoryclasses.h"
#include "core/service/context/servicecontext.h"
#include "core/service/xet/xetconversion.h"

namespace hublet::service {

Repositories::Repositories(ServiceContext& context, XetConversion& conversion)
    : m_context(context), m_conversion(conversion)
{
}

Result<catalog::Repository> Repositories::create(const access::AdminPermit&, const RepositoryKey& key,
                                                 const NewRepository& what)
{
    if (what.rclass != catalog::RepositoryClass::Local) {
        return fail(ErrorCode::Unsupported, QStringLiteral("Repositories of class '%1' are not served yet")
                                                .arg(catalog::repositoryClassName(what.rclass)));
    }
    auto repository = m_context.repositoryWriter.create(key, what.rclass, what.layout, what.settings);
    if (repository) {
        m_context.repositoryClasses.add(*repository);
        emit m_context.events.repositoryAdded(repository->key.text());
    }
    return repository;
}

Result<catalog::Repository> Repositories::change(const access::AdminPermit&, const RepositoryKey& key,
                                                 const catalog::RepositorySettings& settings)
{
    const auto existing = m_context.catalog.repository(key);
    if (!existing)
        return forward(existing);
    auto repository = m_context.repositoryWriter.change(existing->id, settings);
    if (repository) {
        if (repository->settings.xet != existing->settings.xet)
            m_conversion.check(repository->key);
        emit m_context.events.repositoryChanged(repository->key.text());
    }
    return repository;
}

Result<catalog::OtherForm> Repositories::inOtherForm(const RepositoryKey& key, bool xet) const
{
    const auto repository = m_context.catalog.repository(key);
    if (!repository)
        return forward(repository);
    return m_context.catalog.countInOtherForm(repository->id, xet);
}

bool Repositories::isConverting(const RepositoryKey& key) const
{
    return m_conversion.isUnderWay(key);
}

bool Repositories::converts() const
{
    return m_conversion.converts();
}

bool Repositories::waitForConversion(const RepositoryKey& key, std::chrono::milliseconds limit)
{
    return m_conversion.waitForEnd(key, limit);
}

void Repositories::cancelConversion(const access::AdminPermit&, const RepositoryKey& key)
{
    m_conversion.cancel(key);
}

void Repositories::resumeConversion(const access::AdminPermit&, const RepositoryKey& key)
{
    m_conversion.check(key);
}

Result<void> Repositories::remove(const access::AdminPermit&, const RepositoryKey& key)
{
    const auto existing = m_context.catalog.repository(key);
    if (!existing)
        return forward(existing);
    if (const auto removed = m_context.repositoryWriter.remove(existing->id, true); !removed)
        return forward(removed);
    m_context.repositoryClasses.remove(key);
    emit m_context.events.repositoryRemoved(existing->key.text());
    return {};
}

Result<Repositories::Totals> Repositories::totals(const RepositoryKey& key) const
{
    const auto repository = m_context.catalog.repository(key);
    if (!repository)
        return forward(repository);
    const auto totals = m_context.catalog.totals(repository->id);
    if (!totals)
        return forward(totals);
    return Totals{totals->packages, totals->files, totals->logicalBytes};
}

Result<catalog::StorageUse> Repositories::storageUse(const RepositoryKey& key) const
{
    const auto repository = m_context.catalog.repository(key);
    if (!repository)
        return forward(repository);
    return m_context.catalog.storageUse({repository->id});
}

Result<catalog::StorageUse> Repositories::storageUse(const access::Permit& permit, const PackageId& id) const
{
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    return m_context.catalog.storageUse({located->repository.id, located->package.rowId});
}

} // namespace hublet::service
