// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byterange.h"
#include "core/base/result.h"
#include "core/xet/chunk.h"

#include <span>
#include <vector>

namespace hublet::xet {

/// Where chunks begin in xorbs, raw.
class XorbOffsets {
public:
    virtual ~XorbOffsets() = default;
    /// Raw bytes before chunk `index` of `xorb`; the xorb's whole size when `index` is the number of its
    /// chunks.
    [[nodiscard]] virtual Result<qint64> rawOffset(const XetHash& xorb, quint32 index) = 0;
};

/// How a client gets a part of a file: which chunks in which order, and which byte ranges of which xorbs have
/// them.
struct Reconstruction {
    /// A run of chunks to fetch. Bytes are those of the chunk records, all sent raw (chunkrecord.h,
    /// recordOffset).
    struct Range {
        quint32 chunkStart = 0;
        quint32 chunkEnd = 0; ///< exclusive
        ByteRange bytes;      ///< last byte included
        bool operator==(const Range&) const = default;
    };
    struct Xorb {
        XetHash hash;
        std::vector<Range> ranges; ///< ascending, neither touching nor overlapping
        bool operator==(const Xorb&) const = default;
    };

    qint64 offsetIntoFirstRange =
        0;                   ///< bytes of the first chunk before the part begins; less than that chunk
    std::vector<Term> terms; ///< in file order, cut to the chunks that are needed; each lies within one range
    std::vector<Xorb> xorbs; ///< ascending by hash; exactly those of the terms
    bool operator==(const Reconstruction&) const = default;
};

/// Plans `part` of a file (xet.md 6.6). `terms` may be a run from the middle of the file's terms: `part` is
/// counted from the first byte of the first of them, and must lie within them. The same question gives the
/// same plan. Errors: those of `offsets`; Corrupt when they contradict the terms; RangeNotSatisfiable.
[[nodiscard]] Result<Reconstruction> planReconstruction(std::span<const Term> terms, ByteRange part,
                                                        XorbOffsets& offsets);

} // namespace hublet::xet
