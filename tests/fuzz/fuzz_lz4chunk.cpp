// SPDX-License-Identifier: Apache-2.0
// Compressed chunks: three bytes of announced size, one of scheme, then the payload.
#include "core/xet/chunkrecord.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace hublet::xet;
    constexpr std::size_t Head = 4;
    if (size <= Head || size > Head + MaxStoredChunkBytes)
        return 0;
    const quint32 rawBytes = 1 + (data[0] | quint32(data[1]) << 8 | quint32(data[2]) << 16) % MaxChunkBytes;
    const Scheme scheme = data[3] % 2 == 0 ? Scheme::Lz4 : Scheme::ByteGroupedLz4;
    const QByteArrayView payload(reinterpret_cast<const char*>(data) + Head, qsizetype(size - Head));
    PayloadDecoder decoder;
    const auto raw = decoder.decode({scheme, quint32(payload.size()), rawBytes}, payload);
    if (!raw)
        return 0;
    if (raw->size() != qsizetype(rawBytes))
        std::abort();
    const QByteArray held = raw->toByteArray();
    const QByteArray record = encodeRecord(held, scheme);
    const auto header = RecordHeader::parse(record);
    if (!header)
        std::abort();
    const auto again = decoder.decode(*header, QByteArrayView(record).sliced(RecordHeader::Size));
    if (!again || *again != QByteArrayView(held))
        std::abort();
    return 0;
}
