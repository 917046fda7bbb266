// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/lastcommitfinder.h"

#include <algorithm>

namespace hublet::catalog {

namespace {

/// Answers of a newer commit's predecessors are looked up in the cache for this many steps only: the cache
/// pays off when the history grew a little since the last question.
constexpr int MaxCachedSteps = 64;

/// The keys between which two trees differ: pages they share at both ends are left out.
struct ChangedRange {
    QByteArray after; ///< keys up to this one are in shared pages; null = none are
    QByteArray last;  ///< keys above this one are in shared pages; null = none are
    bool empty = false;

    [[nodiscard]] bool mayHold(QByteArrayView key) const
    {
        return !empty && (after.isNull() || key > after) && (last.isNull() || key <= last);
    }
};

ChangedRange changedRange(const std::vector<PageRef>& left, const std::vector<PageRef>& right)
{
    const auto same = [](const PageRef& a, const PageRef& b) { return a.page == b.page; };
    const auto [leftFirst, rightFirst] =
        std::mismatch(left.begin(), left.end(), right.begin(), right.end(), same);
    ChangedRange range;
    range.empty = leftFirst == left.end() && rightFirst == right.end();
    if (leftFirst != left.begin())
        range.after = (leftFirst - 1)->lastKey;
    const auto leftRest = std::make_reverse_iterator(leftFirst);
    const auto rightRest = std::make_reverse_iterator(rightFirst);
    const auto [leftEnd, rightEnd] = std::mismatch(left.rbegin(), leftRest, right.rbegin(), rightRest, same);
    if (leftEnd == left.rbegin())
        return range; // the last pages differ: anything above may have changed
    const QByteArray leftLast = leftEnd == leftRest ? range.after : leftEnd->lastKey;
    const QByteArray rightLast = rightEnd == rightRest ? range.after : rightEnd->lastKey;
    range.last = std::max(leftLast, rightLast);
    return range;
}

} // namespace

/// The paths still without an answer, as a tree of names.
class LastCommitFinder::Search {
public:
    Search(db::Transaction& transaction, const TreeReader& reader,
           std::vector<std::optional<LastCommit>>& answers)
        : m_transaction(transaction), m_reader(reader), m_answers(answers)
    {
    }

    void add(const RepoPath& path, std::size_t index)
    {
        Node* node = &m_root;
        for (const QByteArray& segment : path.segments())
            node = &node->children[segment];
        node->wanted.push_back(index);
    }
    [[nodiscard]] bool isDone() const { return m_root.children.empty() && m_root.wanted.empty(); }

    /// Gives every wanted path that differs between the trees `commit` as its answer. `older` 0 = no tree.
    [[nodiscard]] Result<void> compare(qint64 newer, qint64 older, const LastCommit& commit)
    {
        if (newer == older)
            return {};
        answer(m_root, commit);
        return compareChildren(m_root, newer, older, commit);
    }

    /// Answers what is left.
    void answerAll(const LastCommit& commit) { answerBelow(m_root, commit); }

    /// Lets `lookUp(path index)` answer before the trees are compared.
    template <typename LookUp>
    void answerFrom(const LookUp& lookUp)
    {
        answerFrom(m_root, lookUp);
    }

private:
    struct Node {
        std::map<QByteArray, Node> children;
        std::vector<std::size_t> wanted; ///< indexes of the paths that end here
        [[nodiscard]] bool isDone() const { return children.empty() && wanted.empty(); }
    };

    void answer(Node& node, const LastCommit& commit)
    {
        for (const std::size_t index : node.wanted)
            m_answers[index] = commit;
        node.wanted.clear();
    }

    void answerBelow(Node& node, const LastCommit& commit)
    {
        answer(node, commit);
        for (auto& [name, child] : node.children)
            answerBelow(child, commit);
        node.children.clear();
    }

    template <typename LookUp>
    void answerFrom(Node& node, const LookUp& lookUp)
    {
        std::erase_if(node.wanted, [&](std::size_t index) {
            const std::optional<LastCommit> known = lookUp(index);
            if (known)
                m_answers[index] = *known;
            return known.has_value();
        });
        for (auto child = node.children.begin(); child != node.children.end();) {
            answerFrom(child->second, lookUp);
            child = child->second.isDone() ? node.children.erase(child) : std::next(child);
        }
    }

