// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/xorbwriter.h"

#include "core/store/files/xorbformat.h"
#include "core/xet/xetlimits.h"

namespace hublet::store {

namespace {

constexpr qsizetype BufferBytes = 256 * 1024;
constexpr qsizetype LargeBytes = 16 * 1024; ///< copying them would cost more than writing them alone

} // namespace

Result<quint32> XorbWriter::add(const xet::Chunk& chunk, QByteArrayView payload)
{
    const bool isLarge = payload.size() >= LargeBytes;
    if (isLarge || m_buffer.size() + payload.size() > BufferBytes) {
        if (const auto flushed = flush(); !flushed)
            return forward(flushed);
    }
    if (isLarge) {
        if (const auto written = m_file->append(payload); !written)
            return forward(written);
    } else {
        m_buffer += payload;
    }
    m_tree.add(chunk);
    m_index.add(chunk);
    return m_index.count() - 1;
}

bool XorbWriter::hasRoomFor(quint32 bytes) const
{
    return m_index.count() < xet::MaxXorbChunks && m_index.rawBytes() + bytes <= xet::FullXorbBytes;
}

Result<void> XorbWriter::flush()
{
    if (m_buffer.isEmpty())
        return {};
    const auto written = m_file->append(m_buffer);
    m_buffer.resize(0);
    return written;
}

Result<void> XorbWriter::finish()
{
    if (const auto flushed = flush(); !flushed)
        return flushed;
    m_buffer = {};
    return m_file->append(xorbTrailer(m_index));
}

StoredFile XorbWriter::storedFile() const
{
    return {0, FileKind::Xorb, fileNameOf(m_tree.root()), xorbFileSize(m_index.count(), m_index.rawBytes())};
}

} // namespace hublet::store
