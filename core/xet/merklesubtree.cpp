// SPDX-License-Identifier: Apache-2.0
#include "core/xet/merklesubtree.h"

namespace hublet::xet {

namespace {

using Nodes = std::vector<MerkleNode>;

/// Two cuts with none between them make the second the end of a group, wherever the group with the first one
/// in it began: too far apart for that group to hold both at its beginning, near enough to meet in one group.
bool isSureDistance(std::size_t distance)
{
    return distance >= MinCutGroup && distance <= MaxGroup - 2;
}

Nodes takeFirst(Nodes& nodes, std::size_t count)
{
    const auto end = nodes.begin() + std::ptrdiff_t(count);
    Nodes first(nodes.begin(), end);
    nodes.erase(nodes.begin(), end);
    return first;
}

} // namespace

void MerkleSubtreeBuilder::addAt(std::size_t level, const MerkleNode& node)
{
    if (level == m_levels.size())
        m_levels.emplace_back().begun = m_atStart;
    m_levels[level].open.push_back(node);
    ++m_levels[level].received;
    ++m_kept;
    if (isMerkleCut(node.hash))
        addCut(level);
}

void MerkleSubtreeBuilder::addCut(std::size_t level)
{
    Level& here = m_levels[level];
    const std::size_t cut = here.received - 1;
    // Clients tell sure ends by three cuts, also where they join two runs: with two, they would not find the
    // ends of this run again.
    const bool sure = here.cutBefore && isSureDistance(cut - *here.lastCut) &&
                      isSureDistance(*here.lastCut - *here.cutBefore);
    const std::size_t behindLast = here.lastCut ? cut - *here.lastCut : 0;
    here.cutBefore = here.lastCut;
    here.lastCut = cut;
    if (!sure)
        return;
    const std::size_t count = here.open.size() - behindLast;
    if (here.begun)
        return promote(level, count);
    here.left = takeFirst(here.open, count);
    here.begun = true;
    here.cutBefore.reset();
}

void MerkleSubtreeBuilder::promote(std::size_t level, std::size_t count)
{
    m_levels[level].promoted = true;
    const Nodes nodes = takeFirst(m_levels[level].open, count);
    m_kept -= count;
    std::span<const MerkleNode> rest(nodes);
    while (!rest.empty()) {
        std::size_t size = 1;
        while (size < rest.size() && !isCompleteGroup(rest.first(size)))
            ++size;
        addAt(level + 1, parentOf(rest.first(size)));
        rest = rest.subspan(size);
    }
}

std::optional<MerkleSubtree> MerkleSubtreeBuilder::finish(bool atEnd)
{
    if (m_levels.empty())
        return std::nullopt;
    MerkleSubtree subtree{{}, m_atStart, atEnd};
    for (std::size_t level = 0; level < m_levels.size(); ++level) {
        // A single node is the root of all below it and not grouped once more.
        if (atEnd && m_levels[level].begun && m_levels[level].received > 1)
            promote(level, m_levels[level].open.size());
        Level& here = m_levels[level];
        auto& [left, right] = subtree.levels.emplace_back();
        left = std::move(here.left);
        Nodes& rest = here.promoted ? right : left;
        rest.insert(rest.end(), here.open.begin(), here.open.end());
    }
    return subtree;
}

} // namespace hublet::xet