    [[nodiscard]] Result<void> compareChildren(Node& node, qint64 newer, qint64 older,
                                               const LastCommit& commit)
    {
        const auto left = m_reader.tree(m_transaction, newer);
        if (!left)
            return forward(left);
        static const std::vector<PageRef> nothing;
        std::shared_ptr<const Tree> olderTree;
        if (older != 0) {
            auto loaded = m_reader.tree(m_transaction, older);
            if (!loaded)
                return forward(loaded);
            olderTree = std::move(*loaded);
        }
        const ChangedRange range = changedRange((*left)->pages, olderTree ? olderTree->pages : nothing);
        for (auto child = node.children.begin(); child != node.children.end();) {
            const QByteArray& name = child->first;
            if (range.mayHold(name) || range.mayHold(name + '/')) {
                if (const auto done = compareChild(child->second, name, newer, older, commit); !done)
                    return done;
            }
            child = child->second.isDone() ? node.children.erase(child) : std::next(child);
        }
        return {};
    }

    [[nodiscard]] Result<void> compareChild(Node& child, const QByteArray& name, qint64 newer, qint64 older,
                                            const LastCommit& commit)
    {
        const auto fresh = m_reader.find(m_transaction, newer, name);
        if (!fresh)
            return forward(fresh);
        std::optional<StoredEntry> old;
        if (older != 0) {
            auto found = m_reader.find(m_transaction, older, name);
            if (!found)
                return forward(found);
            old = std::move(*found);
        }
        if (*fresh == old)
            return {};
        answer(child, commit);
        if (!*fresh || !(*fresh)->isDirectory())
            return {};
        return compareChildren(child, (*fresh)->tree, old && old->isDirectory() ? old->tree : 0, commit);
    }

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    std::vector<std::optional<LastCommit>>& m_answers;
    Node m_root;
};

LastCommitFinder::LastCommitFinder(const TreeReader& reader) : m_reader(reader), m_cache(MaxCached) {}

Result<std::vector<std::optional<LastCommit>>> LastCommitFinder::find(db::Transaction& transaction,
                                                                      const queries::CommitRow& commit,
                                                                      const std::vector<RepoPath>& paths)
{
    std::vector<std::optional<LastCommit>> answers(paths.size());
    Search search(transaction, m_reader, answers);
    for (std::size_t index = 0; index < paths.size(); ++index) {
        const auto entry = m_reader.findPath(transaction, commit.tree, paths[index]);
        if (!entry)
            return forward(entry);
        if (*entry)
            search.add(paths[index], index);
    }
    queries::CommitRow current = commit;
    for (int steps = 0; !search.isDone(); ++steps) {
        if (steps < MaxCachedSteps)
            search.answerFrom([&](std::size_t index) { return cached(current.id, paths[index].bytes()); });
        const LastCommit here{current.commit.oid, current.commit.title, current.commit.timeMs};
        if (current.firstParent == 0 || steps == MaxCommits) {
            search.answerAll(here);
            break;
        }
        auto parent = queries::commit(transaction, current.firstParent);
        if (!parent)
            return forward(parent);
        if (const auto compared = search.compare(current.tree, parent->tree, here); !compared)
            return forward(compared);
        current = std::move(*parent);
    }
    for (std::size_t index = 0; index < paths.size(); ++index) {
        if (answers[index])
            remember(commit.id, paths[index].bytes(), *answers[index]);
    }
    return answers;
}

std::optional<LastCommit> LastCommitFinder::cached(qint64 commit, const QByteArray& path)
{
    const std::lock_guard lock(m_mutex);
    const LastCommit* found = m_cache.object({commit, path});
    return found ? std::optional(*found) : std::nullopt;
}

void LastCommitFinder::remember(qint64 commit, const QByteArray& path, const LastCommit& answer)
{
    const std::lock_guard lock(m_mutex);
    m_cache.insert({commit, path}, new LastCommit(answer));
}

} // namespace hublet::catalog
