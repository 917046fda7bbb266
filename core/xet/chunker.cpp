// SPDX-License-Identifier: Apache-2.0
#include "core/xet/chunker.h"

#include "core/xet/gearscan.h"

#include <algorithm>

namespace hublet::xet {

namespace {

// The hash is looked at for the first time at the smallest chunk, when it must know a whole window. What came
// before need not be hashed at all.
constexpr quint32 FirstTested = MinChunkBytes - 1;
constexpr quint32 FirstHashed = MinChunkBytes - GearWindowBytes;

} // namespace

qsizetype Chunker::findEnd(QByteArrayView bytes)
{
    const auto* data = reinterpret_cast<const uchar*>(bytes.data());
    const qsizetype size = bytes.size();
    qsizetype taken = 0;
    // Advances to the length `until` as far as the bytes go; returns how many were taken.
    const auto advance = [&](quint32 until) {
        const qsizetype count = std::clamp<qsizetype>(qsizetype(until) - m_length, 0, size - taken);
        taken += count;
        m_length += quint32(count);
        return count;
    };

    advance(FirstHashed);
    const qsizetype warm = advance(FirstTested);
    m_hash = gearHash(m_hash, data + taken - warm, warm);

    const uchar* from = data + taken;
    const qsizetype rest = advance(MaxChunkBytes);
    const qsizetype match = findGearMatch(m_hash, from, rest);
    if (match == 0 && m_length < MaxChunkBytes)
        return 0;
    m_length = 0;
    m_hash = 0;
    return match != 0 ? taken - rest + match : taken;
}

} // namespace hublet::xet
