// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/contentqueries.h"

#include "core/db/statements.h"
#include "core/store/tables/xetfilequeries.h"
#include "core/store/tables/xorbrow.h"

namespace hublet::store::queries {

namespace {

using db::Query;
using db::Transaction;

// Columns of a ContentRow; every SELECT that readContent() reads starts with them.
#define CONTENT_COLUMNS                                                                                      \
    u"SELECT c.sha256, c.size, c.offset_bytes, c.verified_ms, c.xet_file, f.id, f.kind, f.name, f.size "     \
    u"FROM content c LEFT JOIN stored_file f ON f.id = c.file "

ContentRow readContent(const Query& query)
{
    return {query.digest<Sha256>(0), query.integer(1), readFile(query, 5),
            query.integer(2),        query.integer(3), query.integer(4)};
}

} // namespace

Result<std::optional<ContentRow>> findContent(Transaction& transaction, const Sha256& sha256)
{
    return selectOne(transaction, CONTENT_COLUMNS u"WHERE c.sha256 = ?", readContent, sha256);
}

Result<bool> hasFile(Transaction& transaction, FileKind kind, const Sha256& name)
{
    Query query = transaction.query(u"SELECT id FROM stored_file WHERE kind = ? AND name = ?");
    if (const auto run = query.run(int(kind), name); !run)
        return forward(run);
    return query.next();
}

Result<qint64> addFile(Transaction& transaction, const StoredFile& file, qint64 nowMs)
{
    return transaction.insert(u"INSERT INTO stored_file (kind, name, size, created_ms) VALUES (?, ?, ?, ?) "
                              u"ON CONFLICT (kind, name) DO UPDATE SET size = excluded.size RETURNING id",
                              int(file.kind), file.name, file.size, nowMs);
}

Result<void> addContent(Transaction& transaction, const ContentRow& row, qint64 nowMs)
{
    return execute(transaction,
                   u"INSERT INTO content (sha256, size, file, offset_bytes, created_ms, verified_ms) VALUES "
                   u"(?, ?, ?, ?, ?, ?) "
                   u"ON CONFLICT (sha256) DO UPDATE SET unreferenced_since_ms = NULL",
                   row.sha256, row.size, row.file.id, row.offset, nowMs, nowMs);
}

Result<void> replaceContent(Transaction& transaction, const ContentRow& row, qint64 nowMs)
{
    const auto replaced = execute(
        transaction,
        u"INSERT INTO content (sha256, size, file, offset_bytes, created_ms, verified_ms) VALUES (?, ?, ?, "
        u"?, ?, ?) "
        u"ON CONFLICT (sha256) DO UPDATE SET file = excluded.file, offset_bytes = excluded.offset_bytes, "
        u"xet_file = NULL, verified_ms = excluded.verified_ms, unreferenced_since_ms = NULL",
        row.sha256, row.size, row.file.id, row.offset, nowMs, nowMs);
    return replaced ? deleteXetFilesOf(transaction, row.sha256) : replaced;
}

Result<void> keepContent(Transaction& transaction, const Sha256& sha256)
{
    return execute(transaction,
                   u"UPDATE content SET unreferenced_since_ms = NULL WHERE sha256 = ? AND "
                   u"unreferenced_since_ms IS NOT NULL",
                   sha256);
}

Result<void> keepSoundContent(Transaction& transaction, const Sha256& sha256)
{
    const auto row = findContent(transaction, sha256);
    if (!row)
        return forward(row);
    if (!*row || (*row)->verifiedMs == 0)
        return foundDamaged();
    return keepContent(transaction, sha256);
}

tl::unexpected<Error> foundDamaged()
{
    return fail(ErrorCode::Conflict,
                QStringLiteral("Stored bytes that the upload shares were found to be damaged while it was "
                               "sent; send it once more"));
}

Result<void> markUnreferenced(Transaction& transaction, const Sha256& sha256, qint64 nowMs)
{
    return execute(
        transaction,
        u"UPDATE content SET unreferenced_since_ms = ? WHERE sha256 = ? AND unreferenced_since_ms IS NULL",
        nowMs, sha256);
}

Result<void> markVerified(Transaction& transaction, const Sha256& sha256, qint64 verifiedMs)
{
    return execute(transaction, u"UPDATE content SET verified_ms = ? WHERE sha256 = ?", verifiedMs, sha256);
}

Result<void> noteVerdict(Transaction& transaction, const ContentRow& asRead, qint64 verifiedMs)
{
    return execute(transaction,
                   u"UPDATE content SET verified_ms = ? WHERE sha256 = ? AND file = ? AND offset_bytes = ? "
                   u"AND verified_ms = ?",
                   verifiedMs, asRead.sha256, asRead.file.id, asRead.offset, asRead.verifiedMs);
}

Result<void> distrustFile(Transaction& transaction, qint64 file)
{
    return execute(transaction, u"UPDATE content SET verified_ms = 0 WHERE file = ?", file);
}

Result<std::optional<ContentRow>> deleteUnreferenced(Transaction& transaction, const Sha256& sha256,
                                                     qint64 sinceMs, qint64 segmentedSinceMs)
{
    const auto row = findContent(transaction, sha256);
    if (!row || !*row)
        return row;
    const bool isSegmented = (*row)->isSegmented();
    const auto deleted =
        change(transaction, u"DELETE FROM content WHERE sha256 = ? AND unreferenced_since_ms <= ?", sha256,
               isSegmented ? segmentedSinceMs : sinceMs);
    if (!deleted)
        return forward(deleted);
    if (*deleted == 0)
        return std::nullopt;
    if (isSegmented) {
        if (const auto forgotten = deleteXetFilesOf(transaction, sha256); !forgotten)
            return forward(forgotten);
    }
    return *row;
}

Result<bool> deleteEmptyFile(Transaction& transaction, qint64 file)
{
    const auto deleted = change(transaction,
                                u"DELETE FROM stored_file WHERE id = ? AND NOT EXISTS (SELECT 1 FROM content "
                                u"WHERE content.file = stored_file.id) AND NOT EXISTS (SELECT 1 FROM xorb "
                                u"WHERE xorb.file = stored_file.id)",
                                file);
    if (!deleted)
        return forward(deleted);
    return *deleted == 1;
}

Result<bool> moveContent(Transaction& transaction, const Sha256& sha256, qint64 fromFile, qint64 toFile,
                         qint64 offset)
{
    const auto moved =
        change(transaction, u"UPDATE content SET file = ?, offset_bytes = ? WHERE sha256 = ? AND file = ?",
               toFile, offset, sha256, fromFile);
    if (!moved)
        return forward(moved);
    return *moved == 1;
}

Result<std::vector<ContentRow>> contentsOf(Transaction& transaction, const StoredFile& file)
{
    return selectAll(transaction, CONTENT_COLUMNS u"WHERE c.file = ? ORDER BY c.offset_bytes", readContent,
                     file.id);
}

Result<std::vector<PackRow>> packs(Transaction& transaction)
{
    return selectAll(
        transaction,
        u"SELECT f.id, f.kind, f.name, f.size, CAST(coalesce(sum(c.size), 0) AS BIGINT), "
        u"count(c.sha256) FROM stored_file f LEFT JOIN content c ON c.file = f.id "
        u"WHERE f.kind = ? GROUP BY f.id, f.kind, f.name, f.size ORDER BY f.id",
        [](const Query& query) {
            return PackRow{readFile(query, 0), query.integer(4), query.integer(5)};
        },
        int(FileKind::Pack));
}

Result<std::vector<StoredFile>> filesAfter(Transaction& transaction, qint64 after, int limit)
{
    return selectAll(
        transaction,
        u"SELECT f.id, f.kind, f.name, f.size FROM stored_file f WHERE f.id > ? ORDER BY f.id LIMIT ?",
        [](const Query& query) { return readFile(query, 0); }, after, limit);
}

Result<std::vector<ContentRow>> contentsAfter(Transaction& transaction, const ContentRow& last, int limit)
{
    return selectAll(transaction,
                     CONTENT_COLUMNS u"WHERE (c.file, c.offset_bytes, c.sha256) > (?, ?, ?) "
                                     u"ORDER BY c.file, c.offset_bytes, c.sha256 LIMIT ?",
                     readContent, last.file.id, last.offset, last.sha256, limit);
}

Result<std::vector<ContentRow>> contentsVerifiedAfter(Transaction& transaction, const ContentRow& last,
                                                      qint64 beforeMs, int limit)
{
    return selectAll(transaction,
                     CONTENT_COLUMNS u"WHERE (c.verified_ms, c.sha256) > (?, ?) AND c.verified_ms < ? "
                                     u"AND c.verified_ms > 0 AND c.file IS NOT NULL ORDER BY c.verified_ms, "
                                     u"c.sha256 LIMIT ?",
                     readContent, last.verifiedMs, last.sha256, beforeMs, limit);
}

Result<std::vector<std::pair<Sha256, qint64>>> damagedContents(Transaction& transaction)
{
    return selectAll(transaction, u"SELECT sha256, size FROM content WHERE verified_ms = 0 ORDER BY sha256",
                     [](const Query& query) { return std::pair(query.digest<Sha256>(0), query.integer(1)); });
}

Result<qint64> mark(Transaction& transaction, const QString& name)
{
    Query query = transaction.query(u"SELECT value FROM store_mark WHERE name = ?");
    if (const auto run = query.run(name); !run)
        return forward(run);
    return query.next() ? query.integer(0) : 0;
}

Result<void> setMark(Transaction& transaction, const QString& name, qint64 value)
{
    return execute(transaction,
                   u"INSERT INTO store_mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
                   u"value = excluded.value",
                   name, value);
}

Result<Totals> totals(Transaction& transaction)
{
    Query query =
        transaction.query(u"SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT), "
                          u"(SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM stored_file), "
                          u"(SELECT CAST(coalesce(sum(raw_bytes), 0) AS BIGINT) FROM xorb), "
                          u"CAST(coalesce(sum(CASE WHEN xet_file IS NULL THEN size END), 0) AS BIGINT), "
                          u"count(CASE WHEN verified_ms = 0 THEN 1 END) FROM content");
    if (const auto run = query.run(); !run)
        return forward(run);
    if (!query.next())
        return fail(ErrorCode::Database, QStringLiteral("The database gave no totals"));
    return Totals{query.integer(0), query.integer(1), query.integer(2),
                  query.integer(3), query.integer(4), query.integer(5)};
}

#undef CONTENT_COLUMNS

} // namespace hublet::store::queries
