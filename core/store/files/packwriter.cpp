// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/packwriter.h"

#include <algorithm>

namespace hublet::store {

PackWriter::PackWriter(std::unique_ptr<StagedFile> file, BlockStrand::Shared& strands)
    : m_file(std::move(file)), m_strand(strands, std::nullopt), m_block(m_strand.takeBlock())
{
    m_block += PackMagic;
    m_size = PackHeaderBytes;
}

Result<qint64> PackWriter::add(const Sha256& sha256, QByteArrayView bytes)
{
    const qint64 offset = m_size;
    if (const auto appended = append(bytes); !appended)
        return forward(appended);
    m_entries.push_back({sha256, offset, bytes.size()});
    return offset;
}

Result<void> PackWriter::finish()
{
    if (const auto appended = append(packTrailer(m_entries, m_size)); !appended)
        return appended;
    if (const auto flushed = flush(); !flushed)
        return flushed;
    m_name = m_strand.finish().sha256;
    return {};
}

Result<void> PackWriter::append(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qsizetype part = std::min(bytes.size(), BlockStrand::BlockBytes - m_block.size());
        m_block += bytes.first(part);
        m_size += part;
        bytes = bytes.sliced(part);
        if (m_block.size() == BlockStrand::BlockBytes) {
            if (const auto flushed = flush(); !flushed)
                return flushed;
        }
    }
    return {};
}

Result<void> PackWriter::flush()
{
    if (m_block.isEmpty())
        return {};
    if (const auto written = m_file->append(m_block); !written)
        return written;
    m_strand.add(std::move(m_block));
    m_block = m_strand.takeBlock();
    return {};
}

} // namespace hublet::store
