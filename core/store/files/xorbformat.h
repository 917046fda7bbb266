// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/store/files/xorbindex.h"

#include <QByteArray>

namespace hublet::store {

/// A xorb as it lies on disk: the raw bytes of its chunks one behind the other, so that a plain GET is a run
/// of bytes, then an index, so that a xorb explains itself without the database. All numbers little endian.
///
///     chunks   raw
///     index    36 bytes each: chunk hash (32), end of the chunk in the file (4)
///     footer   48 bytes: SHA-256 of the index (32), number of chunks (4), zero (4), magic (8)
///
/// The bytes follow from the xorb hash alone: two uploads of one xorb write the same file.
inline constexpr char XorbMagic[] = "HUBXORB1"; // 8 bytes without the terminator

/// Size of the file with so many chunks of so many raw bytes.
[[nodiscard]] qint64 xorbFileSize(qint64 chunks, qint64 rawBytes);

/// Index and footer, to be written behind the last chunk.
[[nodiscard]] QByteArray xorbTrailer(const XorbIndex& index);

/// Reads the index of an open xorb of `fileSize` bytes and compares its checksum. Corrupt when it is none.
[[nodiscard]] Result<XorbIndex> readXorbIndex(int fd, qint64 fileSize);

/// Hashes every chunk of an open xorb and gives the positions of those that do not match. Corrupt when the
/// index is damaged or the file is not the xorb `hash`.
[[nodiscard]] Result<std::vector<quint32>> findDamagedChunks(int fd, qint64 fileSize, const XetHash& hash);

} // namespace hublet::store
