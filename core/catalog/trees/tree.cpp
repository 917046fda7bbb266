// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/trees/tree.h"

#include "core/catalog/trees/bytereader.h"

#include <algorithm>

namespace hublet::catalog {

std::size_t Tree::pageFor(QByteArrayView key) const
{
    const auto found =
        std::lower_bound(pages.begin(), pages.end(), key,
                         [](const PageRef& page, QByteArrayView wanted) { return page.lastKey < wanted; });
    return std::size_t(found - pages.begin());
}

/// Neighbouring keys often begin alike, so only what differs is stored.
QByteArray encodePageRefs(const std::vector<PageRef>& pages)
{
    QByteArray bytes;
    QByteArrayView before;
    for (const PageRef& page : pages) {
        const auto shared =
            std::mismatch(before.begin(), before.end(), page.lastKey.begin(), page.lastKey.end()).first -
            before.begin();
        appendVarint(bytes, page.page);
        appendVarint(bytes, page.entries);
        appendVarint(bytes, page.gitBytes);
        appendVarint(bytes, page.fileCount);
        appendVarint(bytes, page.size);
        appendVarint(bytes, shared);
        appendVarint(bytes, page.lastKey.size() - shared);
        bytes.append(QByteArrayView(page.lastKey).sliced(shared));
        before = page.lastKey;
    }
    return bytes;
}

Result<std::vector<PageRef>> decodePageRefs(QByteArrayView bytes)
{
    std::vector<PageRef> pages;
    ByteReader reader(bytes);
    QByteArray before;
    while (!reader.atEnd() && !reader.failed()) {
        PageRef& page = pages.emplace_back();
        page.page = reader.varint();
        page.entries = reader.varint();
        page.gitBytes = reader.varint();
        page.fileCount = reader.varint();
        page.size = reader.varint();
        const qint64 shared = reader.varint();
        const QByteArrayView rest = reader.bytes(reader.varint());
        page.lastKey = before.left(shared);
        page.lastKey.append(rest);
        before = page.lastKey;
    }
    if (reader.failed())
        return fail(ErrorCode::Corrupt, QStringLiteral("A stored tree cannot be read"));
    return pages;
}

} // namespace hublet::catalog
