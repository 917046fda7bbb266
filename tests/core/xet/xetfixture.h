// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunkrecord.h"
#include "core/xet/chunksink.h"
#include "core/xet/xetlimits.h"

#include <QJsonObject>

#include <random>
#include <vector>

namespace hublet::xet {

/// data/vectors.json. Aborts the test program when the folder in HUBLET_TEST_DATA does not have it.
[[nodiscard]] QJsonObject testVectors();

/// The hash of this text; null when the text is none.
[[nodiscard]] XetHash hashOf(const char* text);

/// `size` bytes of the SplitMix64 stream of `seed`.
[[nodiscard]] QByteArray splitMix(quint64 seed, qsizetype size);

/// Bytes of few different values. Byte 17 alone in zeros never matches; runs of few values match often, and
/// also before the smallest length.
[[nodiscard]] QByteArray lowEntropy(quint64 seed, qsizetype size, uchar values);

/// Where chunks end by the rule of the protocol word for word, a byte at a time. `shortest`: how long a chunk
/// is at least; older clients let chunks end as soon as they hash (xet.md 2.2).
inline constexpr quint32 ShortestOfOlderClients = MinChunkBytes - 64;
[[nodiscard]] std::vector<qsizetype> endsByTheRule(QByteArrayView bytes, quint32 shortest = MinChunkBytes);

/// Calls `take` with consecutive pieces of `bytes`, of 1 to `maxPiece` bytes each, until it returns false.
template <typename Take>
bool inPieces(QByteArrayView bytes, qsizetype maxPiece, std::mt19937& random, Take take)
{
    std::uniform_int_distribution<qsizetype> sizes(1, maxPiece);
    while (!bytes.isEmpty()) {
        const qsizetype size = std::min(bytes.size(), sizes(random));
        if (!take(bytes.first(size)))
            return false;
        bytes = bytes.sliced(size);
    }
    return true;
}

/// Keeps what it is given.
class CollectingSink : public ChunkSink {
public:
    Result<void> addChunk(const Chunk& chunk, QByteArrayView payload) override
    {
        chunks.push_back(chunk);
        bytes.append(payload);
        return {};
    }

    std::vector<Chunk> chunks;
    QByteArray bytes;
};

/// A xorb's body: the records of these chunks, in their order.
[[nodiscard]] QByteArray xorbBody(const std::vector<QByteArray>& chunks, Scheme scheme);

/// The footers of old clients with the length that follows, for `body` of these chunks (xet.md 4.3, 4.4).
[[nodiscard]] QByteArray footerV0(const std::vector<QByteArray>& chunks, Scheme scheme);
[[nodiscard]] QByteArray footerV1(const std::vector<QByteArray>& chunks, Scheme scheme);

} // namespace hublet::xet
