// SPDX-License-Identifier: Apache-2.0
#include "subtreejoin.h"

#include <optional>

namespace hublet::xet {

namespace {

using Nodes = std::vector<MerkleNode>;

struct Split {
    Nodes left;
    Nodes parents;
    Nodes right;
};

std::vector<std::size_t> cutsOf(const Nodes& nodes)
{
    std::vector<std::size_t> cuts;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].hash.word(3) % 4 == 0)
            cuts.push_back(i);
    }
    return cuts;
}

/// Where a group ends whatever stands around, between three cuts with two to six nodes between each other.
std::vector<std::size_t> sureEnds(const Nodes& nodes)
{
    const auto near = [](std::size_t a, std::size_t b) { return b - a >= 3 && b - a <= 7; };
    const std::vector<std::size_t> cuts = cutsOf(nodes);
    std::vector<std::size_t> ends;
    for (std::size_t i = 2; i < cuts.size(); ++i) {
        if (near(cuts[i - 2], cuts[i - 1]) && near(cuts[i - 1], cuts[i]))
            ends.push_back(cuts[i - 1] + 1);
    }
    return ends;
}

Nodes parentsOf(const Nodes& nodes)
{
    Nodes parents;
    for (std::size_t i = 0; i < nodes.size();) {
        const std::size_t rest = nodes.size() - i;
        std::size_t size = std::min<std::size_t>(rest, 9);
        for (std::size_t j = 2; j < size; ++j) {
            if (nodes[i + j].hash.word(3) % 4 == 0)
                size = j + 1;
        }
        parents.push_back(parentOf(std::span(nodes).subspan(i, size)));
        i += size;
    }
    return parents;
}

Split split(const Nodes& nodes, bool atStart, bool atEnd)
{
    const Split nothingSure{nodes, {}, {}};
    if (nodes.size() <= 1)
        return nothingSure;
    std::ptrdiff_t begin = 0;
    if (!atStart) {
        const auto ends = sureEnds(nodes);
        if (ends.empty())
            return nothingSure;
        begin = std::ptrdiff_t(ends.front());
    }
    Nodes rest(nodes.begin() + begin, nodes.end());
    auto end = std::ptrdiff_t(rest.size());
    if (!atEnd) {
        const auto ends = sureEnds(rest);
        if (ends.empty())
            return nothingSure;
        end = std::ptrdiff_t(ends.back());
    }
    return {Nodes(nodes.begin(), nodes.begin() + begin), parentsOf(Nodes(rest.begin(), rest.begin() + end)),
            Nodes(rest.begin() + end, rest.end())};
}

/// Splits what each of `levels` gives together with the parents from below.
template <typename Gather>
MerkleSubtree build(std::size_t levels, bool atStart, bool atEnd, Gather gather)
{
    MerkleSubtree built{{}, atStart, atEnd};
    Nodes parents;
    bool leftEmpty = true;
    bool rightEmpty = true;
    for (std::size_t level = 0; level < levels || !parents.empty(); ++level) {
        Split now = split(gather(level, parents), atStart && leftEmpty, atEnd && rightEmpty);
        leftEmpty = leftEmpty && now.left.empty();
        rightEmpty = rightEmpty && now.right.empty();
        parents = std::move(now.parents);
        built.levels.push_back({std::move(now.left), std::move(now.right)});
    }
    return built;
}

} // namespace

MerkleSubtree subtreeByTheRule(Nodes chunks, bool atStart, bool atEnd)
{
    return build(1, atStart, atEnd,
                 [&](std::size_t level, const Nodes& parents) { return level == 0 ? chunks : parents; });
}

MerkleSubtree joined(const MerkleSubtree& left, const MerkleSubtree& right)
{
    Q_ASSERT(!left.atEnd && !right.atStart);
    return build(std::max(left.levels.size(), right.levels.size()), left.atStart, right.atEnd,
                 [&](std::size_t level, const Nodes& parents) {
                     Nodes nodes;
                     const auto append = [&](const Nodes& more) {
                         nodes.insert(nodes.end(), more.begin(), more.end());
                     };
                     if (level < left.levels.size()) {
                         append(left.levels[level].left);
                         append(left.levels[level].right);
                     }
                     append(parents);
                     if (level < right.levels.size()) {
                         append(right.levels[level].left);
                         append(right.levels[level].right);
                     }
                     return nodes;
                 });
}

XetHash rootOf(const MerkleSubtree& subtree)
{
    if (!subtree.atStart || !subtree.atEnd || subtree.levels.empty())
        return {};
    for (std::size_t level = 0; level + 1 < subtree.levels.size(); ++level) {
        if (!subtree.levels[level].left.empty() || !subtree.levels[level].right.empty())
            return {};
    }
    const MerkleSubtree::Level& top = subtree.levels.back();
    return top.left.size() == 1 && top.right.empty() ? top.left.front().hash : XetHash();
}

} // namespace hublet::xet
