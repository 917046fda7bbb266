// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/heldtotals.h"

#include "core/catalog/tables/contentusequeries.h"

namespace hublet::catalog {

Result<qint64> HeldTotals::after(db::Transaction& transaction, qint64 repository, qint64 added) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto before = m_bytes.find(repository); before != m_bytes.end())
            return before->second + added;
    }
    return queries::heldBytes(transaction, repository);
}

void HeldTotals::remember(qint64 repository, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    m_bytes[repository] = bytes;
}

void HeldTotals::forget(qint64 repository)
{
    const std::lock_guard lock(m_mutex);
    m_bytes.erase(repository);
}

} // namespace hublet::catalog
