// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunk.h"
#include "core/xet/merklenode.h"

#include <optional>
#include <span>
#include <vector>

namespace hublet::xet {

/// What a run of chunks contributes to the Merkle tree of a file of which the rest is not known yet: at each
/// level the nodes whose group depends on what stands before or behind the run. What lies between them is
/// known for sure and is in the levels above. Clients put a file's hash together from such runs; a few
/// hundred nodes stand for millions of chunks, unless almost all chunks are the same.
struct MerkleSubtree {
    struct Level {
        std::vector<MerkleNode> left;  ///< from the beginning of the run
        std::vector<MerkleNode> right; ///< to its end
    };
    std::vector<Level> levels; ///< chunks first
    bool atStart = false;      ///< nothing stands before the run
    bool atEnd = false;        ///< nothing stands behind it
};

/// Builds the subtree of a run from its chunks as they come, in memory for the nodes it keeps.
/// Not thread-safe.
class MerkleSubtreeBuilder {
public:
    /// `atStart`: the run begins with the first chunk of the file.
    explicit MerkleSubtreeBuilder(bool atStart) : m_atStart(atStart) {}

    void add(const Chunk& chunk) { addAt(0, {chunk.hash, chunk.bytes}); }

    /// Nodes kept at the moment, about as many as the subtree will have.
    [[nodiscard]] std::size_t kept() const { return m_kept; }

    /// The subtree, nothing when there was no chunk. `atEnd`: the run ends with the last chunk of the file.
    /// The builder is then spent.
    [[nodiscard]] std::optional<MerkleSubtree> finish(bool atEnd);

private:
    struct Level {
        std::vector<MerkleNode> left; ///< before the first group that is sure to begin
        std::vector<MerkleNode> open; ///< behind the last group that is sure to end
        bool begun = false;           ///< where the first group begins is known: with what follows `left`
        bool promoted = false;        ///< groups have gone up
        std::size_t received = 0;     ///< nodes in all
        /// Of the nodes received, the last that is a cut, and the cut before it. Forgets those in `left`.
        std::optional<std::size_t> lastCut;
        std::optional<std::size_t> cutBefore;
    };

    void addAt(std::size_t level, const MerkleNode& node);
    void addCut(std::size_t level);
    void promote(std::size_t level, std::size_t count);

    bool m_atStart;
    std::vector<Level> m_levels;
    std::size_t m_kept = 0;
};

} // namespace hublet::xet
