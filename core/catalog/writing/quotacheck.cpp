// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/quotacheck.h"

#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/tables/repositoryqueries.h"

namespace hublet::catalog {

Result<void> QuotaCheck::begin(qint64 repository)
{
    const auto found = queries::repository(m_transaction, repository);
    if (!found)
        return forward(found);
    m_repository = repository;
    m_quotaBytes = found->settings.quotaBytes;
    return {};
}

Result<void> QuotaCheck::count(const Sha256& content, qint64 bytes)
{
    if (m_quotaBytes <= 0)
        return {};
    const auto held = queries::isHeld(m_transaction, m_repository, content);
    if (!held)
        return forward(held);
    if (!*held)
        m_addedBytes += bytes;
    return {};
}

Result<void> QuotaCheck::finish()
{
    if (m_quotaBytes <= 0) {
        m_totals.forget(m_repository); // nobody counted what this commit adds, and a quota may be set later
        return {};
    }
    const auto bytes = m_totals.after(m_transaction, m_repository, m_addedBytes);
    if (!bytes)
        return forward(bytes);
    if (m_addedBytes > 0 && *bytes > m_quotaBytes)
        return quotaExceeded();
    m_totals.remember(m_repository, *bytes);
    m_rememberedIn = m_repository;
    return {};
}

} // namespace hublet::catalog
