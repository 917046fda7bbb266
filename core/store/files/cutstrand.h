// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/files/blockstrand.h"
#include "core/xet/filechunker.h"

#include <atomic>

namespace hublet::store {

/// Cuts a stream into chunks beside the thread that hashes or receives it. Used by one thread.
class CutStrand {
public:
    /// `sink` is used by a thread of the strand until finish() or the destructor is through.
    CutStrand(BlockStrand::Shared& shared, xet::ChunkSink& sink);

    /// Queues `block`. Errors: of the sink, for an earlier block.
    [[nodiscard]] Result<void> add(QByteArray block);
    /// Waits until everything is cut and handed out; gives the hash of the file. Call once.
    [[nodiscard]] Result<XetHash> finish();

private:
    xet::FileChunker m_chunker;
    std::optional<Error> m_failure; ///< written by the thread of the strand, read when m_failed is set
    std::atomic_bool m_failed = false;
    BlockStrand m_strand; ///< last: its thread uses the others
};

} // namespace hublet::store
