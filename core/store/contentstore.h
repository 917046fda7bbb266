// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/db/database.h"
#include "core/store/context/content.h"
#include "core/store/context/keptfiles.h"
#include "core/store/context/storeoptions.h"
#include "core/store/context/storereports.h"
#include "core/store/files/storedfile.h"
#include "core/store/intake/contentwriter.h"
#include "core/store/tables/storeidentity.h"

#include <QStringList>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace hublet::store {

class StoreContext;
class XetStore;

/// All content, stored once by SHA-256. Thread-safe. On disk no user string is ever a path: only hashes and
/// numbers. Disk format and the order of every write: core/store/README.md.
class ContentStore {
public:
    /// Start-up checks of reliability 1.4: removes staging files and leases of other boots and processes,
    /// reconciles rows written since the last clean stop with the disk. The caller holds the lock of the data
    /// folder (service::DataFolder).
    [[nodiscard]] static Result<std::unique_ptr<ContentStore>>
    open(const StoreOptions& options, db::Database& database, const Clock& clock);
    ~ContentStore(); ///< all writers must be gone; open Content stays readable

    /// Opens content for reading. Errors: ContentMissing, Corrupt (damaged or without its file), Io.
    [[nodiscard]] Result<Content> open(const Sha256& sha256) const;
    /// Size in bytes, or nothing when there is no such content.
    [[nodiscard]] Result<std::optional<qint64>> size(const Sha256& sha256) const;
    /// The same, but nothing also for content that is known to be damaged: it is repaired by storing it
    /// again.
    [[nodiscard]] Result<std::optional<qint64>> soundSize(const Sha256& sha256) const;
    /// Reads a small content whole. TooLarge when it has more than `limit` bytes.
    [[nodiscard]] Result<QByteArray> readAll(const Sha256& sha256, qint64 limit) const;

    /// NoSpace when the disk has no room for so many bytes more, with what the options ask to keep free.
    [[nodiscard]] Result<void> checkSpace(qint64 bytes) const;

    /// `form`: how contents that are not stored yet are put away.
    [[nodiscard]] ContentWriter writer(StorageForm form = StorageForm::Whole);

    /// The same bytes as Xet clients know them. Lives as long as the store.
    [[nodiscard]] XetStore& xet() const { return *m_xet; }

    /// Re-hashes everything (or the oldest-verified part, bounded by `budgetBytes` when > 0). Progress in
    /// bytes.
    [[nodiscard]] Result<std::vector<DamagedContent>>
    verify(const ProgressFunction& progress, const CancelToken& cancel, qint64 budgetBytes = 0);
    /// Frees what nothing has needed for keepUnreferencedMs: mark, doom, re-check in the deleting
    /// transaction, unlink (reliability 1.3). Packs that are mostly dead are rewritten. Progress in contents.
    [[nodiscard]] Result<SweepReport> sweep(const LiveContents& live, bool dryRun,
                                            const ProgressFunction& progress, const CancelToken& cancel);
    /// The same at once, whatever Xet clients may still believe to be stored: begins a new epoch first.
    [[nodiscard]] Result<SweepReport> freeNow(const LiveContents& live, const ProgressFunction& progress,
                                              const CancelToken& cancel);
    /// Stores contents anew in the other form, in groups of 64 MiB or one content, each durable before the
    /// next begins, and removes what they were; open contents stay readable. Contents that have the form
    /// already are passed over, so it may be run again after it was stopped. Xorbs that are no longer needed
    /// go with the sweep. Progress in bytes, the total is 0. Errors: Cancelled (what was done stays),
    /// ReadOnly, NoSpace, Io.
    [[nodiscard]] Result<ConversionReport> convert(const std::vector<Sha256>& contents, StorageForm form,
                                                   const ProgressFunction& progress,
                                                   const CancelToken& cancel);
    [[nodiscard]] Result<StoreSummary> summary() const;
    /// The files that `rows` names - the store's database, or a copy of it made while a KeptFiles lived - by
    /// their ids. Errors: those of `visit`; Corrupt (a file is missing; the detail names it), Io.
    [[nodiscard]] Result<void> forEachStoredFile(
        const db::Database& rows,
        const std::function<Result<void>(const StoredFile& file, const UniqueFd& opened)>& visit) const;
    /// Keeps every file on disk that has a row now, until it is destroyed before the store.
    [[nodiscard]] KeptFiles keepFiles();

    /// What Xet clients know the store by; belongs into the address of its CAS.
    [[nodiscard]] StoreIdentity identity() const;
    /// To be called when stored content was lost or put back to an earlier state: clients forget what they
    /// believe to be stored.
    [[nodiscard]] Result<StoreIdentity> startNewEpoch();

    /// Set when a sync failed: no write is accepted until restart, reads go on.
    [[nodiscard]] bool isReadOnly() const;

    /// Contents whose file the start-up check found missing or short; 0 unless a disk lied or somebody
    /// deleted files.
    [[nodiscard]] qint64 lostAtStart() const { return m_lostAtStart; }

private:
    explicit ContentStore(std::unique_ptr<StoreContext> context);

    const std::unique_ptr<StoreContext> m_context;
    const std::unique_ptr<XetStore> m_xet;
    qint64 m_lostAtStart = 0;
    mutable std::mutex m_identityMutex;
    StoreIdentity m_identity;
};

} // namespace hublet::store
