// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/xet/xetlimits.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <memory>

/// One chunk as xorbs carry it: a header of 8 bytes and the payload (xet.md 4.1).
namespace hublet::xet {

enum class Scheme : quint8 {
    None = 0,           ///< the raw bytes
    Lz4 = 1,            ///< one LZ4 frame
    ByteGroupedLz4 = 2, ///< bytes regrouped by their index modulo 4, then one LZ4 frame
};

struct RecordHeader {
    static constexpr qsizetype Size = 8; ///< bytes

    Scheme scheme = Scheme::None;
    quint32 storedBytes = 0; ///< of the payload
    quint32 rawBytes = 0;    ///< of the chunk

    /// `bytes` must begin with the header. Errors: Malformed, Unsupported (unknown version or scheme).
    [[nodiscard]] static Result<RecordHeader> parse(QByteArrayView bytes);
    [[nodiscard]] std::array<char, Size> encode() const;

    /// Of a chunk that is sent raw.
    [[nodiscard]] static RecordHeader raw(quint32 bytes) { return {Scheme::None, bytes, bytes}; }
};

/// Where the record of chunk `index` begins in a xorb whose chunks are all sent raw; `rawOffset` is where its
/// payload begins in the concatenation of payloads. Also true of the end, with the count and size of all
/// chunks.
[[nodiscard]] constexpr qint64 recordOffset(qint64 rawOffset, quint32 index)
{
    return rawOffset + RecordHeader::Size * qint64(index);
}

/// Header and payload. Falls back to None when the scheme does not make it smaller. `raw` is 1 to
/// MaxChunkBytes.
[[nodiscard]] QByteArray encodeRecord(QByteArrayView raw, Scheme scheme);

/// The raw bytes of one payload. Errors: Malformed when it is not exactly header.rawBytes.
/// The buffers grow to MaxChunkBytes each and are reused; the result points into them or into `payload`.
/// LZ4 itself may need up to 8.5 MiB for a frame, and keeps less than 0.3 between two. Not thread-safe.
class PayloadDecoder {
public:
    PayloadDecoder();
    ~PayloadDecoder();
    PayloadDecoder(PayloadDecoder&&) noexcept;
    PayloadDecoder& operator=(PayloadDecoder&&) noexcept;

    [[nodiscard]] Result<QByteArrayView> decode(const RecordHeader& header, QByteArrayView payload);

private:
    struct Lz4Context;
    std::unique_ptr<Lz4Context> m_lz4;
    QByteArray m_raw;
    QByteArray m_ungrouped;
};

} // namespace hublet::xet
