// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/keyedhash.h"
#include "core/xet/shard.h"

#include <QByteArray>

#include <span>

namespace hublet::xet {

/// A shard as current clients upload it: both sections, no footer. Files come first, so their xorbs may be
/// elsewhere.
[[nodiscard]] QByteArray writeUploadShard(std::span<const ShardFile> files, std::span<const ShardXorb> xorbs);

/// Size of the answer below, bytes.
[[nodiscard]] qint64 dedupShardBytes(qint64 xorbs, qint64 chunks);

/// The answer to a deduplication query (xet.md 5.8): xorbs whose chunks the client may refer to until
/// `expires`.
struct DedupShard {
    qint64 created = 0;         ///< Unix seconds
    qint64 expires = 0;         ///< Unix seconds; past values make clients drop the answer
    std::optional<HashKey> key; ///< hides chunk hashes from those who do not know the chunks
};
[[nodiscard]] QByteArray writeDedupShard(std::span<const ShardXorb> xorbs, const DedupShard& about);

} // namespace hublet::xet
