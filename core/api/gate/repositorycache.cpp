// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/repositorycache.h"

#include "core/access/principal.h"
#include "core/service/services.h"

namespace hublet::api {

RepositoryCache::RepositoryCache(service::Services& services) : m_services(services)
{
    const service::EventBus* events = &services.events();
    const auto forgetAll = [this] { forget(); };
    connect(events, &service::EventBus::repositoryAdded, this, forgetAll, Qt::DirectConnection);
    connect(events, &service::EventBus::repositoryChanged, this, forgetAll, Qt::DirectConnection);
    connect(events, &service::EventBus::repositoryRemoved, this, forgetAll, Qt::DirectConnection);
}

RepositoryCache::~RepositoryCache() = default;

bool RepositoryCache::isLoaded() const
{
    const std::lock_guard lock(m_mutex);
    return m_table && m_tableGeneration == m_generation;
}

Result<void> RepositoryCache::load()
{
    quint64 generation = 0;
    {
        const std::lock_guard lock(m_mutex);
        generation = m_generation;
    }
    const auto repositories = m_services.browse().repositories(access::Principal::owner());
    if (!repositories)
        return forward(repositories);
    auto fresh = std::make_shared<Table>();
    for (const catalog::Repository& repository : *repositories)
        fresh->insert(repository.key.folded(), repository);

    const std::lock_guard lock(m_mutex);
    if (m_table && generation < m_tableGeneration)
        return {}; // another load began later and was faster
    m_table = std::move(fresh);
    m_tableGeneration = generation;
    return {};
}

std::optional<catalog::Repository> RepositoryCache::find(const RepositoryKey& key) const
{
    if (const std::shared_ptr<const Table> repositories = table()) {
        const auto found = repositories->constFind(key.folded());
        if (found != repositories->constEnd())
            return *found;
    }
    return std::nullopt;
}

std::shared_ptr<const RepositoryCache::Table> RepositoryCache::table() const
{
    const std::lock_guard lock(m_mutex);
    return m_table;
}

void RepositoryCache::forget()
{
    const std::lock_guard lock(m_mutex);
    ++m_generation;
}

} // namespace hublet::api
