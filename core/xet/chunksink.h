// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/xet/chunk.h"

#include <QByteArrayView>

namespace hublet::xet {

/// Receives the chunks of a file or of a xorb in their order.
class ChunkSink {
public:
    virtual ~ChunkSink() = default;
    /// `payload` are the chunk's raw bytes, valid during the call only. An error ends the stream.
    [[nodiscard]] virtual Result<void> addChunk(const Chunk& chunk, QByteArrayView payload) = 0;
};

} // namespace hublet::xet
