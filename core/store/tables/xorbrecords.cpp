// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/xorbrecords.h"

#include "core/store/files/fileio.h"
#include "core/store/files/ioerror.h"
#include "core/xet/chunkrecord.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

namespace hublet::store {

namespace {

using xet::RecordHeader;

/// A file without a name that holds the headers of the chunks.
Result<std::shared_ptr<const UniqueFd>> headerFile(std::span<const xet::Chunk> chunks)
{
    QByteArray headers;
    headers.reserve(qsizetype(chunks.size()) * RecordHeader::Size);
    for (const xet::Chunk& chunk : chunks) {
        const auto header = RecordHeader::raw(chunk.bytes).encode();
        headers.append(header.data(), RecordHeader::Size);
    }
    auto file = std::make_shared<const UniqueFd>(::memfd_create("xorb-headers", MFD_CLOEXEC));
    if (!file->isValid())
        return failIo(QStringLiteral("make room for the headers of a xorb"), errno);
    if (const auto written = writeAt(file->get(), 0, headers); !written)
        return forward(written);
    return file;
}

/// The chunk whose record holds byte `offset` of the stream.
quint32 chunkAt(const XorbIndex& index, qint64 offset)
{
    quint32 low = 0;
    quint32 high = index.count() - 1;
    while (low < high) {
        const quint32 middle = (low + high + 1) / 2;
        if (xet::recordOffset(index.rawOffset(middle), middle) <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

} // namespace

qint64 recordStreamBytes(const XorbIndex& index)
{
    return xet::recordOffset(index.rawBytes(), index.count());
}

ChunkRange chunksOfRecords(const XorbIndex& index, ByteRange range)
{
    return {chunkAt(index, range.first), chunkAt(index, range.last) + 1};
}

Result<std::vector<Extent>> recordExtents(const XorbIndex& index, const std::shared_ptr<const UniqueFd>& file,
                                          ByteRange range)
{
    Q_ASSERT(range.first >= 0 && range.first <= range.last && range.last < recordStreamBytes(index));
    const auto [first, end] = chunksOfRecords(index, range);
    const auto headers = headerFile(index.chunks(first, end));
    if (!headers)
        return forward(headers);

    std::vector<Extent> extents;
    extents.reserve(2 * std::size_t(end - first));
    // Adds what of the bytes [streamBegin, streamBegin + length) of the stream lies inside the range.
    const auto addPart = [&](const std::shared_ptr<const UniqueFd>& source, qint64 sourceBegin,
                             qint64 streamBegin, qint64 length) {
        const qint64 skip = std::max<qint64>(0, range.first - streamBegin);
        const qint64 stop = std::min(length, range.last + 1 - streamBegin);
        if (skip < stop)
            extents.push_back({source, sourceBegin + skip, stop - skip});
    };
    for (quint32 i = first; i < end; ++i) {
        const qint64 begin = xet::recordOffset(index.rawOffset(i), i);
        addPart(*headers, qint64(i - first) * RecordHeader::Size, begin, RecordHeader::Size);
        addPart(file, index.rawOffset(i), begin + RecordHeader::Size, index.chunks()[i].bytes);
    }
    return extents;
}

} // namespace hublet::store
