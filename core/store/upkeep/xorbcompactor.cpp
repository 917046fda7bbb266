// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/xorbcompactor.h"

#include "core/base/faultpoint.h"
#include "core/store/context/filepublisher.h"
#include "core/store/files/fileio.h"
#include "core/store/tables/xorbqueries.h"
#include "core/xet/keyedhash.h"

#include <algorithm>
#include <limits>

namespace hublet::store {

Result<void> XorbCompactor::compact(const XorbRow& xorb)
{
    if (const auto writable = m_context.checkWritable(); !writable)
        return writable;
    // Nobody adds terms meanwhile: whoever wants to waits for the pardon.
    DoomedSet doomed(m_context.leases);
    if (!doomed.add(xorb.file.name))
        return {};
    const auto terms = m_context.database.read(
        [&](db::Transaction& transaction) { return queries::termRangesOf(transaction, xorb.file.id); });
    if (!terms)
        return forward(terms);
    const auto old = m_context.openXorb(xorb.file);
    if (!old)
        return forward(old);
    auto staged = m_context.folder->stage();
    if (!staged)
        return forward(staged);
    XorbWriter copy(std::move(*staged));
    const auto moved = copyLive(**old, *terms, copy);
    if (!moved)
        return forward(moved);
    if (const auto finished = copy.finish(); !finished)
        return finished;
    const StoredFile file = copy.storedFile();
    if (file.name == xorb.file.name)
        return {}; // all of it is alive again
    FilePublisher publisher(m_context);
    const LeaseHold lease(m_context.leases, file.name); // given back before the publisher tidies up
    publisher.add(copy.takeFile(), file, false);
    if (const auto published = publisher.publish(); !published)
        return published;
    return repoint(xorb, (*old)->index, *terms, *moved, file, copy.index());
}

Result<std::vector<XorbCompactor::Moved>>
XorbCompactor::copyLive(const StoredXorb& old, const std::vector<queries::TermRange>& terms, XorbWriter& copy)
{
    const auto source = m_context.openFile(old.file);
    if (!source)
        return forward(source);
    std::vector<Moved> moved;
    for (const auto& [start, end] : terms) {
        if (end > old.index.count())
            return fail(ErrorCode::Corrupt, QStringLiteral("A term lies outside its xorb"));
        quint32 next = start;
        if (moved.empty() || start > moved.back().range.end)
            moved.push_back({{start, start}, copy.index().count()});
        else
            next = std::max(start, moved.back().range.end);
        for (; next < end; ++next) {
            const xet::Chunk& chunk = old.index.chunks()[next];
            const auto bytes = readAt((*source)->get(), old.index.rawOffset(next), chunk.bytes);
            if (!bytes)
                return forward(bytes);
            if (xet::chunkHash(*bytes) != chunk.hash)
                return fail(ErrorCode::Corrupt, QStringLiteral("A chunk of a xorb is damaged"));
            if (const auto added = copy.add(chunk, *bytes); !added)
                return forward(added);
        }
        moved.back().range.end = std::max(moved.back().range.end, end);
    }
    return moved;
}

Result<void> XorbCompactor::repoint(const XorbRow& old, const XorbIndex& oldIndex,
                                    const std::vector<queries::TermRange>& terms,
                                    const std::vector<Moved>& moved, const StoredFile& file,
                                    const XorbIndex& index)
{
    const qint64 nowMs = m_context.clock.nowMs();
    return m_context.database.write([&](db::Transaction& transaction) -> Result<void> {
        const auto added = queries::addXorb(transaction, file, index, nowMs);
        if (!added)
            return forward(added);
        auto run = moved.begin();
        for (const queries::TermRange& range : terms) {
            while (range.start >= run->range.end)
                ++run;
            const quint32 newStart = run->newStart + range.start - run->range.start;
            const auto done = queries::moveTerms(transaction, old.file.id, range, *added, newStart,
                                                 index.rawOffset(newStart));
            if (!done)
                return done;
        }
        if (HUBLET_FAULT_POINT("store.compacting"))
            return fail(ErrorCode::Io, QStringLiteral("Cannot go on while terms are moved"));
        const auto hidden =
            queries::hideXorb(transaction, old, &oldIndex, std::numeric_limits<qint64>::max(), nowMs);
        return hidden ? Result<void>() : forward(hidden);
    });
}

} // namespace hublet::store
