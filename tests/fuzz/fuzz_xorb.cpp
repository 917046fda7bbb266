// SPDX-License-Identifier: Apache-2.0
// Bodies of uploaded xorbs. However a body is divided, it must be read the same.
#include "core/xet/xorbreader.h"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace hublet;
using namespace hublet::xet;

class Measure : public ChunkSink {
public:
    Result<void> addChunk(const Chunk& chunk, QByteArrayView payload) override
    {
        if (payload.isEmpty() || payload.size() > MaxChunkBytes || payload.size() != qsizetype(chunk.bytes))
            std::abort();
        ++chunks;
        bytes += payload.size();
        return {};
    }
    quint32 chunks = 0;
    qint64 bytes = 0;
};

std::optional<XetHash> read(QByteArrayView body, qsizetype piece)
{
    Measure sink;
    XorbReader reader(sink);
    while (!body.isEmpty()) {
        const qsizetype size = std::min(piece, body.size());
        if (!reader.add(body.first(size)))
            return std::nullopt;
        body = body.sliced(size);
    }
    const auto hash = reader.finish();
    if (sink.chunks > MaxXorbChunks || sink.chunks != reader.chunkCount() || sink.bytes != reader.rawBytes())
        std::abort();
    return hash ? std::optional(*hash) : std::nullopt;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArrayView body(reinterpret_cast<const char*>(data), qsizetype(size));
    if (read(body, body.size()) != read(body, 7))
        std::abort();
    return 0;
}
