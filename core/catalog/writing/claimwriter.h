// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/result.h"
#include "core/catalog/model/claimant.h"
#include "core/store/intake/contentwriter.h"

namespace hublet::catalog {

class Catalog;

/// Remembers who uploaded which content lately, so that a commit may name it without uploading it again and
/// the sweep leaves it alone meanwhile (DECISIONS 20). Thread-safe; blocks until durable.
class ClaimWriter {
public:
    static constexpr qint64 LifeMs = 24LL * 3600 * 1000;

    ClaimWriter(Catalog& catalog, const Clock& clock);

    /// Notes that the claimant uploaded `content`, and records the rows of `staged` (published already) in
    /// the same transaction, so that content is never in the store without somebody it belongs to.
    [[nodiscard]] Result<void> claim(const Claimant& claimant, const Sha256& content,
                                     store::ContentWriter& staged);
    /// The same for content that becomes known in a transaction of the store's.
    [[nodiscard]] Result<void> claimIn(db::Transaction& transaction, const Claimant& claimant,
                                       const Sha256& content);
    /// The user proved to hold the content again: the claim starts anew. Error: ContentMissing.
    [[nodiscard]] Result<void> renew(const Claimant& claimant, const Sha256& content);
    /// Drops claims that are over. Run before a sweep.
    [[nodiscard]] Result<void> dropExpired();

private:
    Catalog& m_catalog;
    const Clock& m_clock;
};

} // namespace hublet::catalog
