// SPDX-License-Identifier: Apache-2.0
#include "core/store/xetstore.h"

#include "core/store/context/storecontext.h"
#include "core/store/intake/shardregistrar.h"
#include "core/store/tables/xorbqueries.h"
#include "core/store/tables/xorbrecords.h"
#include "core/xet/chunkrecord.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace hublet::store {

namespace {

constexpr int MaxPlaces = 8;             ///< of one chunk that a query looks at
constexpr int MaxUses = 16'384;          ///< terms over one xorb that a query looks at
constexpr std::size_t MaxContents = 256; ///< of one xorb that a query asks about
constexpr std::size_t MaxHeldXorbs = 64; ///< by one request: 20 MiB at most
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

/// Remembers some of the xorbs that it was asked for.
class HeldXorbs {
public:
    explicit HeldXorbs(const XetStore& store) : m_store(store) {}
    /// Valid until the next call.
    Result<const XorbIndex*> index(const XetHash& hash)
    {
        auto known = m_xorbs.find(hash);
        if (known == m_xorbs.end()) {
            auto xorb = m_store.xorb(hash);
            if (!xorb)
                return forward(xorb);
            if (m_xorbs.size() == MaxHeldXorbs)
                m_xorbs.clear();
            known = m_xorbs.emplace(hash, std::move(*xorb)).first;
        }
        return &known->second->index;
    }

private:
    const XetStore& m_store;
    std::unordered_map<XetHash, std::shared_ptr<const StoredXorb>> m_xorbs;
};

bool hasChunkAt(const XorbIndex& index, quint32 position, const XetHash& chunk)
{
    return position < index.count() && index.chunks()[position].hash == chunk;
}

/// Which of the xorb's chunks are in a content that may be seen.
std::vector<bool> shownChunks(quint32 count, const std::vector<queries::XorbUse>& uses,
                              const std::function<bool(const Sha256& content)>& maySee)
{
    std::vector<bool> shown(count);
    std::unordered_map<Sha256, bool> asked;
    for (const queries::XorbUse& use : uses) {
        auto answer = asked.find(use.content);
        if (answer == asked.end() && asked.size() < MaxContents)
            answer = asked.emplace(use.content, maySee(use.content)).first;
        if (answer == asked.end() || !answer->second)
            continue;
        const quint32 end = std::min(use.chunkEnd, count);
        for (quint32 position = use.chunkStart; position < end; ++position)
            shown[position] = true;
    }
    return shown;
}

class OffsetTable : public xet::XorbOffsets {
public:
    explicit OffsetTable(const XetStore& store) : m_xorbs(store) {}
    Result<qint64> rawOffset(const XetHash& hash, quint32 position) override
    {
        const auto index = m_xorbs.index(hash);
        if (!index)
            return forward(index);
        if (position > (*index)->count())
            return fail(ErrorCode::Corrupt, QStringLiteral("A term lies outside its xorb"));
        return (*index)->rawOffset(position);
    }

private:
    HeldXorbs m_xorbs;
};

class ChunkTable : public xet::TermChunks {
public:
    explicit ChunkTable(const XetStore& store) : m_xorbs(store) {}
    Result<std::span<const xet::Chunk>> chunks(const xet::Term& term) override
    {
        const auto index = m_xorbs.index(term.xorb);
        if (!index)
            return forward(index);
        if (term.chunkStart > term.chunkEnd || term.chunkEnd > (*index)->count())
            return fail(ErrorCode::Corrupt, QStringLiteral("A term lies outside its xorb"));
        return (*index)->chunks(term.chunkStart, term.chunkEnd);
    }

private:
    HeldXorbs m_xorbs;
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

Result<bool> XetStore::isSeen(const XetHash& hash,
                              const std::function<bool(const Sha256& content)>& maySee) const
{
    const auto row = findXorb(m_context.database, hash);
    if (!row)
        return row.error().code() == ErrorCode::NotFound ? Result<bool>(false) : forward(row);
    const auto uses = m_context.database.read([&](db::Transaction& transaction) {
        return queries::usesOfXorb(transaction, row->file.id, MaxUses);
    });
    if (!uses)
        return forward(uses);
    std::unordered_set<Sha256> asked;
    for (const queries::XorbUse& use : *uses) {
        if (asked.contains(use.content))
            continue;
        if (asked.size() == MaxContents)
            return false;
        asked.insert(use.content);
        if (maySee(use.content))
            return true;
    }
    return false;
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

Result<std::optional<XetStore::FoundChunk>>
XetStore::findChunk(const XetHash& chunk, const std::function<bool(const Sha256& content)>& maySee)
{
    const auto places = m_context.database.read(
        [&](db::Transaction& transaction) { return queries::findChunk(transaction, chunk, MaxPlaces); });
    if (!places)
        return forward(places);
    for (const queries::ChunkPlace& place : *places) {
        const auto uses = m_context.database.read([&](db::Transaction& transaction) {
            return queries::usesOfXorb(transaction, place.xorb.id, MaxUses);
        });
        if (!uses)
            return forward(uses);
        const auto use = std::ranges::find_if(*uses, [&](const queries::XorbUse& candidate) {
            return candidate.contains(place.position) && maySee(candidate.content);
        });
        if (use == uses->end())
            continue;
        const LeaseHold lease(m_context.leases, place.xorb.name);
        const auto row = findXorb(m_context.database, xorbHashOf(place.xorb.name));
        if (!row || !row->isUsable())
            continue;
        auto stored = m_context.openXorb(row->file);
        if (!stored || !hasChunkAt((*stored)->index, place.position, chunk))
            continue;
        const qint64 nowMs = m_context.clock.nowMs();
        if (nowMs - row->touchedMs >= TouchIntervalMs) {
            const auto touched = m_context.database.write([&](db::Transaction& transaction) {
                return queries::touchXorb(transaction, row->file.id, nowMs);
            });
            if (!touched)
                return forward(touched);
        }
        auto shown = shownChunks((*stored)->index.count(), *uses, maySee);
        return FoundChunk{std::move(*stored), use->content, std::move(shown)};
    }
    return std::nullopt;
}

} // namespace hublet::store
