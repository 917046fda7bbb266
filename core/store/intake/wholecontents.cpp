// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/wholecontents.h"

#include <utility>

namespace hublet::store {

Result<void> WholeContents::addSmall(EndedContent content)
{
    m_pending.add(std::move(content));
    return m_pending.isFull() ? packPending() : Result<void>();
}

Result<void> WholeContents::addLarge(const StagedContent& content, std::unique_ptr<StagedFile> bytes)
{
    const auto known = m_state.context.find(content.sha256);
    if (!known)
        return forward(known);
    if (m_state.mayKeep(*known)) {
        m_state.kept.push_back(content.sha256);
        return {};
    }
    StoredFile file{0, FileKind::Blob, content.sha256, content.size};
    if (*known && !(*known)->isSegmented() && (*known)->file.kind == FileKind::Blob)
        file.id = (*known)->file.id;
    m_state.publisher.add(std::move(bytes), file, file.id != 0);
    m_added.push_back({{content.sha256, content.size, file}, known->has_value()});
    return {};
}

/// Packs the small contents that are not stored, or not as they should be.
Result<void> WholeContents::packPending()
{
    const auto contents = m_pending.takeNew(m_state);
    if (!contents)
        return forward(contents);
    for (const auto& [content, row] : *contents) {
        if (!m_pack) {
            auto staged = m_state.context.folder->stage();
            if (!staged)
                return forward(staged);
            m_pack = std::make_unique<PackWriter>(std::move(*staged), m_state.context.strands);
        }
        const auto offset = m_pack->add(content.staged.sha256, content.bytes);
        if (!offset)
            return forward(offset);
        m_inPack.push_back({{content.staged.sha256, content.bytes.size(), {}, *offset}, row.has_value()});
        if (m_pack->isFull()) {
            if (const auto closed = closePack(); !closed)
                return closed;
        }
    }
    return {};
}

Result<void> WholeContents::closePack()
{
    const std::unique_ptr<PackWriter> finished = std::move(m_pack);
    if (const auto done = finished->finish(); !done)
        return done;
    const StoredFile file{0, FileKind::Pack, finished->name(), finished->size()};
    m_state.lease(file.name);
    m_state.publisher.add(finished->takeFile(), file, false);
    for (NewContent& content : std::exchange(m_inPack, {})) {
        content.row.file = file;
        m_added.push_back(std::move(content));
    }
    return {};
}

Result<void> WholeContents::close()
{
    if (const auto packed = packPending(); !packed)
        return packed;
    return m_pack ? closePack() : Result<void>();
}

Result<void> WholeContents::record(db::Transaction& transaction, qint64 nowMs)
{
    std::optional<StoredFile> file;
    for (const auto& [content, replaces] : m_added) {
        if (!file || file->name != content.file.name) {
            file = content.file;
            const auto id = queries::addFile(transaction, *file, nowMs);
            if (!id)
                return forward(id);
            file->id = *id;
        }
        ContentRow row = content;
        row.file = *file;
        const auto recorded = replaces ? queries::replaceContent(transaction, row, nowMs)
                                       : queries::addContent(transaction, row, nowMs);
        if (!recorded)
            return recorded;
        // Meanwhile the content may have come in as segments: then the blob has nobody.
        if (const auto left = m_state.leave(transaction, *file); !left)
            return left;
    }
    return {};
}

} // namespace hublet::store
