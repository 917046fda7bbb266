// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/lfslisting.h"

#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/tables/cursor.h"
#include "core/catalog/trees/treediff.h"

namespace hublet::catalog {

Result<Page<LfsFile>> LfsListing::page(int limit, const QByteArray& cursorText)
{
    const auto cursor = Cursor::parse(cursorText);
    if (!cursorText.isEmpty() && !cursor)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("The cursor is not valid"));
    m_limit = limit;
    const auto refs = queries::refs(m_transaction, m_package);
    if (!refs)
        return forward(refs);
    qint64 firstTree = 0;
    bool reached = !cursor;
    for (const queries::RefRow& ref : *refs) {
        const bool atCursor = cursor && ref.id == cursor->row;
        const QByteArray after = atCursor ? cursor->key.toUtf8() : QByteArray();
        reached = reached || atCursor;
        Result<void> listed;
        if (&ref == &refs->front()) {
            const auto head = queries::commit(m_transaction, ref.commit);
            if (!head)
                return forward(head);
            firstTree = head->tree;
            if (reached)
                listed = listFirst(ref, after);
        } else {
            listed = listOther(ref, firstTree, after, !reached);
        }
        if (!listed)
            return forward(listed);
        if (m_full) {
            if (!m_page.items.empty()) {
                const LfsFile& last = m_page.items.back();
                const auto lastRef =
                    std::find_if(refs->begin(), refs->end(), [&](const queries::RefRow& row) {
                        return row.ref.fullName == last.ref.fullName;
                    });
                m_page.nextCursor = Cursor::of(last.path.text(), lastRef->id);
            }
            break;
        }
    }
    if (const auto timed = addTimes(); !timed)
        return forward(timed);
    return std::move(m_page);
}

bool LfsListing::take(const QByteArray& path, const StoredEntry& entry, const Ref& ref)
{
    const auto parsed = RepoPath::parse(path);
    if (!parsed)
        return true;
    m_full = int(m_page.items.size()) == m_limit;
    if (!m_full)
        m_page.items.push_back({entry.oid, *parsed, entry.content, entry.size, 0, ref});
    return !m_full;
}

Result<void> LfsListing::listFirst(const queries::RefRow& ref, const QByteArray& after)
{
    const auto head = queries::commit(m_transaction, ref.commit);
    if (!head)
        return forward(head);
    return m_reader.walk(m_transaction, head->tree, true, after,
                         [&](const QByteArray& path, const StoredEntry& entry) {
                             return entry.isDirectory() || !entry.lfs || take(path, entry, ref.ref);
                         });
}

Result<void> LfsListing::listOther(const queries::RefRow& ref, qint64 firstTree, const QByteArray& after,
                                   bool onlyRemember)
{
    const auto head = queries::commit(m_transaction, ref.commit);
    if (!head)
        return forward(head);
    return TreeDiff(m_transaction, m_reader)
        .run(firstTree, head->tree,
             [&](const QByteArray& path, const StoredEntry*, const StoredEntry* entry) {
                 if (!entry || !entry->lfs || m_seen.contains({path, entry->content}))
                     return true;
                 m_seen.insert({path, entry->content});
                 // Given on the page before.
                 if (onlyRemember || (!after.isEmpty() && path <= after))
                     return true;
                 return take(path, *entry, ref.ref);
             });
}

Result<void> LfsListing::addTimes()
{
    for (LfsFile& file : m_page.items) {
        const auto added = queries::contentAddedMs(m_transaction, m_package, file.content);
        if (!added)
            return forward(added);
        file.pushedMs = added->value_or(0);
    }
    return {};
}

} // namespace hublet::catalog
