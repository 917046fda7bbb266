// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/xethash.h"

#include <cstddef>
#include <span>

namespace hublet::xet {

/// A chunk in the Merkle tree over a sequence of chunks, or a group of nodes of the level below (xet.md 3).
struct MerkleNode {
    XetHash hash;
    quint64 bytes = 0; ///< raw, of all chunks below
    bool operator==(const MerkleNode&) const = default;
};

// A group of children ends with its third or a later child when that child's hash says so, at the latest with
// the ninth.
inline constexpr std::size_t MinCutGroup = 3;
inline constexpr std::size_t MaxGroup = 9;

/// Whether a group that has MinCutGroup children ends with this one.
[[nodiscard]] inline bool isMerkleCut(const XetHash& hash)
{
    constexpr quint64 MeanBranching = 4;
    return hash.word(3) % MeanBranching == 0;
}

/// Whether a group of `children` is complete; of a shorter one it was not.
[[nodiscard]] inline bool isCompleteGroup(std::span<const MerkleNode> children)
{
    return children.size() == MaxGroup ||
           (children.size() >= MinCutGroup && isMerkleCut(children.back().hash));
}

/// The node over a group.
[[nodiscard]] MerkleNode parentOf(std::span<const MerkleNode> children);

} // namespace hublet::xet
