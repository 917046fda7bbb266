// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"
#include "core/store/files/storedxorb.h"

namespace hublet::store::queries {

/// The statements over xorbs and their chunks (0004_xet.sql). Each runs inside the caller's transaction.

[[nodiscard]] Result<std::optional<XorbRow>> findXorb(db::Transaction& transaction, const XetHash& hash);
[[nodiscard]] Result<std::optional<XorbRow>> findXorb(db::Transaction& transaction, qint64 file);

/// Adds a xorb that is on disk and known to be good, or revives the one there is: it lives, is undamaged, and
/// its chunks can be found. Contents that were damaged by it alone are good again. Gives the row of its file.
[[nodiscard]] Result<qint64> addXorb(db::Transaction& transaction, const StoredFile& file,
                                     const XorbIndex& index, qint64 nowMs);
[[nodiscard]] Result<void> touchXorb(db::Transaction& transaction, qint64 file, qint64 nowMs);
/// Its chunks can be found again.
[[nodiscard]] Result<void> addChunks(db::Transaction& transaction, qint64 file, const XorbIndex& index);
/// Its chunks are not found any more. With `index` by key, without it by looking at every chunk there is.
[[nodiscard]] Result<void> removeChunks(db::Transaction& transaction, qint64 file, const XorbIndex* index);

struct ChunkPlace {
    StoredFile xorb;
    quint32 position = 0;
};
/// Where each chunk may be: the whole hash has still to be compared. At most `limit` places for each.
[[nodiscard]] Result<std::vector<std::vector<ChunkPlace>>>
findChunks(db::Transaction& transaction, const std::vector<xet::Chunk>& chunks, int limit);
/// The same for one.
[[nodiscard]] Result<std::vector<ChunkPlace>> findChunk(db::Transaction& transaction, const XetHash& chunk,
                                                        int limit);

/// Notes which chunks of a xorb are damaged: its chunks are not found any more, and contents made of a
/// damaged one are distrusted. Gives these contents.
[[nodiscard]] Result<std::vector<std::pair<Sha256, qint64>>> noteDamage(db::Transaction& transaction,
                                                                        const XorbRow& xorb,
                                                                        const std::vector<quint32>& positions,
                                                                        const XorbIndex* index);
/// Is a chunk of the half-open range damaged?
[[nodiscard]] Result<bool> hasDamage(db::Transaction& transaction, qint64 file, quint32 start, quint32 end);
/// All its chunks were found good: what was noted before is no longer so.
[[nodiscard]] Result<void> markXorbSound(db::Transaction& transaction, qint64 file, qint64 nowMs);

/// At most `limit` xorbs behind `last`, by id; start with an empty row.
[[nodiscard]] Result<std::vector<XorbRow>> xorbsAfter(db::Transaction& transaction, const XorbRow& last,
                                                      int limit);
/// At most `limit` xorbs behind `last` that were verified before `beforeMs`, longest ago first. Start with
/// verifiedMs -1.
[[nodiscard]] Result<std::vector<XorbRow>>
xorbsVerifiedAfter(db::Transaction& transaction, const XorbRow& last, qint64 beforeMs, int limit);

} // namespace hublet::store::queries
