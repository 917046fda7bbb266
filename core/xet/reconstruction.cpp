// SPDX-License-Identifier: Apache-2.0
#include "core/xet/reconstruction.h"

#include "core/xet/chunkrecord.h"

#include <algorithm>
#include <map>

namespace hublet::xet {

namespace {

tl::unexpected<Error> contradiction(const XetHash& xorb)
{
    return fail(ErrorCode::Corrupt, QStringLiteral("The chunks of xorb %1 contradict a file that uses them.")
                                        .arg(QLatin1StringView(xorb.toText())));
}

using Ranges = std::vector<Reconstruction::Range>;

/// Sorts, and joins what overlaps or touches. Only the chunk indexes are looked at.
void mergeRanges(Ranges& ranges)
{
    std::ranges::sort(ranges, {}, &Reconstruction::Range::chunkStart);
    Ranges merged;
    for (const Reconstruction::Range& range : ranges) {
        if (!merged.empty() && range.chunkStart <= merged.back().chunkEnd)
            merged.back().chunkEnd = std::max(merged.back().chunkEnd, range.chunkEnd);
        else
            merged.push_back(range);
    }
    ranges = std::move(merged);
}

class Planner {
public:
    explicit Planner(XorbOffsets& offsets) : m_offsets(offsets) {}

    /// Adds a term of which `from` to `to` (exclusive) are needed, counted from its own first byte.
    Result<void> addTerm(const Term& term, qint64 from, qint64 to)
    {
        const auto start = m_offsets.rawOffset(term.xorb, term.chunkStart);
        if (!start)
            return forward(start);
        const auto end = m_offsets.rawOffset(term.xorb, term.chunkEnd);
        if (!end)
            return forward(end);
        if (*end - *start != qint64(term.bytes))
            return contradiction(term.xorb);

        const Position termStart{term.chunkStart, *start};
        Position first = termStart;
        Position last{term.chunkEnd, *end};
        if (from > 0) {
            const auto found = lastAtOrBefore(termStart, term, *start + from);
            if (!found)
                return forward(found);
            first = *found;
        }
        if (to < qint64(term.bytes)) {
            // The chunk of the last byte that is needed stays; it ends where the next one begins.
            const auto found = lastAtOrBefore(first, term, *start + to - 1);
            if (!found)
                return forward(found);
            const auto next = m_offsets.rawOffset(term.xorb, found->chunk + 1);
            if (!next)
                return forward(next);
            last = {found->chunk + 1, *next};
        }
        if (m_plan.terms.empty())
            m_plan.offsetIntoFirstRange = *start + from - first.rawOffset;
        m_plan.terms.push_back(
            {term.xorb, first.chunk, last.chunk, quint32(last.rawOffset - first.rawOffset)});
        m_ranges[term.xorb].push_back({first.chunk, last.chunk, {}});
        return {};
    }

    Result<Reconstruction> finish()
    {
        for (auto& [xorb, ranges] : m_ranges) {
            mergeRanges(ranges);
            for (Reconstruction::Range& range : ranges) {
                const auto start = m_offsets.rawOffset(xorb, range.chunkStart);
                if (!start)
                    return forward(start);
                const auto end = m_offsets.rawOffset(xorb, range.chunkEnd);
                if (!end)
                    return forward(end);
                range.bytes = {recordOffset(*start, range.chunkStart),
                               recordOffset(*end, range.chunkEnd) - 1};
            }
            m_plan.xorbs.push_back({xorb, std::move(ranges)});
        }
        return std::move(m_plan);
    }

private:
    struct Position {
        quint32 chunk = 0;
        qint64 rawOffset = 0;
    };

    /// The last chunk of `term` that begins at or before `rawOffset` of its xorb; `first` does.
    Result<Position> lastAtOrBefore(Position first, const Term& term, qint64 rawOffset)
    {
        quint32 end = term.chunkEnd;
        while (end - first.chunk > 1) {
            const quint32 middle = first.chunk + (end - first.chunk) / 2;
            const auto offset = m_offsets.rawOffset(term.xorb, middle);
            if (!offset)
                return forward(offset);
            if (*offset <= rawOffset)
                first = {middle, *offset};
            else
                end = middle;
        }
        return first;
    }

    XorbOffsets& m_offsets;
    Reconstruction m_plan;
    std::map<XetHash, Ranges> m_ranges;
};

} // namespace

Result<Reconstruction> planReconstruction(std::span<const Term> terms, ByteRange part, XorbOffsets& offsets)
{
    Q_ASSERT(part.first >= 0 && part.first <= part.last);
    Planner planner(offsets);
    qint64 begin = 0;
    for (const Term& term : terms) {
        const qint64 end = begin + term.bytes;
        if (end > part.first && begin <= part.last) {
            const qint64 from = std::max<qint64>(part.first - begin, 0);
            const qint64 to = std::min(part.last + 1, end) - begin;
            if (const auto added = planner.addTerm(term, from, to); !added)
                return forward(added);
        }
        begin = end;
        if (begin > part.last)
            return planner.finish();
    }
    return fail(ErrorCode::RangeNotSatisfiable, QStringLiteral("The range goes beyond the end of the file."));
}

} // namespace hublet::xet
