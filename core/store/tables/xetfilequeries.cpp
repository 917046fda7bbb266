// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/xetfilequeries.h"

#include "core/db/statements.h"
#include "core/store/tables/contentqueries.h"
#include "core/store/tables/xorbrow.h"

namespace hublet::store::queries {

namespace {

using db::Query;
using db::Transaction;

XetFileRow readXetFile(const Query& query)
{
    return {query.integer(0), *XetHash::fromBytes(query.bytes(1)), query.digest<Sha256>(2), query.integer(3)};
}

/// Conflict when a term holds damage: the terms were chosen before, and verify may have found it since.
Result<qint64> addTerms(Transaction& transaction, qint64 xetFile, const std::vector<StoredTerm>& terms)
{
    qint64 position = 0;
    for (const StoredTerm& term : terms) {
        const auto added = execute(
            transaction,
            u"INSERT INTO xet_term (xet_file, position, xorb, chunk_start, chunk_end, raw_start, raw_bytes) "
            u"VALUES (?, ?, ?, ?, ?, ?, ?)",
            xetFile, position++, term.xorb.id, qint64(term.chunkStart), qint64(term.chunkEnd), term.rawStart,
            term.rawBytes);
        if (!added)
            return forward(added);
    }
    const auto damaged = isDamaged(transaction, xetFile);
    if (!damaged)
        return forward(damaged);
    return *damaged ? Result<qint64>(foundDamaged()) : Result<qint64>(xetFile);
}

} // namespace

Result<std::optional<XetFileRow>> findXetFile(Transaction& transaction, const XetHash& hash)
{
    return selectOne(transaction, u"SELECT id, hash, sha256, size FROM xet_file WHERE hash = ?", readXetFile,
                     hash.toBytes());
}

Result<std::optional<XetFileRow>> findSoundXetFileOf(Transaction& transaction, const Sha256& sha256)
{
    return selectOne(transaction,
                     u"SELECT f.id, f.hash, f.sha256, f.size FROM content c "
                     u"JOIN xet_file f ON f.id = c.xet_file WHERE c.sha256 = ? AND c.verified_ms <> 0",
                     readXetFile, sha256);
}

Result<std::vector<StoredTerm>> termsOf(Transaction& transaction, qint64 xetFile)
{
    return selectAll(
        transaction,
        u"SELECT f.id, f.kind, f.name, f.size, t.chunk_start, t.chunk_end, t.raw_start, t.raw_bytes "
        u"FROM xet_term t JOIN stored_file f ON f.id = t.xorb WHERE t.xet_file = ? ORDER BY t.position",
        [](const Query& query) {
            return StoredTerm{readFile(query, 0), quint32(query.integer(4)), quint32(query.integer(5)),
                              query.integer(6), query.integer(7)};
        },
        xetFile);
}

Result<bool> isDamaged(Transaction& transaction, qint64 xetFile)
{
    Query query = transaction.query(
        u"SELECT d.position FROM xet_term t JOIN damaged_chunk d ON d.xorb = t.xorb AND "
        u"d.position >= t.chunk_start AND d.position < t.chunk_end WHERE t.xet_file = ? LIMIT 1");
    if (const auto run = query.run(xetFile); !run)
        return forward(run);
    return query.next();
}

Result<qint64> addXetFile(Transaction& transaction, const XetFileRow& file,
                          const std::vector<StoredTerm>& terms, qint64 nowMs)
{
    const auto known = findXetFile(transaction, file.hash);
    if (!known)
        return forward(known);
    if (!*known) {
        const auto id = transaction.insert(
            u"INSERT INTO xet_file (hash, sha256, size, created_ms, touched_ms) VALUES (?, ?, ?, ?, ?) "
            u"RETURNING id",
            file.hash.toBytes(), file.sha256, file.size, nowMs, nowMs);
        if (!id)
            return id;
        return addTerms(transaction, *id, terms);
    }
    const qint64 id = (*known)->id;
    const auto touched = execute(transaction, u"UPDATE xet_file SET touched_ms = ? WHERE id = ?", nowMs, id);
    if (!touched)
        return forward(touched);
    const auto damaged = isDamaged(transaction, id);
    if (!damaged)
        return forward(damaged);
    if (!*damaged)
        return id;
    if (const auto deleted = execute(transaction, u"DELETE FROM xet_term WHERE xet_file = ?", id); !deleted)
        return forward(deleted);
    return addTerms(transaction, id, terms);
}

Result<std::optional<StoredFile>> useXetFile(Transaction& transaction, const Sha256& sha256, qint64 size,
                                             qint64 xetFile, qint64 nowMs)
{
    const auto known = findContent(transaction, sha256);
    if (!known)
        return forward(known);
    if (*known && (*known)->xetFile != 0 && (*known)->verifiedMs != 0) {
        const auto kept = keepContent(transaction, sha256);
        return kept ? Result<std::optional<StoredFile>>(std::nullopt) : forward(kept);
    }
    const auto done = execute(
        transaction,
        u"INSERT INTO content (sha256, size, xet_file, created_ms, verified_ms) VALUES (?, ?, ?, ?, ?) "
        u"ON CONFLICT (sha256) DO UPDATE SET file = NULL, offset_bytes = NULL, "
        u"xet_file = excluded.xet_file, verified_ms = excluded.verified_ms, unreferenced_since_ms = NULL",
        sha256, size, xetFile, nowMs, nowMs);
    if (!done)
        return forward(done);
    return *known && (*known)->xetFile == 0 ? std::optional((*known)->file) : std::nullopt;
}

Result<void> deleteXetFilesOf(Transaction& transaction, const Sha256& sha256)
{
    return execute(transaction, u"DELETE FROM xet_file WHERE sha256 = ?", sha256);
}

Result<std::vector<XorbUse>> usesOfXorb(Transaction& transaction, qint64 xorb, int limit)
{
    return selectAll(
        transaction,
        u"SELECT f.sha256, t.chunk_start, t.chunk_end FROM xet_term t JOIN xet_file f ON f.id = t.xet_file "
        u"WHERE t.xorb = ? LIMIT ?",
        [](const Query& query) {
            return XorbUse{query.digest<Sha256>(0), quint32(query.integer(1)), quint32(query.integer(2))};
        },
        xorb, limit);
}

} // namespace hublet::store::queries
