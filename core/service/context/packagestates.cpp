// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/packagestates.h"

#include "core/catalog/reading/catalog.h"

namespace hublet::service {

Result<std::shared_ptr<const catalog::Package>> PackageStates::find(qint64 row)
{
    const quint64 generation = m_catalog.generation(); // before the read: it is not older than it says
    {
        const std::lock_guard lock(m_mutex);
        const auto known = m_packages.constFind(row);
        if (known != m_packages.constEnd() && known->generation == generation)
            return known->package;
    }
    auto package = m_catalog.package(row);
    if (!package)
        return forward(package);
    auto shared = std::make_shared<const catalog::Package>(std::move(*package));
    const std::lock_guard lock(m_mutex);
    if (m_packages.size() >= MaxPackages)
        m_packages.clear();
    m_packages.insert(row, {generation, shared});
    return shared;
}

} // namespace hublet::service
