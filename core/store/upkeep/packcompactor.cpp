// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/packcompactor.h"

#include "core/base/hasher.h"
#include "core/store/context/filepublisher.h"
#include "core/store/files/fileio.h"
#include "core/store/files/packwriter.h"

namespace hublet::store {

Result<qint64> PackCompactor::compact(const StoredFile& pack)
{
    if (const auto writable = m_context.checkWritable(); !writable)
        return forward(writable);
    auto copy = copyLive(pack);
    if (!copy)
        return forward(copy);
    FilePublisher publisher(m_context);
    const LeaseHold lease(m_context.leases, copy->file.name); // given back before the publisher tidies up
    publisher.add(std::move(copy->staged), copy->file, false);
    if (const auto published = publisher.publish(); !published)
        return forward(published);
    const auto isEmpty = repoint(pack, *copy);
    if (!isEmpty)
        return forward(isEmpty);
    if (!*isEmpty)
        return 0; // an upload has put something into it meanwhile
    const auto removed = m_context.removeFile(pack);
    if (!removed)
        return forward(removed);
    return pack.size - copy->file.size;
}

Result<PackCompactor::Copy> PackCompactor::copyLive(const StoredFile& pack)
{
    auto contents = m_context.database.read(
        [&](db::Transaction& transaction) { return queries::contentsOf(transaction, pack); });
    if (!contents)
        return forward(contents);
    const auto source = m_context.openFile(pack);
    if (!source)
        return forward(source);
    auto staged = m_context.folder->stage();
    if (!staged)
        return forward(staged);
    PackWriter writer(std::move(*staged), m_context.strands);
    for (ContentRow& content : *contents) {
        const auto bytes = readAt((*source)->get(), content.offset, content.size);
        if (!bytes)
            return forward(bytes);
        if (Sha256Hasher::hash(*bytes) != content.sha256)
            return fail(ErrorCode::DigestMismatch, QStringLiteral("A content in a pack is damaged"));
        const auto offset = writer.add(content.sha256, *bytes);
        if (!offset)
            return forward(offset);
        content.offset = *offset;
    }
    if (const auto finished = writer.finish(); !finished)
        return forward(finished);
    return Copy{writer.takeFile(), {0, FileKind::Pack, writer.name(), writer.size()}, std::move(*contents)};
}

/// True when nothing refers to the old pack any more, and its row is gone.
Result<bool> PackCompactor::repoint(const StoredFile& pack, const Copy& copy)
{
    return m_context.database.write([&](db::Transaction& transaction) -> Result<bool> {
        const auto file = queries::addFile(transaction, copy.file, m_context.clock.nowMs());
        if (!file)
            return forward(file);
        for (const ContentRow& content : copy.contents) {
            const auto moved =
                queries::moveContent(transaction, content.sha256, pack.id, *file, content.offset);
            if (!moved)
                return forward(moved);
        }
        return queries::deleteEmptyFile(transaction, pack.id);
    });
}

} // namespace hublet::store
