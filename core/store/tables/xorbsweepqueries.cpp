// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/xorbsweepqueries.h"

#include "core/db/statements.h"
#include "core/store/tables/contentqueries.h"
#include "core/store/tables/xorbqueries.h"
#include "core/store/tables/xorbrow.h"

namespace hublet::store::queries {

using db::Query;
using db::Transaction;

Result<std::vector<XorbRow>> unreferencedXorbs(Transaction& transaction, qint64 touchedMs)
{
    return selectAll(
        transaction,
        HUBLET_XORB_COLUMNS u"WHERE x.dying_since_ms IS NULL AND x.touched_ms <= ? AND NOT EXISTS "
                            u"(SELECT 1 FROM xet_term t WHERE t.xorb = x.file) ORDER BY x.file",
        readXorb, touchedMs);
}

Result<bool> hideXorb(Transaction& transaction, const XorbRow& xorb, const XorbIndex* index, qint64 touchedMs,
                      qint64 nowMs)
{
    const auto hidden =
        change(transaction,
               u"UPDATE xorb SET dying_since_ms = ? WHERE file = ? AND dying_since_ms IS NULL AND "
               u"touched_ms <= ? AND NOT EXISTS (SELECT 1 FROM xet_term t WHERE t.xorb = xorb.file)",
               nowMs, xorb.file.id, touchedMs);
    if (!hidden)
        return forward(hidden);
    if (*hidden == 0)
        return false;
    const auto removed = removeChunks(transaction, xorb.file.id, index);
    return removed ? Result<bool>(true) : forward(removed);
}

Result<std::vector<XorbRow>> hiddenXorbs(Transaction& transaction, qint64 hiddenMs)
{
    return selectAll(transaction,
                     HUBLET_XORB_COLUMNS u"WHERE x.dying_since_ms <= ? AND NOT EXISTS "
                                         u"(SELECT 1 FROM xet_term t WHERE t.xorb = x.file) ORDER BY x.file",
                     readXorb, hiddenMs);
}

Result<bool> deleteHiddenXorb(Transaction& transaction, const XorbRow& xorb, qint64 hiddenMs)
{
    const auto deleted = change(transaction,
                                u"DELETE FROM xorb WHERE file = ? AND dying_since_ms <= ? AND NOT EXISTS "
                                u"(SELECT 1 FROM xet_term t WHERE t.xorb = xorb.file)",
                                xorb.file.id, hiddenMs);
    if (!deleted)
        return forward(deleted);
    return *deleted == 1 ? deleteEmptyFile(transaction, xorb.file.id) : Result<bool>(false);
}

Result<void>
forEachLiveXorb(Transaction& transaction, qint64 touchedMs,
                const std::function<void(const XorbRow& xorb, const std::vector<LiveRun>& runs)>& visit)
{
    Query query = transaction.query(
        u"SELECT f.id, f.kind, f.name, f.size, x.chunk_count, x.raw_bytes, x.touched_ms, x.verified_ms, "
        u"x.dying_since_ms, t.raw_start, t.raw_bytes FROM xorb x JOIN stored_file f ON f.id = x.file "
        u"JOIN xet_term t ON t.xorb = x.file WHERE x.touched_ms <= ? AND x.verified_ms <> 0 "
        u"ORDER BY x.file, t.raw_start");
    if (const auto run = query.run(touchedMs); !run)
        return run;
    XorbRow current;
    std::vector<LiveRun> runs;
    while (query.next()) {
        if (query.integer(0) != current.file.id) {
            if (!runs.empty())
                visit(current, runs);
            current = readXorb(query);
            runs.clear();
        }
        runs.push_back({query.integer(9), query.integer(10)});
    }
    if (!runs.empty())
        visit(current, runs);
    return {};
}

Result<std::vector<TermRange>> termRangesOf(Transaction& transaction, qint64 xorb)
{
    return selectAll(
        transaction,
        u"SELECT DISTINCT chunk_start, chunk_end FROM xet_term WHERE xorb = ? ORDER BY chunk_start, "
        u"chunk_end",
        [](const Query& query) {
            return TermRange{quint32(query.integer(0)), quint32(query.integer(1))};
        },
        xorb);
}

Result<void> moveTerms(Transaction& transaction, qint64 fromXorb, TermRange range, qint64 toXorb,
                       quint32 newStart, qint64 rawStart)
{
    return execute(transaction,
                   u"UPDATE xet_term SET xorb = ?, chunk_start = ?, chunk_end = ?, raw_start = ? "
                   u"WHERE xorb = ? AND chunk_start = ? AND chunk_end = ?",
                   toXorb, qint64(newStart), qint64(newStart + range.end - range.start), rawStart, fromXorb,
                   qint64(range.start), qint64(range.end));
}

} // namespace hublet::store::queries
