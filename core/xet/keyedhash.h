// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunk.h"

#include <array>
#include <span>

/// The hashes of the protocol: BLAKE3 in keyed mode, a key for each purpose (xet.md 1). Thread-safe.
namespace hublet::xet {

using HashKey = std::array<std::uint8_t, XetHash::Size>;

/// Names a chunk by its raw bytes. Also names shard files.
[[nodiscard]] XetHash chunkHash(QByteArrayView bytes);

/// Names an inner node of a Merkle tree by the text that lists its children.
[[nodiscard]] XetHash nodeHash(QByteArrayView text);

/// Proof of knowing the chunks of a term: the hash over their hashes.
[[nodiscard]] XetHash rangeHash(std::span<const Chunk> chunks);

/// Names a file by the root over its chunks. The protocol's own salt is all zero.
/// Not for the empty file, whose name is the null hash: MerkleTree::fileHash() knows.
[[nodiscard]] XetHash saltedRoot(const XetHash& root, const HashKey& salt = {});

/// A chunk's hash as a deduplication answer with a key shows it.
[[nodiscard]] XetHash hiddenChunkHash(const XetHash& chunk, const HashKey& key);

/// Whether clients ask the server for this chunk wherever it stands in a file: one in 1,024.
[[nodiscard]] inline bool isDedupCandidate(const XetHash& chunk)
{
    return chunk.word(3) % 1024 == 0;
}

} // namespace hublet::xet
