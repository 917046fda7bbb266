// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"
#include "core/store/files/storedfile.h"

#include <optional>
#include <vector>

namespace hublet::store {

/// A row of table content with its file: the bytes are one run of `file`, or the terms of `xetFile`.
struct ContentRow {
    Sha256 sha256;
    qint64 size = 0;
    StoredFile file; ///< id 0 when the content is stored as segments
    qint64 offset = 0;
    qint64 verifiedMs = 0;
    qint64 xetFile = 0; ///< row of table xet_file; 0 when the content is whole

    [[nodiscard]] bool isSegmented() const { return xetFile != 0; }
};

/// A pack and what is left in it.
struct PackRow {
    StoredFile file;
    qint64 liveBytes = 0;
    qint64 liveContents = 0;
};

/// The statements over the tables of 0001_store.sql. Each runs inside the caller's transaction.
namespace queries {

[[nodiscard]] Result<std::optional<ContentRow>> findContent(db::Transaction& transaction,
                                                            const Sha256& sha256);
[[nodiscard]] Result<bool> hasFile(db::Transaction& transaction, FileKind kind, const Sha256& name);

/// Adds the row, or finds the one there is; gives its id.
[[nodiscard]] Result<qint64> addFile(db::Transaction& transaction, const StoredFile& file, qint64 nowMs);
/// Adds the row; one that exists already keeps its place and is referenced again.
[[nodiscard]] Result<void> addContent(db::Transaction& transaction, const ContentRow& row, qint64 nowMs);
/// Points the row at a whole file whose bytes are known to be good, and references it again.
[[nodiscard]] Result<void> replaceContent(db::Transaction& transaction, const ContentRow& row, qint64 nowMs);
/// Stops the clock of an unreferenced content.
[[nodiscard]] Result<void> keepContent(db::Transaction& transaction, const Sha256& sha256);
/// The same for one that an upload found stored and relies on. Conflict: it was found damaged since.
[[nodiscard]] Result<void> keepSoundContent(db::Transaction& transaction, const Sha256& sha256);
/// The answer to an upload that relies on stored bytes which turned out to be damaged: Conflict.
[[nodiscard]] tl::unexpected<Error> foundDamaged();
[[nodiscard]] Result<void> markUnreferenced(db::Transaction& transaction, const Sha256& sha256, qint64 nowMs);
[[nodiscard]] Result<void> markVerified(db::Transaction& transaction, const Sha256& sha256,
                                        qint64 verifiedMs);
/// What hashing the row said, `asRead` before: nothing when it was moved, repaired or judged since.
[[nodiscard]] Result<void> noteVerdict(db::Transaction& transaction, const ContentRow& asRead,
                                       qint64 verifiedMs);
/// Every content of the file is to be hashed before it is trusted again.
[[nodiscard]] Result<void> distrustFile(db::Transaction& transaction, qint64 file);

/// Deletes a content, with its xet files, that is unreferenced since `sinceMs` or longer, or since
/// `segmentedSinceMs` when it is stored as segments; gives the row that was, or nothing when it is not.
[[nodiscard]] Result<std::optional<ContentRow>> deleteUnreferenced(db::Transaction& transaction,
                                                                   const Sha256& sha256, qint64 sinceMs,
                                                                   qint64 segmentedSinceMs);
/// Deletes a file row that nothing refers to; false when something does.
[[nodiscard]] Result<bool> deleteEmptyFile(db::Transaction& transaction, qint64 file);
/// Moves a content from one file to another; false when it is not there any more.
[[nodiscard]] Result<bool> moveContent(db::Transaction& transaction, const Sha256& sha256, qint64 fromFile,
                                       qint64 toFile, qint64 offset);

/// Contents of a file by offset.
[[nodiscard]] Result<std::vector<ContentRow>> contentsOf(db::Transaction& transaction,
                                                         const StoredFile& file);
[[nodiscard]] Result<std::vector<PackRow>> packs(db::Transaction& transaction);
/// At most `limit` files with an id above `after`, by id.
[[nodiscard]] Result<std::vector<StoredFile>> filesAfter(db::Transaction& transaction, qint64 after,
                                                         int limit);
/// At most `limit` whole contents behind `last`, by file and offset. Start with an empty row.
[[nodiscard]] Result<std::vector<ContentRow>> contentsAfter(db::Transaction& transaction,
                                                            const ContentRow& last, int limit);
/// At most `limit` whole contents behind `last` that were verified before `beforeMs`, longest ago first;
/// known damage is left out. Start with an empty row.
[[nodiscard]] Result<std::vector<ContentRow>>
contentsVerifiedAfter(db::Transaction& transaction, const ContentRow& last, qint64 beforeMs, int limit);

/// Contents that are known to be damaged, with their sizes.
[[nodiscard]] Result<std::vector<std::pair<Sha256, qint64>>> damagedContents(db::Transaction& transaction);

[[nodiscard]] Result<qint64> mark(db::Transaction& transaction, const QString& name);
[[nodiscard]] Result<void> setMark(db::Transaction& transaction, const QString& name, qint64 value);

struct Totals {
    qint64 contents = 0;
    qint64 logicalBytes = 0;
    qint64 storedBytes = 0;
    qint64 xorbBytes = 0;  ///< of chunks in xorbs
    qint64 wholeBytes = 0; ///< of contents outside xorbs
    qint64 damaged = 0;    ///< contents known to be
};
[[nodiscard]] Result<Totals> totals(db::Transaction& transaction);

} // namespace queries

} // namespace hublet::store
