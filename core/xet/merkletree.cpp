// SPDX-License-Identifier: Apache-2.0
#include "core/xet/merkletree.h"

namespace hublet::xet {

void MerkleTree::add(const XetHash& hash, quint64 bytes)
{
    m_bytes += bytes;
    addAt(0, {hash, bytes});
}

void MerkleTree::add(std::span<const Chunk> chunks)
{
    for (const Chunk& chunk : chunks)
        add(chunk);
}

void MerkleTree::addAt(std::size_t level, const MerkleNode& node)
{
    if (level == m_levels.size())
        m_levels.emplace_back();
    ++m_levels[level].received;
    std::vector<MerkleNode>& group = m_levels[level].group;
    group.push_back(node);
    if (!isCompleteGroup(group))
        return;
    const MerkleNode parent = parentOf(group);
    group.clear();
    addAt(level + 1, parent);
}

XetHash MerkleTree::root() const
{
    MerkleTree ended = *this;
    for (std::size_t level = 0; level < ended.m_levels.size(); ++level) {
        const Level& current = ended.m_levels[level];
        // A level that got one node in all ends the tree with it; it is a root and not grouped once more.
        if (current.received == 1)
            return current.group.front().hash;
        if (!current.group.empty())
            ended.addAt(level + 1, parentOf(current.group));
    }
    return {};
}

XetHash MerkleTree::fileHash(const HashKey& salt) const
{
    return leaves() == 0 ? XetHash() : saltedRoot(root(), salt);
}

} // namespace hublet::xet
