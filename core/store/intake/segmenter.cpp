// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/segmenter.h"

#include <utility>

namespace hublet::store {

namespace {

constexpr std::size_t BatchChunks = 64;
constexpr qint64 BatchBytes = 1LL << 20;
constexpr int MaxPlaces = 8; ///< of one chunk that are looked at

} // namespace

void Segmenter::Held::add(const xet::Chunk& chunk, QByteArrayView payload)
{
    chunks.push_back(chunk);
    bytes += payload;
}

void Segmenter::Held::clear()
{
    chunks.clear();
    bytes.resize(0);
}

Result<void> Segmenter::addChunk(const xet::Chunk& chunk, QByteArrayView payload)
{
    if (m_batch.bytes.capacity() == 0)
        m_batch.bytes.reserve(BatchBytes + xet::MaxChunkBytes);
    m_batch.add(chunk, payload);
    return m_batch.chunks.size() >= BatchChunks || m_batch.bytes.size() >= BatchBytes ? drain()
                                                                                      : Result<void>();
}

Result<void> Segmenter::drain()
{
    if (m_batch.chunks.empty())
        return {};
    const auto places = m_state.context.database.read([this](db::Transaction& transaction) {
        return queries::findChunks(transaction, m_batch.chunks, MaxPlaces);
    });
    if (!places)
        return forward(places);
    qsizetype at = 0;
    for (std::size_t i = 0; i < m_batch.chunks.size(); ++i) {
        const xet::Chunk& chunk = m_batch.chunks[i];
        const auto payload = QByteArrayView(m_batch.bytes).sliced(at, chunk.bytes);
        if (const auto placed = place(chunk, payload, (*places)[i]); !placed)
            return placed;
        at += chunk.bytes;
    }
    m_batch.clear();
    return {};
}

Result<void> Segmenter::place(const xet::Chunk& chunk, QByteArrayView payload,
                              const std::vector<queries::ChunkPlace>& places)
{
    if (!m_runs.empty()) {
        std::vector<Run> going;
        for (const Run& run : m_runs) {
            if (continues(run, chunk))
                going.push_back(run);
        }
        if (!going.empty()) {
            m_runs = std::move(going);
            extendRun(chunk, payload);
            return {};
        }
        if (const auto ended = endRun(false); !ended)
            return ended;
    }
    auto runs = runsFrom(chunk, places);
    if (!runs)
        return forward(runs);
    if (runs->empty())
        return store(chunk, payload);
    m_runs = std::move(*runs);
    extendRun(chunk, payload);
    return {};
}

Result<std::vector<Segmenter::Run>> Segmenter::runsFrom(const xet::Chunk& chunk,
                                                        const std::vector<queries::ChunkPlace>& places)
{
    std::vector<Run> runs;
    for (const queries::ChunkPlace& found : places) {
        const auto usable = mayUse(found.xorb);
        if (!usable)
            return forward(usable);
        if (!*usable)
            continue;
        auto xorb = m_state.context.openXorb(found.xorb);
        if (!xorb)
            continue; // damaged since it was verified: what cannot be read is no reason to refuse an upload
        const Run run{std::move(*xorb), 0, found.position};
        if (continues(run, chunk))
            runs.push_back(run);
    }
    if (const auto own = m_xorbs.find(chunk.hash))
        runs.push_back({nullptr, own->xorb, own->position});
    return runs;
}

const XorbIndex* Segmenter::indexOf(const Run& run) const
{
    return run.stored ? &run.stored->index : m_xorbs.index(run.newXorb);
}

bool Segmenter::continues(const Run& run, const xet::Chunk& chunk) const
{
    const quint32 next = run.start + m_runLength;
    const XorbIndex* const index = indexOf(run);
    return index && next < index->count() && index->chunks()[next] == chunk;
}

bool Segmenter::isLongEnough() const
{
    return m_runLength >= m_state.context.options.minRunChunks;
}

void Segmenter::extendRun(const xet::Chunk& chunk, QByteArrayView payload)
{
    ++m_runLength;
    if (isLongEnough())
        m_run.clear();
    else
        m_run.add(chunk, payload);
}

/// The run becomes a term, or, being too short, its chunks are stored once more.
Result<void> Segmenter::endRun(bool isWholeContent)
{
    if (m_runs.empty())
        return {};
    const Run run = m_runs.front();
    const XorbIndex* const index = indexOf(run);
    const bool isUsed = index && (isLongEnough() || isWholeContent);
    if (isUsed) {
        const quint32 end = run.start + m_runLength;
        const qint64 rawStart = index->rawOffset(run.start);
        addTerm({run.stored ? std::nullopt : std::optional(run.newXorb),
                 run.stored ? run.stored->file : StoredFile(), run.start, end, rawStart,
                 index->rawOffset(end) - rawStart});
    }
    m_runs.clear();
    m_runLength = 0;
    const Held held = std::exchange(m_run, {});
    qsizetype at = 0;
    for (const xet::Chunk& chunk : held.chunks) {
        if (isUsed)
            break;
        const auto payload = QByteArrayView(held.bytes).sliced(at, chunk.bytes);
        if (const auto stored = store(chunk, payload); !stored)
            return stored;
        at += chunk.bytes;
    }
    return {};
}

Result<void> Segmenter::store(const xet::Chunk& chunk, QByteArrayView payload)
{
    const auto place = m_xorbs.add(chunk, payload);
    if (!place)
        return forward(place);
    addTerm({place->xorb,
             {},
             place->position,
             place->position + 1,
             m_xorbs.index(place->xorb)->rawOffset(place->position),
             chunk.bytes});
    return {};
}

void Segmenter::addTerm(const DraftTerm& term)
{
    if (!m_terms.empty()) {
        DraftTerm& last = m_terms.back();
        if (last.newXorb == term.newXorb && last.storedXorb.id == term.storedXorb.id &&
            last.chunkEnd == term.chunkStart) {
            last.chunkEnd = term.chunkEnd;
            last.rawBytes += term.rawBytes;
            return;
        }
    }
    m_terms.push_back(term);
}

/// Leased first, then looked at: a sweep that was faster has deleted it by now.
Result<bool> Segmenter::mayUse(const StoredFile& xorb)
{
    if (const auto known = m_usable.find(xorb.id); known != m_usable.end())
        return known->second;
    m_state.lease(xorb.name);
    const auto row = m_state.context.database.read(
        [&](db::Transaction& transaction) { return queries::findXorb(transaction, xorb.id); });
    if (!row)
        return forward(row);
    return m_usable[xorb.id] = *row && (*row)->isUsable();
}

Result<std::vector<DraftTerm>> Segmenter::finishContent()
{
    if (const auto drained = drain(); !drained)
        return forward(drained);
    if (const auto ended = endRun(m_terms.empty()); !ended)
        return forward(ended);
    return std::exchange(m_terms, {});
}

void Segmenter::dropContent()
{
    m_batch.clear();
    m_runs.clear();
    m_runLength = 0;
    m_run.clear();
    m_terms.clear();
}

} // namespace hublet::store
