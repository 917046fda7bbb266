// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"

#include <vector>

namespace hublet::store {

/// A pack: many small contents in one file, so that they share its syncs. Contents lie one behind the other
/// as they are; an index at the end says which they are, so that a pack explains itself without the database.
/// All numbers little endian.
///
///     magic    8 bytes  "HUBPACK1"
///     contents
///     index    48 bytes each: SHA-256 (32), offset (8), size (8), in order of offset
///     footer   24 bytes: number of entries (8), offset of the index (8), magic (8)
///
/// The database has the same offsets; the index is read only to check or rebuild it.
struct PackEntry {
    Sha256 sha256;
    qint64 offset = 0; ///< bytes from the start of the file
    qint64 size = 0;   ///< bytes
    bool operator==(const PackEntry&) const = default;
};

inline constexpr char PackMagic[] = "HUBPACK1"; // 8 bytes without the terminator
inline constexpr qint64 PackHeaderBytes = 8;

/// Size of a pack with so many contents of so many bytes in all.
[[nodiscard]] qint64 packFileSize(qint64 contents, qint64 contentBytes);

/// Index and footer, to be written behind the last content at `indexOffset`.
[[nodiscard]] QByteArray packTrailer(const std::vector<PackEntry>& entries, qint64 indexOffset);

/// Reads the index of an open pack of `fileSize` bytes. Corrupt when it is none, or an entry lies outside.
[[nodiscard]] Result<std::vector<PackEntry>> readPackIndex(int fd, qint64 fileSize);

} // namespace hublet::store
