// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunker.h"
#include "core/xet/chunksink.h"
#include "core/xet/merkletree.h"

#include <QByteArray>

namespace hublet::xet {

/// Content that comes in pieces of any size: cuts it into chunks, names them, and names the file.
/// Holds at most one chunk. Not thread-safe; one object per file.
class FileChunker {
public:
    /// `sink` must outlive this object.
    explicit FileChunker(ChunkSink& sink) : m_sink(sink) {}

    /// Fails only as the sink fails; the object is then spent.
    [[nodiscard]] Result<void> add(QByteArrayView bytes);
    /// Hands out the last chunk. Returns the file's hash, null for an empty file.
    [[nodiscard]] Result<XetHash> finish();

    [[nodiscard]] quint64 bytes() const { return m_tree.bytes() + quint64(m_begun.size()); }

private:
    Result<void> emitChunk(QByteArrayView payload);

    ChunkSink& m_sink;
    Chunker m_chunker;
    MerkleTree m_tree;
    QByteArray m_begun; ///< the current chunk's bytes from earlier calls
};

} // namespace hublet::xet
