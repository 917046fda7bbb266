// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/trees/treebuilder.h"

#include "core/base/hasher.h"
#include "core/db/statements.h"

#include <unordered_map>

namespace hublet::catalog {

/// The pages of the new tree so far, and the entries of the page that is being filled.
struct TreeBuilder::Draft {
    std::vector<PageRef> pages;
    std::unordered_map<qint64, QByteArray> gitOfNewPages; ///< so that hashing need not read them back
    TreePage open;
};

namespace {

/// Ends this page where it does by itself, or only because the tree ended?
bool endsByItself(const PageRef& page)
{
    return PageCut::after(page.entries, page.lastKey);
}

/// Adds what an entry or a page holds to the sums of its page or tree.
template <typename Sums>
Result<void> addTo(Sums& sums, qint64 files, qint64 bytes)
{
    if (files > Tree::MaxFiles - sums.fileCount || bytes > Tree::MaxBytes - sums.size) {
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("At most %1 files of together %2 bytes fit one folder")
                        .arg(Tree::MaxFiles)
                        .arg(Tree::MaxBytes));
    }
    sums.fileCount += files;
    sums.size += bytes;
    return {};
}

} // namespace

Result<std::shared_ptr<const Tree>> TreeBuilder::edit(const std::shared_ptr<const Tree>& base,
                                                      const Edits& edits)
{
    static const std::vector<PageRef> noPages;
    const std::vector<PageRef>& oldPages = base ? base->pages : noPages;
    if (base && edits.empty())
        return base;
    Draft draft;
    auto next = edits.begin();
    for (std::size_t i = 0; i < oldPages.size(); ++i) {
        const PageRef& old = oldPages[i];
        const bool last = i + 1 == oldPages.size();
        const bool untouched =
            next == edits.end() || (next->first > old.lastKey && (!last || endsByItself(old)));
        if (untouched && draft.open.empty()) {
            draft.pages.push_back(old);
            continue;
        }
        const auto entries = m_reader.page(m_transaction, old.page);
        if (!entries)
            return forward(entries);
        const auto end = last ? edits.end() : edits.upper_bound(old.lastKey);
        if (const auto merged = mergePage(draft, **entries, next, end); !merged)
            return forward(merged);
    }
    if (const auto merged = mergePage(draft, {}, next, edits.end()); !merged)
        return forward(merged);
    if (const auto flushed = flush(draft); !flushed)
        return forward(flushed);
    if (base && draft.pages == base->pages)
        return base;
    return saveTree(draft);
}

/// Pushes `entries` changed by the edits up to `end`; `edit` is at `end` afterwards.
Result<void> TreeBuilder::mergePage(Draft& draft, const TreePage& entries, Edits::const_iterator& edit,
                                    Edits::const_iterator end)
{
    auto old = entries.begin();
    while (old != entries.end() || edit != end) {
        const bool takeOld = edit == end || (old != entries.end() && old->key() < edit->first);
        if (takeOld) {
            if (const auto pushed = push(draft, *old++); !pushed)
                return pushed;
            continue;
        }
        if (old != entries.end() && old->key() == edit->first)
            ++old;
        if (edit->second) {
            if (const auto pushed = push(draft, *edit->second); !pushed)
                return pushed;
        }
        ++edit;
    }
    return {};
}

Result<void> TreeBuilder::push(Draft& draft, const StoredEntry& entry)
{
    draft.open.push_back(entry);
    return PageCut::after(qint64(draft.open.size()), entry.key()) ? flush(draft) : Result<void>();
}

Result<void> TreeBuilder::flush(Draft& draft)
{
    if (draft.open.empty())
        return {};
    EncodedPage encoded = encodePage(draft.open);
    const auto row = savePage(encoded);
    if (!row)
        return forward(row);
    PageRef& page = draft.pages.emplace_back();
    page.page = *row;
    page.entries = qint64(draft.open.size());
    page.gitBytes = encoded.git.size();
    page.lastKey = draft.open.back().key();
    for (const StoredEntry& entry : draft.open) {
        if (const auto fits = addTo(page, entry.isDirectory() ? entry.fileCount : 1, entry.size); !fits)
            return fits;
    }
    draft.gitOfNewPages.insert_or_assign(*row, std::move(encoded.git));
    draft.open.clear();
    return {};
}

Result<qint64> TreeBuilder::savePage(const EncodedPage& page)
{
    const auto id = [](const db::Query& query) { return query.integer(0); };
    const Sha256 digest = page.digest();
    const auto added = selectOne(m_transaction,
                                 u"INSERT INTO tree_page (digest, git, facts) VALUES (?, ?, ?) "
                                 u"ON CONFLICT (digest) DO NOTHING RETURNING id",
                                 id, digest, page.git, page.facts);
    if (!added)
        return forward(added);
    if (*added)
        return **added;
    const auto known = selectOne(m_transaction, u"SELECT id FROM tree_page WHERE digest = ?", id, digest);
    if (!known)
        return forward(known);
    if (!*known)
        return fail(ErrorCode::Database, QStringLiteral("A tree page was neither stored nor found"));
    return **known;
}

Result<GitOid> TreeBuilder::hashTree(const Draft& draft)
{
    qint64 length = 0;
    for (const PageRef& page : draft.pages)
        length += page.gitBytes;
    Sha1Hasher hasher;
    const QByteArray header = "tree " + QByteArray::number(length);
    hasher.add(QByteArrayView(header.constData(), header.size() + 1)); // with the NUL that ends it
    for (const PageRef& page : draft.pages) {
        if (const auto fresh = draft.gitOfNewPages.find(page.page); fresh != draft.gitOfNewPages.end()) {
            hasher.add(fresh->second);
            continue;
        }
        const auto git = selectOne(
            m_transaction, u"SELECT git FROM tree_page WHERE id = ?",
            [](const db::Query& query) { return query.bytes(0); }, page.page);
        if (!git)
            return forward(git);
        if (!*git || (*git)->size() != page.gitBytes)
            return fail(ErrorCode::Corrupt,
                        QStringLiteral("Tree page %1 is missing or damaged").arg(page.page));
        hasher.add(**git);
    }
    return hasher.finish();
}

Result<std::shared_ptr<const Tree>> TreeBuilder::saveTree(const Draft& draft)
{
    const auto oid = hashTree(draft);
    if (!oid)
        return forward(oid);
    auto tree = std::make_shared<Tree>();
    tree->oid = *oid;
    tree->pages = draft.pages;
    for (const PageRef& page : tree->pages) {
        if (const auto fits = addTo(*tree, page.fileCount, page.size); !fits)
            return forward(fits);
    }
    const QByteArray pages = encodePageRefs(tree->pages);
    const Sha256 digest = Sha256Hasher::hash(oid->toBytes() + pages);
    const auto id = [](const db::Query& query) { return query.integer(0); };
    auto row =
        selectOne(m_transaction,
                  u"INSERT INTO tree (digest, oid, pages, file_count, total_size) VALUES (?, ?, ?, ?, ?) "
                  u"ON CONFLICT (digest) DO NOTHING RETURNING id",
                  id, digest, *oid, pages, tree->fileCount, tree->size);
    if (row && !*row)
        row = selectOne(m_transaction, u"SELECT id FROM tree WHERE digest = ?", id, digest);
    if (!row)
        return forward(row);
    if (!*row)
        return fail(ErrorCode::Database, QStringLiteral("A tree was neither stored nor found"));
    tree->row = **row;
    return std::shared_ptr<const Tree>(std::move(tree));
}

} // namespace hublet::catalog
