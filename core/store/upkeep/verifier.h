// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/store/context/storecontext.h"
#include "core/store/context/storereports.h"

#include <vector>

namespace hublet::store {

/// One run of ContentStore::verify: hashes stored contents and notes when. Holds no snapshot while it hashes,
/// so it may take hours beside uploads. Used once, by one thread, with StoreContext::maintenance held.
class Verifier {
public:
    Verifier(StoreContext& context, const ProgressFunction& progress, const CancelToken& cancel);

    /// Everything, in the order it lies on disk; with `budgetBytes` > 0 what was verified longest ago, until
    /// so many bytes are hashed. A cancelled run gives Cancelled; what it noted stays.
    [[nodiscard]] Result<std::vector<DamagedContent>> run(qint64 budgetBytes);

private:
    [[nodiscard]] Result<void> runWhole(qint64 budgetBytes);
    [[nodiscard]] Result<std::vector<ContentRow>> nextPage(const ContentRow& last, bool oldestFirst) const;
    [[nodiscard]] Result<void> check(const ContentRow& row);
    [[nodiscard]] Result<void> note();

    StoreContext& m_context;
    const ProgressFunction& m_progress;
    const CancelToken& m_cancel;
    const qint64 m_startMs;
    qint64 m_hashedBytes = 0;
    qint64 m_totalBytes = 0;            ///< to be hashed
    qint64 m_readBytes = 0;             ///< of whole contents: damage may be found before their end
    std::vector<ContentRow> m_verdicts; ///< sound, and not noted yet
    std::vector<DamagedContent> m_damaged;
};

} // namespace hublet::store
