// SPDX-License-Identifier: Apache-2.0
#include "core/xet/filechunker.h"

namespace hublet::xet {

Result<void> FileChunker::add(QByteArrayView bytes)
{
    while (const qsizetype size = m_chunker.findEnd(bytes)) {
        const QByteArrayView head = bytes.first(size);
        Result<void> emitted;
        if (m_begun.isEmpty()) {
            emitted = emitChunk(head);
        } else {
            m_begun.append(head);
            emitted = emitChunk(m_begun);
            m_begun.resize(0); // keeps the memory, unlike clear()
        }
        if (!emitted)
            return emitted;
        bytes = bytes.sliced(size);
    }
    if (m_begun.isEmpty())
        m_begun.reserve(MaxChunkBytes);
    m_begun.append(bytes);
    return {};
}

Result<XetHash> FileChunker::finish()
{
    if (!m_begun.isEmpty()) {
        if (const auto emitted = emitChunk(m_begun); !emitted)
            return forward(emitted);
        m_begun.clear();
    }
    return m_tree.fileHash();
}

Result<void> FileChunker::emitChunk(QByteArrayView payload)
{
    const Chunk chunk{chunkHash(payload), quint32(payload.size())};
    m_tree.add(chunk);
    return m_sink.addChunk(chunk, payload);
}

} // namespace hublet::xet
