// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/store/context/storecontext.h"
#include "core/store/context/storereports.h"
#include "core/store/upkeep/keeptimes.h"

#include <vector>

namespace hublet::store {

class LiveSet;

/// One run of ContentStore::sweep (reliability 1.3; the order of its steps is in core/store/README.md). Used
/// once, by one thread, with StoreContext::maintenance held.
class Sweeper {
public:
    Sweeper(StoreContext& context, const LiveContents& live, const KeepTimes& keep, bool dryRun,
            const ProgressFunction& progress, const CancelToken& cancel);

    [[nodiscard]] Result<SweepReport> run();

private:
    /// What one look at all rows says is to be done.
    struct Findings {
        std::vector<Sha256> newlyUnreferenced;
        std::vector<Sha256> referencedAgain;
        std::vector<Sha256> candidates; ///< unreferenced for long enough
        qint64 candidateBytes = 0;
    };

    [[nodiscard]] Result<LiveSet> readLive(db::Transaction& transaction) const;
    [[nodiscard]] Result<Findings> look();
    [[nodiscard]] Result<void> note(const Findings& findings);
    [[nodiscard]] Result<void> deleteContents(const std::vector<Sha256>& candidates);
    [[nodiscard]] Result<void> deleteBatch(const std::vector<Sha256>& batch);
    [[nodiscard]] Result<void> sweepXorbs();
    [[nodiscard]] Result<void> tidyPacks();
    [[nodiscard]] Result<void> removeFiles(const std::vector<StoredFile>& files);
    [[nodiscard]] Result<void> removeEmptyPack(const StoredFile& pack);
    [[nodiscard]] Result<void> removeOrphans(FileKind kind);
    [[nodiscard]] Result<void> checkCancelled() const;

    StoreContext& m_context;
    const LiveContents& m_live;
    const KeepTimes m_keep;
    const bool m_dryRun;
    const ProgressFunction& m_progress;
    const CancelToken& m_cancel;
    const qint64 m_nowMs;
    SweepReport m_report;
};

} // namespace hublet::store
