// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>

/// The numbers of the shard format that reader and writer share (xet.md 5).
namespace hublet::xet {

inline constexpr QByteArrayView
    ShardTag("HFRepoMetaData\0\x55\x69\x67\x45\x6a\x7b\x81\x57\x83\xa5\xbd\xd9\x5c\xcd\xd1\x4a\xa9", 32);
inline constexpr quint64 ShardVersion = 2;
inline constexpr quint64 ShardFooterVersion = 1;
inline constexpr qsizetype ShardFooterBytes = 200;
/// Everything before lookup tables and footer comes in records of this size.
inline constexpr qsizetype ShardRecordBytes = 48;

inline constexpr quint32 FileHasRangeHashes = 0x80000000;
inline constexpr quint32 FileHasSha256 = 0x40000000;
inline constexpr quint32 ChunkIsDedupCandidate = 0x80000000;

} // namespace hublet::xet
