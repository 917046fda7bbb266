// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/xorbqueries.h"

#include "core/db/statements.h"
#include "core/store/tables/contentqueries.h"
#include "core/store/tables/xorbrow.h"

namespace hublet::store::queries {

namespace {

using db::Query;
using db::Transaction;

/// The first word of a hash as the database's signed number.
qint64 prefixOf(const XetHash& chunk)
{
    return qint64(chunk.word(0));
}

/// Contents with a damaged chunk of this xorb in their terms.
Result<std::vector<std::pair<Sha256, qint64>>> contentsHurtBy(Transaction& transaction, qint64 file)
{
    return selectAll(
        transaction,
        u"SELECT DISTINCT c.sha256, c.size FROM damaged_chunk d "
        u"JOIN xet_term t ON t.xorb = d.xorb AND t.chunk_start <= d.position AND t.chunk_end > d.position "
        u"JOIN content c ON c.xet_file = t.xet_file WHERE d.xorb = ?",
        [](const Query& query) { return std::pair(query.digest<Sha256>(0), query.integer(1)); }, file);
}

/// Contents that this xorb had damaged and no other has.
Result<void> trustContents(Transaction& transaction, qint64 file, qint64 nowMs)
{
    return execute(
        transaction,
        u"UPDATE content SET verified_ms = ? WHERE verified_ms = 0 AND xet_file IN (SELECT xet_file FROM "
        u"xet_term WHERE xorb = ?) AND NOT EXISTS (SELECT 1 FROM xet_term t JOIN damaged_chunk d ON "
        u"d.xorb = t.xorb AND d.position >= t.chunk_start AND d.position < t.chunk_end "
        u"WHERE t.xet_file = content.xet_file)",
        nowMs, file);
}

Result<void> markXorbVerified(Transaction& transaction, qint64 file, qint64 nowMs)
{
    return execute(transaction, u"UPDATE xorb SET verified_ms = ? WHERE file = ?", nowMs, file);
}

Result<void> clearDamage(Transaction& transaction, qint64 file)
{
    return execute(transaction, u"DELETE FROM damaged_chunk WHERE xorb = ?", file);
}

} // namespace

Result<std::optional<XorbRow>> findXorb(Transaction& transaction, const XetHash& hash)
{
    return selectOne(transaction, HUBLET_XORB_COLUMNS u"WHERE f.kind = ? AND f.name = ?", readXorb,
                     int(FileKind::Xorb), fileNameOf(hash));
}

Result<std::optional<XorbRow>> findXorb(Transaction& transaction, qint64 file)
{
    return selectOne(transaction, HUBLET_XORB_COLUMNS u"WHERE x.file = ?", readXorb, file);
}

Result<qint64> addXorb(Transaction& transaction, const StoredFile& file, const XorbIndex& index, qint64 nowMs)
{
    const auto id = addFile(transaction, file, nowMs);
    if (!id)
        return id;
    const auto known = findXorb(transaction, *id);
    if (!known)
        return forward(known);
    if (*known && (*known)->isUsable()) {
        const auto touched = touchXorb(transaction, *id, nowMs);
        return touched ? id : forward(touched);
    }
    const auto added = execute(
        transaction,
        u"INSERT INTO xorb (file, chunk_count, raw_bytes, touched_ms, verified_ms) VALUES (?, ?, ?, ?, ?) "
        u"ON CONFLICT (file) DO UPDATE SET touched_ms = excluded.touched_ms, "
        u"verified_ms = excluded.verified_ms, dying_since_ms = NULL",
        *id, qint64(index.count()), index.rawBytes(), nowMs, nowMs);
    if (!added)
        return forward(added);
    if (const auto chunks = addChunks(transaction, *id, index); !chunks)
        return forward(chunks);
    if (!*known)
        return id;
    if (const auto cleared = clearDamage(transaction, *id); !cleared)
        return forward(cleared);
    const auto trusted = trustContents(transaction, *id, nowMs);
    return trusted ? id : forward(trusted);
}

Result<void> touchXorb(Transaction& transaction, qint64 file, qint64 nowMs)
{
    return execute(transaction, u"UPDATE xorb SET touched_ms = ? WHERE file = ?", nowMs, file);
}

Result<void> addChunks(Transaction& transaction, qint64 file, const XorbIndex& index)
{
    Query insert = transaction.query(u"INSERT INTO xorb_chunk (prefix, xorb, position) VALUES (?, ?, ?) "
                                     u"ON CONFLICT (prefix, xorb, position) DO NOTHING");
    for (quint32 i = 0; i < index.count(); ++i) {
        if (const auto added = insert.run(prefixOf(index.chunks()[i].hash), file, qint64(i)); !added)
            return added;
    }
    return {};
}

Result<void> removeChunks(Transaction& transaction, qint64 file, const XorbIndex* index)
{
    if (!index)
        return execute(transaction, u"DELETE FROM xorb_chunk WHERE xorb = ?", file);
    Query remove = transaction.query(u"DELETE FROM xorb_chunk WHERE prefix = ? AND xorb = ?");
    for (const xet::Chunk& chunk : index->chunks()) {
        if (const auto removed = remove.run(prefixOf(chunk.hash), file); !removed)
            return removed;
    }
    return {};
}

Result<std::vector<std::vector<ChunkPlace>>> findChunks(Transaction& transaction,
                                                        const std::vector<xet::Chunk>& chunks, int limit)
{
    Query query = transaction.query(u"SELECT f.id, f.kind, f.name, f.size, p.position FROM xorb_chunk p "
                                    u"JOIN stored_file f ON f.id = p.xorb WHERE p.prefix = ? LIMIT ?");
    std::vector<std::vector<ChunkPlace>> found(chunks.size());
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        if (const auto run = query.run(prefixOf(chunks[i].hash), limit); !run)
            return forward(run);
        while (query.next())
            found[i].push_back({readFile(query, 0), quint32(query.integer(4))});
    }
    return found;
}

