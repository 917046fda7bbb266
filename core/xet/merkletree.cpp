// SPDX-License-Identifier: Apache-2.0
#include "core/xet/merkletree.h"

namespace hublet::xet {

namespace {

// A group of children ends with its third or a later child when that child's hash says so, at the latest with
// the ninth.
constexpr std::size_t MinGroup = 3;
constexpr std::size_t MaxGroup = 9;
constexpr quint64 MeanBranching = 4;

} // namespace

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

void MerkleTree::addAt(std::size_t level, const Node& node)
{
    if (level == m_levels.size())
        m_levels.emplace_back();
    ++m_levels[level].received;
    std::vector<Node>& group = m_levels[level].group;
    group.push_back(node);
    const bool cut = group.size() >= MinGroup && node.hash.word(3) % MeanBranching == 0;
    if (!cut && group.size() < MaxGroup)
        return;
    const Node parent = close(group);
    group.clear();
    addAt(level + 1, parent);
}

MerkleTree::Node MerkleTree::close(const std::vector<Node>& group)
{
    QByteArray text;
    quint64 bytes = 0;
    for (const Node& child : group) {
        text += child.hash.toText() + " : " + QByteArray::number(child.bytes) + '\n';
        bytes += child.bytes;
    }
    return {nodeHash(text), bytes};
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
            ended.addAt(level + 1, close(current.group));
    }
    return {};
}

XetHash MerkleTree::fileHash(const HashKey& salt) const
{
    return leaves() == 0 ? XetHash() : saltedRoot(root(), salt);
}

} // namespace hublet::xet
