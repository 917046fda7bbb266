// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/xorbindex.h"

#include <algorithm>

namespace hublet::store {

XorbIndex::XorbIndex(std::vector<xet::Chunk> chunks) : m_chunks(std::move(chunks))
{
    m_offsets.reserve(m_chunks.size() + 1);
    for (const xet::Chunk& chunk : m_chunks)
        m_offsets.push_back(m_offsets.back() + chunk.bytes);
}

void XorbIndex::add(const xet::Chunk& chunk)
{
    m_chunks.push_back(chunk);
    m_offsets.push_back(m_offsets.back() + chunk.bytes);
}

bool XorbIndex::contains(const XetHash& chunk) const
{
    return std::any_of(m_chunks.begin(), m_chunks.end(),
                       [&](const xet::Chunk& known) { return known.hash == chunk; });
}

} // namespace hublet::store
