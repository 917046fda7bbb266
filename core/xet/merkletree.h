// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunk.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merklenode.h"

#include <vector>

namespace hublet::xet {

/// The tree over a sequence of chunks that names xorbs and files (xet.md 3), built as they come: the state is
/// one unfinished group for each level. Not thread-safe.
class MerkleTree {
public:
    /// `bytes` is the raw size of what `hash` stands for.
    void add(const XetHash& hash, quint64 bytes);
    void add(const Chunk& chunk) { add(chunk.hash, chunk.bytes); }
    void add(std::span<const Chunk> chunks);

    /// Σ of the sizes added.
    [[nodiscard]] quint64 bytes() const { return m_bytes; }
    [[nodiscard]] quint64 leaves() const { return m_levels.empty() ? 0 : m_levels.front().received; }

    /// The name of a xorb of these chunks; null when there are none. More may be added afterwards.
    [[nodiscard]] XetHash root() const;
    /// The name of a file of these chunks; null when there are none.
    [[nodiscard]] XetHash fileHash(const HashKey& salt = {}) const;

private:
    struct Level {
        std::vector<MerkleNode> group; ///< children of the node that will close next
        quint64 received = 0;          ///< nodes this level got in all
    };

    void addAt(std::size_t level, const MerkleNode& node);

    std::vector<Level> m_levels;
    quint64 m_bytes = 0;
};

} // namespace hublet::xet
