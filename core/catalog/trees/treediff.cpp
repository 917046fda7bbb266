// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/trees/treediff.h"

namespace hublet::catalog {

namespace {

/// Steps through the entries of one tree, page by page.
class EntryCursor {
public:
    EntryCursor(db::Transaction& transaction, const TreeReader& reader)
        : m_transaction(transaction), m_reader(reader)
    {
    }

    [[nodiscard]] Result<void> open(qint64 tree)
    {
        if (tree == 0)
            return {};
        auto loaded = m_reader.tree(m_transaction, tree);
        if (!loaded)
            return forward(loaded);
        m_tree = std::move(*loaded);
        return {};
    }
    [[nodiscard]] bool atPageStart() const
    {
        return m_entry == 0 && m_tree && m_index < m_tree->pages.size();
    }
    [[nodiscard]] qint64 pageRow() const { return m_tree->pages[m_index].page; }
    void skipPage() { ++m_index; }

    /// Null at the end.
    [[nodiscard]] Result<const StoredEntry*> current()
    {
        if (!m_tree || m_index >= m_tree->pages.size())
            return nullptr;
        if (m_entry == 0) {
            auto page = m_reader.page(m_transaction, pageRow());
            if (!page)
                return forward(page);
            m_page = std::move(*page);
        }
        return &(*m_page)[m_entry];
    }
    void step()
    {
        if (++m_entry == m_page->size()) {
            m_entry = 0;
            ++m_index;
            m_former = std::move(m_page); // the entry just left may still be in use
        }
    }

private:
    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    std::shared_ptr<const Tree> m_tree;
    std::size_t m_index = 0;
    std::shared_ptr<const TreePage> m_page;
    std::shared_ptr<const TreePage> m_former;
    std::size_t m_entry = 0;
};

} // namespace

Result<void> TreeDiff::run(qint64 before, qint64 after, const Visitor& visit)
{
    if (const auto compared = compareTrees(before, after, {}, visit); !compared)
        return forward(compared);
    return {};
}

Result<bool> TreeDiff::compareTrees(qint64 before, qint64 after, const QByteArray& prefix,
                                    const Visitor& visit)
{
    if (before == after)
        return true;
    EntryCursor left(m_transaction, m_reader);
    EntryCursor right(m_transaction, m_reader);
    if (const auto opened = left.open(before); !opened)
        return forward(opened);
    if (const auto opened = right.open(after); !opened)
        return forward(opened);
    for (;;) {
        if (left.atPageStart() && right.atPageStart() && left.pageRow() == right.pageRow()) {
            left.skipPage();
            right.skipPage();
            continue;
        }
        const auto old = left.current();
        const auto fresh = right.current();
        if (!old || !fresh)
            return forward(old ? fresh : old);
        if (!*old && !*fresh)
            return true;
        const bool takeOld = *old && (!*fresh || (*old)->key() <= (*fresh)->key());
        const bool takeFresh = *fresh && (!*old || (*fresh)->key() <= (*old)->key());
        if (takeOld)
            left.step();
        if (takeFresh)
            right.step();
        const auto compared =
            compareEntries(takeOld ? *old : nullptr, takeFresh ? *fresh : nullptr, prefix, visit);
        if (!compared || !*compared)
            return compared;
    }
}

/// Both have the same key, or one is null.
Result<bool> TreeDiff::compareEntries(const StoredEntry* before, const StoredEntry* after,
                                      const QByteArray& prefix, const Visitor& visit)
{
    if (before && after && *before == *after)
        return true;
    const StoredEntry& either = before ? *before : *after;
    const QByteArray path = prefix + either.name;
    if (!either.isDirectory())
        return visit(path, before, after);
    return compareTrees(before ? before->tree : 0, after ? after->tree : 0, path + '/', visit);
}

} // namespace hublet::catalog
