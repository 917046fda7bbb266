// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/content.h"
#include "core/store/context/storecontext.h"
#include "core/store/files/cutstrand.h"
#include "core/store/files/hashstrand.h"
#include "core/store/files/stagedfile.h"

namespace hublet::store {

/// The content between ContentWriter::begin() and end(). Small, it is kept in memory; once it is too large
/// for that, each block is hashed by a thread of the store while the caller brings the next one, and beside
/// that written to a staged file (whole) or cut into chunks by another thread (segments). Not thread-safe.
class OpenContent {
public:
    /// `sink`: gets the chunks of a large content that is stored as segments; null to store it whole.
    OpenContent(StoreContext& context, qint64 expectedSize, xet::ChunkSink* sink);

    /// Makes room for the announced size.
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// As ContentWriter::appendBlock().
    [[nodiscard]] Result<void> appendBlock(QByteArray& block);

    [[nodiscard]] bool isComplete() const { return m_expectedSize < 0 || m_size == m_expectedSize; }
    [[nodiscard]] bool isSmall() const { return !m_hashing; }
    /// All bytes of a small content.
    [[nodiscard]] QByteArray takeBytes() { return std::move(m_buffer); }
    /// Ends a large content.
    [[nodiscard]] Result<StagedContent> finishLarge();
    /// The bytes of a large content that is stored whole.
    [[nodiscard]] std::unique_ptr<StagedFile> takeFile() { return std::move(m_file); }

private:
    [[nodiscard]] Result<void> makeRoom(qsizetype bytes);
    [[nodiscard]] Result<void> spill();
    [[nodiscard]] Result<void> appendLarge(QByteArrayView bytes);
    [[nodiscard]] Result<void> passBlock();
    [[nodiscard]] Result<void> addBlobOid(StagedContent& staged) const;

    StoreContext& m_context;
    const qint64 m_expectedSize; ///< -1 when unknown
    xet::ChunkSink* const m_sink;
    qint64 m_size = 0;
    qint64 m_nextSpaceCheck;
    QByteArray m_buffer; ///< all of it while it is small, else the block that fills up
    QByteArray m_git;    ///< of a content of unknown size that is cut: what its git id is computed from
    std::unique_ptr<StagedFile> m_file;
    std::unique_ptr<HashStrand> m_hashing;
    std::unique_ptr<CutStrand> m_cutting;
};

} // namespace hublet::store
