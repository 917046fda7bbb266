// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/db/transaction.h"
#include "core/store/context/content.h"

#include <memory>
#include <optional>
#include <vector>

namespace hublet::store {

class StoreContext;

/// One upload: takes in any number of contents one after another and makes them durable together
/// (reliability 1.2). Stored whole, contents of at most PackedLimit bytes share one pack file,
/// so that a commit of 10,000 small files costs two syncs, not 20,000; larger ones become blob files. Stored
/// as segments, all contents share the xorbs of their new chunks, and what lies whole already becomes
/// segments. Holds a lease from begin() until it is destroyed, so that a sweep cannot take what it found
/// already there. Destroy it after the transaction of record() is over, and outside any transaction: what has
/// no row in the database then is removed, so an upload that was not recorded leaves no trace. Not
/// thread-safe; hashing and early write-back run beside the caller on threads of the store.
class ContentWriter {
public:
    ~ContentWriter();
    ContentWriter(ContentWriter&&) noexcept;
    ContentWriter& operator=(ContentWriter&&) noexcept;

    /// Starts the next content. `expectedSize` in bytes, -1 when unknown; space for it is reserved first.
    /// Errors: NoSpace, ReadOnly, Io.
    [[nodiscard]] Result<void> begin(qint64 expectedSize = -1);
    /// Errors: NoSpace, LengthMismatch (more than expected), Io.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// The same without a copy for whole blocks of BlockStrand::BlockBytes: keeps `block` and leaves an empty
    /// one that has its memory in its place.
    [[nodiscard]] Result<void> appendBlock(QByteArray& block);
    /// Ends the current content. Errors: LengthMismatch, DigestMismatch (this content is dropped, the writer
    /// goes on), Io.
    [[nodiscard]] Result<StagedContent> end(const std::optional<Sha256>& expected = std::nullopt);
    /// Drops the content begun last, if it was not ended.
    void discard();

    /// Makes all ended contents durable under their final names, without replacing what is there. A failed
    /// fsync turns the whole store read-only (reliability 1.2 step 5). Call once, outside any transaction.
    /// Errors: Io, NoSpace, Corrupt.
    [[nodiscard]] Result<void> publish();
    /// Adds the content rows; call inside the transaction that makes the contents reachable, after publish().
    /// Once more in another transaction when that one was rolled back.
    [[nodiscard]] Result<void> record(db::Transaction& transaction);

private:
    friend class ContentStore;
    friend class ContentConverter;
    /// `replaceKnown`: contents that are stored already are stored anew, and leave where they were.
    ContentWriter(StoreContext& context, StorageForm form, bool replaceKnown);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hublet::store
