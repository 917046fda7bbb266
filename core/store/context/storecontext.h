// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/extent.h"
#include "core/base/result.h"
#include "core/base/workerpool.h"
#include "core/db/database.h"
#include "core/store/context/leasetable.h"
#include "core/store/context/storeoptions.h"
#include "core/store/files/blockstrand.h"
#include "core/store/files/filecache.h"
#include "core/store/files/storefolder.h"
#include "core/store/files/xorbcache.h"
#include "core/store/tables/contentqueries.h"
#include "core/store/tables/xetfilequeries.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace hublet::store {

/// What the parts of the store share. Thread-safe.
class StoreContext {
public:
    StoreContext(const StoreOptions& options, db::Database& database, const Clock& clock,
                 std::unique_ptr<StoreFolder> folder);

    const StoreOptions options;
    db::Database& database;
    const Clock& clock;
    const std::unique_ptr<StoreFolder> folder;
    LeaseTable leases;
    FileCache files;
    XorbCache xorbs;
    BlockStrand::Shared strands;
    WorkerPool syncing;
    std::mutex maintenance;        ///< held by verify and sweep: they take turns
    std::mutex repair;             ///< held while a damaged file is replaced
    std::atomic_int filesKept = 0; ///< KeptFiles alive: nothing is unlinked meanwhile

    /// ReadOnly when a sync failed before.
    [[nodiscard]] Result<void> checkWritable() const;
    /// NoSpace when writing `bytes` more would leave less free than the options ask for.
    [[nodiscard]] Result<void> checkSpace(qint64 bytes) const;
    /// A sync failed: what the disk holds is in doubt, so no write is accepted until restart. Gives `error`
    /// back.
    Error syncFailed(const Error& error);
    [[nodiscard]] bool isReadOnly() const { return m_readOnly.load(std::memory_order_acquire); }
    [[nodiscard]] QString readOnlyReason() const;

    /// Where a content is, or nothing.
    [[nodiscard]] Result<std::optional<ContentRow>> find(const Sha256& sha256) const;
    /// The open file of `row`. Errors: NotFound (no such file), Corrupt (shorter than it should be), Io.
    [[nodiscard]] Result<FileCache::File> openFile(const StoredFile& file);
    /// The index of a stored xorb. Errors: those of openFile(), Corrupt.
    [[nodiscard]] Result<XorbCache::Xorb> openXorb(const StoredFile& file);
    /// The bytes of terms one after the other, neighbours joined. Errors: those of openFile().
    [[nodiscard]] Result<std::vector<Extent>> extentsOf(const std::vector<StoredTerm>& terms);
    /// The bytes of a content. Errors: those of openFile(), Database. NotFound also when its terms went since
    /// `row` was read.
    [[nodiscard]] Result<std::vector<Extent>> extentsOf(const ContentRow& row);
    /// Hashes the stored bytes: DigestMismatch, Cancelled, or an error of openFile(). `read`, if any, grows
    /// by the bytes read.
    [[nodiscard]] Result<void> verify(const ContentRow& row, const CancelToken& cancel = {},
                                      qint64* read = nullptr);
    /// Good enough for an upload of the same content to rely on: verified lately and of the right length, or
    /// verified now.
    [[nodiscard]] bool isIntact(const ContentRow& row);

    /// Is the file on disk what its name and length promise? NotFound when there is none.
    [[nodiscard]] Result<bool> isSound(const StoredFile& file) const;
    /// The file is no longer what its row says: it was moved, replaced or deleted.
    void forget(qint64 file);

    /// Removes a file whose row is gone; false when there was none, or when files are kept for a backup. It
    /// is forgotten afterwards, also when that failed: whoever opens it by an old row meanwhile must not keep
    /// it open, and its space with it.
    [[nodiscard]] Result<bool> removeFile(const StoredFile& file);
    /// Removes a file that has no row and no lease; false when it has one.
    [[nodiscard]] Result<bool> removeUnrecorded(const StoredFile& file);

private:
    std::atomic_bool m_readOnly = false;
    mutable std::mutex m_reasonMutex;
    QString m_readOnlyReason;
};

} // namespace hublet::store
