// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/repositoryclasses.h"

namespace hublet::service {

void RepositoryClasses::set(const std::vector<catalog::Repository>& repositories)
{
    const std::lock_guard lock(m_mutex);
    m_classes.clear();
    for (const catalog::Repository& repository : repositories)
        m_classes.insert(repository.key.folded(), repository.rclass);
}

void RepositoryClasses::add(const catalog::Repository& repository)
{
    const std::lock_guard lock(m_mutex);
    m_classes.insert(repository.key.folded(), repository.rclass);
}

void RepositoryClasses::remove(const RepositoryKey& key)
{
    const std::lock_guard lock(m_mutex);
    m_classes.remove(key.folded());
}

QString RepositoryClasses::classOf(const RepositoryKey& key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_classes.constFind(key.folded());
    return found == m_classes.constEnd() ? QString() : catalog::repositoryClassName(*found);
}

} // namespace hublet::service
