// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/claimwriter.h"

#include "core/catalog/reading/catalog.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/store/tables/contentqueries.h"

namespace hublet::catalog {

ClaimWriter::ClaimWriter(Catalog& catalog, const Clock& clock) : m_catalog(catalog), m_clock(clock) {}

Result<void> ClaimWriter::claim(const Claimant& claimant, const Sha256& content, store::ContentWriter& staged)
{
    return m_catalog.writeClaims([&](db::Transaction& transaction) -> Result<void> {
        if (const auto recorded = staged.record(transaction); !recorded)
            return recorded;
        return claimIn(transaction, claimant, content);
    });
}

Result<void> ClaimWriter::claimIn(db::Transaction& transaction, const Claimant& claimant,
                                  const Sha256& content)
{
    return queries::setClaim(transaction, claimant, content, m_clock.nowMs() + LifeMs);
}

Result<void> ClaimWriter::renew(const Claimant& claimant, const Sha256& content)
{
    return m_catalog.writeClaims([&](db::Transaction& transaction) -> Result<void> {
        const auto stored = store::queries::findContent(transaction, content);
        if (!stored)
            return forward(stored);
        if (!*stored)
            return fail(ErrorCode::ContentMissing, QStringLiteral("The content is not stored"));
        if (const auto kept = store::queries::keepContent(transaction, content); !kept)
            return kept;
        return claimIn(transaction, claimant, content);
    });
}

Result<void> ClaimWriter::dropExpired()
{
    return m_catalog.writeClaims(
        [&](db::Transaction& transaction) { return queries::dropClaims(transaction, m_clock.nowMs()); });
}

} // namespace hublet::catalog