Result<std::vector<ChunkPlace>> findChunk(Transaction& transaction, const XetHash& chunk, int limit)
{
    auto found = findChunks(transaction, {{chunk, 0}}, limit);
    if (!found)
        return forward(found);
    return std::move(found->front());
}

Result<std::vector<std::pair<Sha256, qint64>>> noteDamage(Transaction& transaction, const XorbRow& xorb,
                                                          const std::vector<quint32>& positions,
                                                          const XorbIndex* index)
{
    const qint64 file = xorb.file.id;
    for (const quint32 position : positions) {
        const auto noted = execute(transaction,
                                   u"INSERT INTO damaged_chunk (xorb, position) VALUES (?, ?) "
                                   u"ON CONFLICT (xorb, position) DO NOTHING",
                                   file, qint64(position));
        if (!noted)
            return forward(noted);
    }
    if (const auto marked = markXorbVerified(transaction, file, 0); !marked)
        return forward(marked);
    if (const auto removed = removeChunks(transaction, file, index); !removed)
        return forward(removed);
    const auto contents = contentsHurtBy(transaction, file);
    if (!contents)
        return contents;
    for (const auto& [sha256, size] : *contents) {
        if (const auto marked = markVerified(transaction, sha256, 0); !marked)
            return forward(marked);
    }
    return contents;
}

Result<bool> hasDamage(Transaction& transaction, qint64 file, quint32 start, quint32 end)
{
    Query query = transaction.query(
        u"SELECT position FROM damaged_chunk WHERE xorb = ? AND position >= ? AND position < ? LIMIT 1");
    if (const auto run = query.run(file, qint64(start), qint64(end)); !run)
        return forward(run);
    return query.next();
}

Result<void> markXorbSound(Transaction& transaction, qint64 file, qint64 nowMs)
{
    const auto cleared = clearDamage(transaction, file);
    return cleared ? markXorbVerified(transaction, file, nowMs) : cleared;
}

Result<std::vector<XorbRow>> xorbsAfter(Transaction& transaction, const XorbRow& last, int limit)
{
    return selectAll(transaction, HUBLET_XORB_COLUMNS u"WHERE x.file > ? ORDER BY x.file LIMIT ?", readXorb,
                     last.file.id, limit);
}

Result<std::vector<XorbRow>> xorbsVerifiedAfter(Transaction& transaction, const XorbRow& last,
                                                qint64 beforeMs, int limit)
{
    return selectAll(transaction,
                     HUBLET_XORB_COLUMNS u"WHERE (x.verified_ms, x.file) > (?, ?) AND x.verified_ms < ? "
                                         u"AND x.verified_ms > 0 ORDER BY x.verified_ms, x.file LIMIT ?",
                     readXorb, last.verifiedMs, last.file.id, beforeMs, limit);
}

} // namespace hublet::store::queries
