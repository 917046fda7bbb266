// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/intake/newxorbs.h"
#include "core/store/tables/xorbqueries.h"
#include "core/xet/filechunker.h"

#include <unordered_set>

namespace hublet::store {

/// A term of a content that is being stored: chunks of a stored xorb, or of one that the upload makes.
struct DraftTerm {
    std::optional<quint32> newXorb; ///< number within the upload (NewXorbs)
    StoredFile storedXorb;          ///< else
    quint32 chunkStart = 0;
    quint32 chunkEnd = 0; ///< exclusive
    qint64 rawStart = 0;
    qint64 rawBytes = 0;
};

/// Turns the chunks of one content after another into terms: finds those that are stored already and puts the
/// others into new xorbs. A run of stored chunks is used only if it is long enough
/// (StoreOptions::minRunChunks) or the whole content, so that reading stays a matter of few long runs. Holds
/// at most a batch and a run that is not long enough yet. Used by one thread at a time.
class Segmenter : public xet::ChunkSink {
public:
    explicit Segmenter(UploadState& state) : m_state(state), m_xorbs(state) {}

    Result<void> addChunk(const xet::Chunk& chunk, QByteArrayView payload) override;
    /// Ends the content; the next chunk belongs to the next one.
    [[nodiscard]] Result<std::vector<DraftTerm>> finishContent();
    /// Forgets the content; its chunks stay where they are.
    void dropContent();

    [[nodiscard]] NewXorbs& xorbs() { return m_xorbs; }

private:
    /// Where the chunk next in a run may go on: in a stored xorb or in one of ours.
    struct Run {
        XorbCache::Xorb stored; ///< null for one of ours
        quint32 newXorb = 0;
        quint32 start = 0;
    };
    struct Held {
        std::vector<xet::Chunk> chunks;
        QByteArray bytes;
        void add(const xet::Chunk& chunk, QByteArrayView payload);
        void clear();
    };

    [[nodiscard]] Result<void> drain();
    [[nodiscard]] Result<void> place(const xet::Chunk& chunk, QByteArrayView payload,
                                     const std::vector<queries::ChunkPlace>& places);
    [[nodiscard]] Result<std::vector<Run>> runsFrom(const xet::Chunk& chunk,
                                                    const std::vector<queries::ChunkPlace>& places);
    [[nodiscard]] bool isLongEnough() const;
    [[nodiscard]] bool continues(const Run& run, const xet::Chunk& chunk) const;
    [[nodiscard]] const XorbIndex* indexOf(const Run& run) const;
    void extendRun(const xet::Chunk& chunk, QByteArrayView payload);
    [[nodiscard]] Result<void> endRun(bool isWholeContent);
    [[nodiscard]] Result<void> store(const xet::Chunk& chunk, QByteArrayView payload);
    [[nodiscard]] Result<bool> mayUse(const StoredFile& xorb);
    void addTerm(const DraftTerm& term);

    UploadState& m_state;
    NewXorbs m_xorbs;
    Held m_batch;            ///< chunks to be looked up together
    std::vector<Run> m_runs; ///< all places where the current run is stored
    quint32 m_runLength = 0; ///< chunks
    Held m_run;              ///< its bytes, until it is long enough to be used
    std::vector<DraftTerm> m_terms;
    std::unordered_map<qint64, bool> m_usable; ///< stored xorbs by file: leased, and good for references
};

} // namespace hublet::store
