// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/merklesubtree.h"

namespace hublet::xet {

/// A run of chunks as a subtree, worked out on whole lists, level after level.
[[nodiscard]] MerkleSubtree subtreeByTheRule(std::vector<MerkleNode> chunks, bool atStart, bool atEnd);

/// Two runs that follow each other, as clients join them. `left` must not be at the end, nor `right` at the
/// start.
[[nodiscard]] MerkleSubtree joined(const MerkleSubtree& left, const MerkleSubtree& right);

/// The root, once a run is at start and end; null before.
[[nodiscard]] XetHash rootOf(const MerkleSubtree& subtree);

} // namespace hublet::xet
