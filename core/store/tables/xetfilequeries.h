// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"
#include "core/store/files/storedxorb.h"

namespace hublet::store {

/// A row of table xet_file.
struct XetFileRow {
    qint64 id = 0;
    XetHash hash;
    Sha256 sha256;
    qint64 size = 0;
};

namespace queries {

/// The statements over xet files and their terms (0004_xet.sql). Each runs inside the caller's transaction.

[[nodiscard]] Result<std::optional<XetFileRow>> findXetFile(db::Transaction& transaction,
                                                            const XetHash& hash);
/// The one that a content is made of, when it is stored as segments and not damaged.
[[nodiscard]] Result<std::optional<XetFileRow>> findSoundXetFileOf(db::Transaction& transaction,
                                                                   const Sha256& sha256);
/// In file order.
[[nodiscard]] Result<std::vector<StoredTerm>> termsOf(db::Transaction& transaction, qint64 xetFile);
/// Is a chunk of its terms damaged?
[[nodiscard]] Result<bool> isDamaged(db::Transaction& transaction, qint64 xetFile);

/// Adds the file with its terms. One that exists is touched and keeps its terms, unless they are damaged:
/// then it gets these. Gives its row. Conflict: these are damaged too.
[[nodiscard]] Result<qint64> addXetFile(db::Transaction& transaction, const XetFileRow& file,
                                        const std::vector<StoredTerm>& terms, qint64 nowMs);
/// Makes a content consist of a xet file: adds the content or repairs it; one that lies whole in another file
/// is switched over, one that is stored as segments stays as it is. Gives the file that the content has left.
[[nodiscard]] Result<std::optional<StoredFile>> useXetFile(db::Transaction& transaction, const Sha256& sha256,
                                                           qint64 size, qint64 xetFile, qint64 nowMs);
/// Forgets all xet files of a content that is gone, or whole again.
[[nodiscard]] Result<void> deleteXetFilesOf(db::Transaction& transaction, const Sha256& sha256);

/// A content that is made of these chunks of a xorb, among others.
struct XorbUse {
    Sha256 content;
    quint32 chunkStart = 0;
    quint32 chunkEnd = 0; ///< exclusive

    [[nodiscard]] bool contains(quint32 chunk) const { return chunk >= chunkStart && chunk < chunkEnd; }
};
/// Some of those that use the xorb.
[[nodiscard]] Result<std::vector<XorbUse>> usesOfXorb(db::Transaction& transaction, qint64 xorb, int limit);

} // namespace queries

} // namespace hublet::store
