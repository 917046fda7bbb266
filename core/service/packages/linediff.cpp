// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/linediff.h"

#include <algorithm>
#include <vector>

namespace hublet::service {

namespace {

using Index = qsizetype;
using Lines = std::vector<QByteArrayView>;

constexpr Index ContextLines = 3;
/// Lines that may differ before the search for the shortest script is given up: it costs their square in time
/// and memory.
constexpr Index MaxDifferences = 1000;

/// Each line with its newline; only the last may lack one.
Lines linesOf(QByteArrayView text)
{
    Lines lines;
    while (!text.isEmpty()) {
        const Index newline = text.indexOf('\n');
        const Index length = newline < 0 ? text.size() : newline + 1;
        lines.push_back(text.first(length));
        text = text.sliced(length);
    }
    return lines;
}

/// A run of lines that differ: [beforeStart, beforeEnd) was replaced by [afterStart, afterEnd).
struct Change {
    Index beforeStart = 0;
    Index beforeEnd = 0;
    Index afterStart = 0;
    Index afterEnd = 0;
};

/// Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986) on lines with common ends taken off.
class ShortestScript {
public:
    ShortestScript(const Lines& before, const Lines& after, Index start, Index beforeEnd, Index afterEnd)
        : m_before(before), m_after(after), m_start(start), m_beforeCount(beforeEnd - start),
          m_afterCount(afterEnd - start)
    {
    }

    [[nodiscard]] std::vector<Change> changes()
    {
        const Index limit = std::min(m_beforeCount + m_afterCount, MaxDifferences);
        for (Index differences = 0; differences <= limit; ++differences) {
            if (advance(differences))
                return trace(differences);
        }
        return {{m_start, m_start + m_beforeCount, m_start, m_start + m_afterCount}};
    }

private:
    /// Furthest points with `differences` edits: element (k + differences) / 2 is x on diagonal k = x - y.
    using Frontier = std::vector<Index>;

    [[nodiscard]] Index furthest(Index differences, Index diagonal) const
    {
        return m_frontiers[size_t(differences)][size_t((diagonal + differences) / 2)];
    }
    /// Does the best way to `diagonal` with `differences` edits end in an added line rather than a removed
    /// one?
    [[nodiscard]] bool endsInAddition(Index differences, Index diagonal) const
    {
        if (diagonal == -differences)
            return true;
        return diagonal != differences &&
               furthest(differences - 1, diagonal - 1) < furthest(differences - 1, diagonal + 1);
    }
    [[nodiscard]] Index startOfRun(Index differences, Index diagonal) const
    {
        if (differences == 0)
            return 0;
        return endsInAddition(differences, diagonal) ? furthest(differences - 1, diagonal + 1)
                                                     : furthest(differences - 1, diagonal - 1) + 1;
    }

    bool advance(Index differences)
    {
        Frontier frontier(size_t(differences) + 1);
        bool done = false;
        for (Index diagonal = -differences; diagonal <= differences; diagonal += 2) {
            Index x = startOfRun(differences, diagonal);
            Index y = x - diagonal;
            while (x < m_beforeCount && y < m_afterCount &&
                   m_before[size_t(m_start + x)] == m_after[size_t(m_start + y)]) {
                ++x;
                ++y;
            }
            frontier[size_t((diagonal + differences) / 2)] = x;
            done = done || (x >= m_beforeCount && y >= m_afterCount);
        }
        m_frontiers.push_back(std::move(frontier));
        return done;
    }

    /// Walks back from the end and joins edits that touch.
    [[nodiscard]] std::vector<Change> trace(Index differences) const
    {
        std::vector<Change> changes;
        Index diagonal = m_beforeCount - m_afterCount;
        for (; differences > 0; --differences) {
            const bool addition = endsInAddition(differences, diagonal);
            const Index x = startOfRun(differences, diagonal); // just after the edit
            const Index y = x - diagonal;
            const Change edit{m_start + (addition ? x : x - 1), m_start + x, m_start + (addition ? y - 1 : y),
                              m_start + y};
            if (!changes.empty() && changes.back().beforeStart == edit.beforeEnd &&
                changes.back().afterStart == edit.afterEnd) {
                changes.back().beforeStart = edit.beforeStart;
                changes.back().afterStart = edit.afterStart;
            } else {
                changes.push_back(edit);
            }
            diagonal += addition ? 1 : -1;
        }
        std::reverse(changes.begin(), changes.end());
        return changes;
    }

    const Lines& m_before;
    const Lines& m_after;
    const Index m_start;
    const Index m_beforeCount;
    const Index m_afterCount;
    std::vector<Frontier> m_frontiers;
};

std::vector<Change> changesBetween(const Lines& before, const Lines& after)
{
    const auto [firstBefore, firstAfter] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    if (firstBefore == before.end() && firstAfter == after.end())
        return {};
    const Index start = firstBefore - before.begin();
    Index beforeEnd = Index(before.size());
    Index afterEnd = Index(after.size());
    while (beforeEnd > start && afterEnd > start &&
           before[size_t(beforeEnd - 1)] == after[size_t(afterEnd - 1)]) {
        --beforeEnd;
        --afterEnd;
    }
    return ShortestScript(before, after, start, beforeEnd, afterEnd).changes();
}

void appendLine(QByteArray& out, char mark, QByteArrayView line)
{
    out.append(mark).append(line);
    if (!line.endsWith('\n'))
        out.append("\n\\ No newline at end of file\n");
}

/// "12,3"; git counts from 1, an empty run lies after the line before it.
QByteArray range(Index start, Index end)
{
    return QByteArray::number(end > start ? start + 1 : start) + ',' + QByteArray::number(end - start);
}

/// The changes [first, last) are near enough to share their context.
void appendHunk(QByteArray& out, const Lines& before, const Lines& after, const Change* first,
                const Change* last)
{
    const Change& end = *(last - 1);
    const Index lead = std::min(ContextLines, first->beforeStart);
    const Index trail = std::min(ContextLines, Index(before.size()) - end.beforeEnd);
    out += "@@ -" + range(first->beforeStart - lead, end.beforeEnd + trail) + " +" +
           range(first->afterStart - lead, end.afterEnd + trail) + " @@\n";
    Index line = first->beforeStart - lead;
    for (const Change* change = first; change != last; ++change) {
        for (; line < change->beforeStart; ++line)
            appendLine(out, ' ', before[size_t(line)]);
        for (; line < change->beforeEnd; ++line)
            appendLine(out, '-', before[size_t(line)]);
        for (Index added = change->afterStart; added < change->afterEnd; ++added)
            appendLine(out, '+', after[size_t(added)]);
    }
    for (; line < end.beforeEnd + trail; ++line)
        appendLine(out, ' ', before[size_t(line)]);
}

} // namespace

QByteArray unifiedHunks(QByteArrayView before, QByteArrayView after)
{
    const Lines linesBefore = linesOf(before);
    const Lines linesAfter = linesOf(after);
    const std::vector<Change> changes = changesBetween(linesBefore, linesAfter);
    QByteArray out;
    for (std::size_t first = 0; first < changes.size();) {
        std::size_t last = first + 1;
        while (last < changes.size() &&
               changes[last].beforeStart - changes[last - 1].beforeEnd <= 2 * ContextLines)
            ++last;
        appendHunk(out, linesBefore, linesAfter, &changes[first], changes.data() + last);
        first = last;
    }
    return out;
}

} // namespace hublet::service
