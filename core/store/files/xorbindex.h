// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunk.h"

#include <span>
#include <vector>

namespace hublet::store {

/// The chunks of a xorb and where their raw bytes begin. 40 bytes a chunk. Immutable once shared.
class XorbIndex {
public:
    XorbIndex() = default;
    explicit XorbIndex(std::vector<xet::Chunk> chunks);

    void add(const xet::Chunk& chunk);

    [[nodiscard]] quint32 count() const { return quint32(m_chunks.size()); }
    [[nodiscard]] std::span<const xet::Chunk> chunks() const { return m_chunks; }
    /// Of the half-open range, which must lie inside.
    [[nodiscard]] std::span<const xet::Chunk> chunks(quint32 start, quint32 end) const
    {
        return chunks().subspan(start, end - start);
    }
    [[nodiscard]] bool contains(const XetHash& chunk) const;
    /// Bytes before chunk `index`; the size of all when it is count().
    [[nodiscard]] qint64 rawOffset(quint32 index) const { return m_offsets[index]; }
    [[nodiscard]] qint64 rawBytes() const { return m_offsets.back(); }

private:
    std::vector<xet::Chunk> m_chunks;
    std::vector<quint32> m_offsets{0}; ///< one more than chunks; at most MaxXorbRawBytes fits
};

} // namespace hublet::store
