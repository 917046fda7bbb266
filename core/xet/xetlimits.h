// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <cstddef>

/// What the Xet protocol and its clients allow (xet.md 2, 4.6, 13). Everything in bytes unless named
/// otherwise.
namespace hublet::xet {

inline constexpr quint32 MinChunkBytes = 8 * 1024;   ///< of the chunks we cut; older clients cut down to 8128
inline constexpr quint32 MaxChunkBytes = 128 * 1024; ///< of any chunk, raw
inline constexpr quint32 MaxStoredChunkBytes = 2 * MaxChunkBytes; ///< of a chunk as a record carries it

inline constexpr quint32 MaxXorbChunks = 8192; ///< chunks
/// Raw bytes of the xorbs we make. Not a limit for others' xorbs: some clients fill them up by compressed
/// size.
inline constexpr qint64 FullXorbBytes = 64 * 1024 * 1024;
inline constexpr qint64 MaxXorbRawBytes = qint64(MaxXorbChunks) * MaxChunkBytes;
/// A xorb as uploaded: 64 MiB of chunks, their headers, the footer of old clients.
inline constexpr qint64 MaxXorbBodyBytes = 66 * 1024 * 1024;

inline constexpr qint64 MaxShardBodyBytes = 65 * 1024 * 1024;
/// Chunks that the terms of all files of one shard name together: 16 TiB of contents at the usual 64 KiB a
/// chunk. A shard that describes new chunks has 1.4 million of them; one whose files are stored already may
/// name many more, and each of its terms makes us look at up to MaxXorbChunks.
inline constexpr qint64 MaxShardTermChunks = qint64(1) << 28; ///< chunks

/// Ranges that a client may name at once to change a file in place.
inline constexpr std::size_t MaxDirtyRanges = 1024;
/// What one answer tells of the rest of the file: about 45 MiB as JSON.
inline constexpr std::size_t MaxGapTerms = 1U << 18; ///< terms
inline constexpr std::size_t MaxGapNodes = 1U << 18; ///< nodes of Merkle trees

} // namespace hublet::xet
