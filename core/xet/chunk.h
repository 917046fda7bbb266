// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/xethash.h"

namespace hublet::xet {

/// A piece of content, cut where its bytes say so, named by the keyed hash of its raw bytes.
struct Chunk {
    XetHash hash;
    quint32 bytes = 0; ///< raw, 1 to MaxChunkBytes
    bool operator==(const Chunk&) const = default;
};

/// A run of chunks of one xorb. A file is an ordered list of terms.
struct Term {
    XetHash xorb;
    quint32 chunkStart = 0; ///< index in the xorb
    quint32 chunkEnd = 0;   ///< exclusive
    quint32 bytes = 0;      ///< raw, of all its chunks
    bool operator==(const Term&) const = default;
};

} // namespace hublet::xet
