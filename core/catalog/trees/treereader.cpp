// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/trees/treereader.h"

#include "core/db/statements.h"

#include <algorithm>

namespace hublet::catalog {

namespace {

bool keyLess(const StoredEntry& entry, QByteArrayView key)
{
    const QByteArrayView name(entry.name);
    if (!entry.isDirectory())
        return name < key;
    // As entry.key() < key, without making the key.
    const qsizetype common = std::min(name.size(), key.size());
    if (const int order = name.first(common).compare(key.first(common)); order != 0)
        return order < 0;
    if (name.size() >= key.size())
        return false;
    const auto next = static_cast<unsigned char>(key[name.size()]);
    return next > '/' || (next == '/' && key.size() > name.size() + 1);
}

TreePage::const_iterator firstFrom(const TreePage& page, QByteArrayView key)
{
    return std::lower_bound(page.begin(), page.end(), key, keyLess);
}

} // namespace

TreeReader::TreeReader() : m_trees(MaxCachedPageRefs), m_pages(MaxCachedEntries) {}

template <typename T>
std::shared_ptr<const T> TreeReader::cached(RowCache<T>& cache, const db::Transaction& transaction,
                                            qint64 row) const
{
    const std::lock_guard lock(m_mutex);
    if (const auto* found = cache.committed.object(row))
        return *found;
    if (transaction.writeSerial() == 0)
        return nullptr;
    forgetOtherWrites(transaction);
    const auto* found = cache.ofWrite.object(row);
    return found ? *found : nullptr;
}

template <typename T>
void TreeReader::remember(RowCache<T>& cache, const db::Transaction& transaction, qint64 row,
                          const std::shared_ptr<const T>& value, int cost) const
{
    const std::lock_guard lock(m_mutex);
    const bool isWrite = transaction.writeSerial() != 0;
    if (isWrite)
        forgetOtherWrites(transaction);
    auto& values = isWrite ? cache.ofWrite : cache.committed;
    values.insert(row, new std::shared_ptr<const T>(value), cost);
}

/// One write runs at a time: when another one comes, the last is over, with or without success.
void TreeReader::forgetOtherWrites(const db::Transaction& transaction) const
{
    if (m_write == transaction.writeSerial())
        return;
    m_write = transaction.writeSerial();
    m_trees.ofWrite.clear();
    m_pages.ofWrite.clear();
}

Result<std::shared_ptr<const Tree>> TreeReader::tree(db::Transaction& transaction, qint64 row) const
{
    if (auto found = cached(m_trees, transaction, row))
        return found;
    auto tree = std::make_shared<Tree>();
    const auto pages = selectOne(
        transaction, u"SELECT oid, pages, file_count, total_size FROM tree WHERE id = ?",
        [&](const db::Query& query) {
            tree->oid = query.digest<GitOid>(0);
            tree->fileCount = query.integer(2);
            tree->size = query.integer(3);
            return query.bytes(1);
        },
        row);
    if (!pages)
        return forward(pages);
    if (!*pages)
        return fail(ErrorCode::Corrupt, QStringLiteral("Tree %1 is missing").arg(row));
    auto refs = decodePageRefs(**pages);
    if (!refs)
        return forward(refs);
    tree->row = row;
    tree->pages = std::move(*refs);
    const std::shared_ptr<const Tree> loaded = std::move(tree);
    remember(m_trees, transaction, row, loaded, int(loaded->pages.size()) + 1);
    return loaded;
}

Result<std::shared_ptr<const TreePage>> TreeReader::page(db::Transaction& transaction, qint64 row) const
{
    if (auto found = cached(m_pages, transaction, row))
        return found;
    const auto encoded = selectOne(
        transaction, u"SELECT git, facts FROM tree_page WHERE id = ?",
        [](const db::Query& query) {
            return EncodedPage{query.bytes(0), query.bytes(1)};
        },
        row);
    if (!encoded)
        return forward(encoded);
    if (!*encoded)
        return fail(ErrorCode::Corrupt, QStringLiteral("Tree page %1 is missing").arg(row));
    auto decoded = decodePage(**encoded);
    if (!decoded)
        return forward(decoded);
    auto page = std::make_shared<const TreePage>(std::move(*decoded));
    remember(m_pages, transaction, row, page, int(page->size()) + 1);
    return page;
}

Result<std::optional<StoredEntry>> TreeReader::findKey(db::Transaction& transaction, const Tree& tree,
                                                       const QByteArray& key) const
{
    const std::size_t index = tree.pageFor(key);
    if (index == tree.pages.size())
        return std::nullopt;
    const auto entries = page(transaction, tree.pages[index].page);
    if (!entries)
        return forward(entries);
    const auto found = firstFrom(**entries, key);
    if (found == (*entries)->end() || found->key() != key)
        return std::nullopt;
    return *found;
}

Result<std::optional<StoredEntry>> TreeReader::find(db::Transaction& transaction, qint64 row,
                                                    const QByteArray& name) const
{
    const auto loaded = tree(transaction, row);
    if (!loaded)
        return forward(loaded);
    auto file = findKey(transaction, **loaded, name);
    if (!file || *file)
        return file;
    return findKey(transaction, **loaded, name + '/');
}

Result<std::optional<StoredEntry>> TreeReader::findPath(db::Transaction& transaction, qint64 row,
                                                        const RepoPath& path) const
{
    const auto root = tree(transaction, row);
    if (!root)
        return forward(root);
    StoredEntry entry;
    entry.mode = StoredEntry::DirectoryMode;
    entry.oid = (*root)->oid;
    entry.size = (*root)->size;
    entry.fileCount = (*root)->fileCount;
    entry.tree = row;
    for (const QByteArray& segment : path.segments()) {
        if (!entry.isDirectory())
            return std::nullopt;
        auto child = find(transaction, entry.tree, segment);
        if (!child || !*child)
            return child;
        entry = std::move(**child);
    }
    return entry;
}

Result<void> TreeReader::walk(db::Transaction& transaction, qint64 row, bool recursive,
                              const QByteArray& after, const Visitor& visit) const
{
    if (const auto walked = walkInto(transaction, row, recursive, {}, after, visit); !walked)
        return forward(walked);
    return {};
}

QByteArray TreeReader::positionOf(const QByteArray& path, const StoredEntry& entry)
{
    return entry.isDirectory() ? path + '/' : path;
}

/// False when the visitor stopped. `after` begins with the key of an entry of this tree; what follows a '/'
/// in it is a position inside that directory.
Result<bool> TreeReader::walkInto(db::Transaction& transaction, qint64 row, bool recursive,
                                  const QByteArray& prefix, QByteArrayView after, const Visitor& visit) const
{
    const auto loaded = tree(transaction, row);
    if (!loaded)
        return forward(loaded);
    const Tree& folder = **loaded;
    const qsizetype slash = after.indexOf('/');
    const QByteArrayView firstKey = slash < 0 ? after : after.first(slash + 1);
    for (std::size_t index = folder.pageFor(firstKey); index < folder.pages.size(); ++index) {
        const auto entries = page(transaction, folder.pages[index].page);
        if (!entries)
            return forward(entries);
        for (auto entry = firstFrom(**entries, firstKey); entry != (*entries)->end(); ++entry) {
            const bool visited = !firstKey.isEmpty() && entry->key() == firstKey;
            const QByteArray path = prefix + entry->name;
            if (!visited && !visit(path, *entry))
                return false;
            if (!recursive || !entry->isDirectory())
                continue;
            const QByteArrayView inside = visited ? after.sliced(firstKey.size()) : QByteArrayView();
            const auto walked = walkInto(transaction, entry->tree, recursive, path + '/', inside, visit);
            if (!walked || !*walked)
                return walked;
        }
    }
    return true;
}

} // namespace hublet::catalog
