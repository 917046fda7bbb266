// SPDX-License-Identifier: Apache-2.0
#include "core/store/xetstore.h"

#include "core/store/context/storecontext.h"
#include "core/store/intake/shardregistrar.h"
#include "core/store/tables/xorbqueries.h"
#include "core/store/tables/xorbrecords.h"
#include "core/xet/chunkrecord.h"

namespace hublet::store {

namespace {

constexpr int MaxPlaces = 8;     ///< of one chunk that a query looks at
constexpr int MaxContents = 256; ///< of one xorb that a query asks about
constexpr std::size_t MaxHeldXorbs = 64; ///< by one ChunkTable: 20 MiB at most
/// Dedup answers note that they were given at most this often for one xorb.
constexpr qint64 TouchIntervalMs = 3600LL * 1000;

/// A file, checked to be whole.
Result<XetFileRow> findSound(db::Transaction& transaction, const XetHash& hash)
{
    const auto file = queries::findXetFile(transaction, hash);
    if (!file)
        return forward(file);
    if (!*file)
        return fail(ErrorCode::NotFound, QStringLiteral("There is no such file"));
    const auto damaged = queries::isDamaged(transaction, (*file)->id);
    if (!damaged)
        return forward(damaged);
    if (*damaged)
        return fail(ErrorCode::Corrupt, QStringLiteral("Stored bytes of this file are damaged"));
    return **file;
}

Result<XorbRow> findXorb(const db::Database& database, const XetHash& hash)
{
    const auto row =
        database.read([&](db::Transaction& transaction) { return queries::findXorb(transaction, hash); });
    if (!row)
        return forward(row);
    if (!*row)
        return fail(ErrorCode::NotFound, QStringLiteral("There is no such xorb"));
    return **row;
}

/// A row whose file is gone is damage, not absence.
template <typename T>
Result<T> orCorrupt(Result<T> result)
{
    if (!result && result.error().code() == ErrorCode::NotFound)
        return fail(ErrorCode::Corrupt, QStringLiteral("The bytes of a xorb are missing"));
    return result;
}

class OffsetTable : public xet::XorbOffsets {
public:
    explicit OffsetTable(const XetStore& store) : m_store(store) {}
    Result<qint64> rawOffset(const XetHash& hash, quint32 index) override
    {
        auto known = m_xorbs.find(hash);
        if (known == m_xorbs.end()) {
            auto xorb = m_store.xorb(hash);
            if (!xorb)
                return forward(xorb);
            known = m_xorbs.emplace(hash, std::move(*xorb)).first;
        }
        if (index > known->second->index.count())
            return fail(ErrorCode::Corrupt, QStringLiteral("A term lies outside its xorb"));
        return known->second->index.rawOffset(index);
    }

private:
    const XetStore& m_store;
    std::unordered_map<XetHash, std::shared_ptr<const StoredXorb>> m_xorbs;
};

class ChunkTable : public xet::TermChunks {
public:
    explicit ChunkTable(const XetStore& store) : m_store(store) {}
    Result<std::span<const xet::Chunk>> chunks(const xet::Term& term) override
    {
        auto known = m_xorbs.find(term.xorb);
        if (known == m_xorbs.end()) {
            auto xorb = m_store.xorb(term.xorb);
            if (!xorb)
                return forward(xorb);
            if (m_xorbs.size() == MaxHeldXorbs)
                m_xorbs.clear();
            known = m_xorbs.emplace(term.xorb, std::move(*xorb)).first;
        }
        const XorbIndex& index = known->second->index;
        if (term.chunkStart > term.chunkEnd || term.chunkEnd > index.count())
            return fail(ErrorCode::Corrupt, QStringLiteral("A term lies outside its xorb"));
        return index.chunks(term.chunkStart, term.chunkEnd);
    }

private:
    const XetStore& m_store;
    std::unordered_map<XetHash, std::shared_ptr<const StoredXorb>> m_xorbs; ///< some of those asked for
};

} // namespace

Result<std::optional<XetHash>> XetStore::fileOf(const Sha256& content) const
{
    const auto files = filesOf({&content, 1});
    return files ? Result<std::optional<XetHash>>(files->front()) : forward(files);
}

Result<std::vector<std::optional<XetHash>>> XetStore::filesOf(std::span<const Sha256> contents) const
{
    return m_context.database.read(
        [&](db::Transaction& transaction) -> Result<std::vector<std::optional<XetHash>>> {
            std::vector<std::optional<XetHash>> files;
            files.reserve(contents.size());
            for (const Sha256& content : contents) {
                const auto file = queries::findSoundXetFileOf(transaction, content);
                if (!file)
                    return forward(file);
                files.push_back(*file ? std::optional((*file)->hash) : std::nullopt);
            }
            return files;
        });
}

Result<XetStore::File> XetStore::file(const XetHash& hash) const
{
    const auto row =
        m_context.database.read([&](db::Transaction& transaction) { return findSound(transaction, hash); });
    if (!row)
        return forward(row);
    return File{row->hash, row->sha256, row->size};
}

Result<std::vector<xet::Term>> XetStore::terms(const XetHash& hash) const
{
    return m_context.database.read([&](db::Transaction& transaction) -> Result<std::vector<xet::Term>> {
        const auto file = findSound(transaction, hash);
        if (!file)
            return forward(file);
        const auto stored = queries::termsOf(transaction, file->id);
        if (!stored)
            return forward(stored);
        std::vector<xet::Term> terms;
        terms.reserve(stored->size());
        for (const StoredTerm& term : *stored)
            terms.push_back(term.term());
        return terms;
    });
}

Result<Content> XetStore::open(const XetHash& hash) const
{
    std::vector<StoredTerm> terms;
    const auto file = m_context.database.read([&](db::Transaction& transaction) -> Result<XetFileRow> {
        auto row = findSound(transaction, hash);
        if (!row)
            return row;
        auto stored = queries::termsOf(transaction, row->id);
        if (!stored)
            return forward(stored);
        terms = std::move(*stored);
        return row;
    });
    if (!file)
        return forward(file);
    auto extents = orCorrupt(m_context.extentsOf(terms));
    if (!extents)
        return forward(extents);
    return Content{file->sha256, file->size, std::move(*extents)};
}

Result<std::optional<qint64>> XetStore::xorbSize(const XetHash& hash) const
{
    const auto row = findXorb(m_context.database, hash);
    if (!row && row.error().code() != ErrorCode::NotFound)
        return forward(row);
    if (!row || !row->isUsable())
        return std::nullopt;
    return xet::recordOffset(row->rawBytes, row->chunkCount);
}

Result<std::shared_ptr<const StoredXorb>> XetStore::xorb(const XetHash& hash) const
{
    const auto row = findXorb(m_context.database, hash);
    return row ? orCorrupt(m_context.openXorb(row->file)) : forward(row);
}

std::unique_ptr<xet::XorbOffsets> XetStore::offsets() const
{
    return std::make_unique<OffsetTable>(*this);
}

std::unique_ptr<xet::TermChunks> XetStore::chunks() const
{
    return std::make_unique<ChunkTable>(*this);
}

Result<XetStore::Records> XetStore::records(const XetHash& hash, ByteRange range) const
{
    const auto row = findXorb(m_context.database, hash);
    if (!row)
        return forward(row);
    const auto stored = orCorrupt(m_context.openXorb(row->file));
    if (!stored)
        return forward(stored);
    const XorbIndex& index = (*stored)->index;
    Records records{{}, recordStreamBytes(index)};
    if (range.first < 0 || range.last < range.first || range.last >= records.streamBytes)
        return fail(ErrorCode::RangeNotSatisfiable, QStringLiteral("The range lies outside the xorb"));
    if (row->verifiedMs == 0) {
        const ChunkRange chunks = chunksOfRecords(index, range);
        const auto damaged = m_context.database.read([&](db::Transaction& transaction) {
            return queries::hasDamage(transaction, row->file.id, chunks.start, chunks.end);
        });
        if (!damaged)
            return forward(damaged);
        if (*damaged)
            return fail(ErrorCode::Corrupt, QStringLiteral("Stored chunks of this xorb are damaged"));
    }
    const auto file = orCorrupt(m_context.openFile(row->file));
    if (!file)
        return forward(file);
    auto extents = recordExtents(index, *file, range);
    if (!extents)
        return forward(extents);
    records.extents = std::move(*extents);
    return records;
}

Result<XorbUpload> XetStore::putXorb(const XetHash& announced, RawBytesCheck mayHold)
{
    return XorbUpload::begin(m_context, announced, std::move(mayHold));
}

Result<void> XetStore::checkSpace(qint64 bytes) const
{
    return m_context.checkSpace(bytes);
}

Result<ShardOutcome> XetStore::registerShard(QByteArrayView body, const RecordWithFiles& alsoRecord,
                                             const ProgressFunction& progress, const CancelToken& cancel)
{
    auto shard = xet::ShardReader::open(body);
    if (!shard)
        return forward(shard);
    return ShardRegistrar(m_context, progress, cancel).run(std::move(*shard), alsoRecord);
}

Result<std::shared_ptr<const StoredXorb>>
XetStore::findChunk(const XetHash& chunk, const std::function<bool(const Sha256& content)>& maySee)
{
    struct Candidate {
        StoredFile xorb;
        std::vector<Sha256> contents;
    };
    const auto candidates =
        m_context.database.read([&](db::Transaction& transaction) -> Result<std::vector<Candidate>> {
            const auto places = queries::findChunk(transaction, chunk, MaxPlaces);
            if (!places)
                return forward(places);
            std::vector<Candidate> found;
            for (const queries::ChunkPlace& place : *places) {
                auto contents = queries::contentsOfXorb(transaction, place.xorb.id, MaxContents);
                if (!contents)
                    return forward(contents);
                found.push_back({place.xorb, std::move(*contents)});
            }
            return found;
        });
    if (!candidates)
        return forward(candidates);
    for (const auto& [candidate, contents] : *candidates) {
        if (std::none_of(contents.begin(), contents.end(), maySee))
            continue;
        const LeaseHold lease(m_context.leases, candidate.name);
        const auto row = findXorb(m_context.database, xorbHashOf(candidate.name));
        if (!row || !row->isUsable())
            continue;
        auto stored = m_context.openXorb(row->file);
        if (!stored || !(*stored)->index.contains(chunk))
            continue;
        const qint64 nowMs = m_context.clock.nowMs();
        if (nowMs - row->touchedMs >= TouchIntervalMs) {
            const auto touched = m_context.database.write([&](db::Transaction& transaction) {
                return queries::touchXorb(transaction, row->file.id, nowMs);
            });
            if (!touched)
                return forward(touched);
        }
        return stored;
    }
    return std::shared_ptr<const StoredXorb>();
}

} // namespace hublet::store
