// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/segmentedcontents.h"

#include "core/store/files/xorbformat.h"

namespace hublet::store {

Result<void> SegmentedContents::addSmall(EndedContent content)
{
    m_pending.add(std::move(content));
    return m_pending.isFull() ? cutPending() : Result<void>();
}

Result<void> SegmentedContents::cutPending()
{
    const auto contents = m_pending.takeNew(m_state);
    if (!contents)
        return forward(contents);
    for (const auto& [content, row] : *contents) {
        xet::FileChunker chunker(m_segmenter);
        if (const auto cut = chunker.add(content.bytes); !cut)
            return cut;
        if (const auto hash = chunker.finish(); !hash)
            return forward(hash);
        auto terms = m_segmenter.finishContent();
        if (!terms)
            return forward(terms);
        m_added.push_back({content.staged, std::move(*terms)});
    }
    return {};
}

Result<void> SegmentedContents::addLarge(const StagedContent& content)
{
    auto terms = m_segmenter.finishContent();
    if (!terms)
        return forward(terms);
    const auto known = m_state.context.find(content.sha256);
    if (!known)
        return forward(known);
    if (m_state.mayKeep(*known))
        m_state.kept.push_back(content.sha256);
    else
        m_added.push_back({content, std::move(*terms)});
    return {};
}

Result<void> SegmentedContents::close()
{
    const auto cut = cutPending();
    return cut ? m_segmenter.xorbs().close() : cut;
}

/// The xorbs that contents refer to. A new one that only dropped contents had chunks in gets no row.
Result<void> SegmentedContents::recordXorbs(db::Transaction& transaction, qint64 nowMs)
{
    std::unordered_set<qint64> touched;
    for (const NewContent& added : m_added) {
        for (const DraftTerm& term : added.terms) {
            if (!term.newXorb) {
                if (!touched.insert(term.storedXorb.id).second)
                    continue;
                const auto done = queries::touchXorb(transaction, term.storedXorb.id, nowMs);
                if (!done)
                    return done;
                continue;
            }
            if (m_newXorbs.contains(*term.newXorb))
                continue;
            const StoredFile& file = m_segmenter.xorbs().file(*term.newXorb);
            const auto opened = m_state.context.folder->openFile(file);
            if (!opened)
                return forward(opened);
            const auto index = readXorbIndex(opened->get(), file.size);
            if (!index)
                return forward(index);
            const auto row = queries::addXorb(transaction, file, *index, nowMs);
            if (!row)
                return forward(row);
            m_newXorbs.emplace(*term.newXorb, *row);
        }
    }
    return {};
}

Result<void> SegmentedContents::record(db::Transaction& transaction, qint64 nowMs)
{
    // The transaction of an earlier call was rolled back, and with it the rows.
    m_newXorbs.clear();
    if (const auto recorded = recordXorbs(transaction, nowMs); !recorded)
        return recorded;
    for (const auto& [content, draft] : m_added) {
        std::vector<StoredTerm> terms;
        terms.reserve(draft.size());
        for (const DraftTerm& term : draft) {
            StoredFile xorb = term.storedXorb;
            if (term.newXorb) {
                xorb = m_segmenter.xorbs().file(*term.newXorb);
                xorb.id = m_newXorbs.at(*term.newXorb);
            }
            terms.push_back({xorb, term.chunkStart, term.chunkEnd, term.rawStart, term.rawBytes});
        }
        const auto file = queries::addXetFile(
            transaction, {0, *content.xetHash, content.sha256, content.size}, terms, nowMs);
        if (!file)
            return forward(file);
        const auto left = queries::useXetFile(transaction, content.sha256, content.size, *file, nowMs);
        if (!left)
            return forward(left);
        if (*left) {
            if (const auto done = m_state.leave(transaction, **left); !done)
                return done;
        }
    }
    return {};
}

} // namespace hublet::store
