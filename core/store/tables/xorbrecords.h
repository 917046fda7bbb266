// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byterange.h"
#include "core/base/extent.h"
#include "core/base/result.h"
#include "core/store/files/xorbindex.h"

#include <vector>

namespace hublet::store {

/// Size of a xorb as clients see it: every chunk behind a header of 8 bytes, sent raw (xet.md 14.3).
[[nodiscard]] qint64 recordStreamBytes(const XorbIndex& index);

/// Half open.
struct ChunkRange {
    quint32 start = 0;
    quint32 end = 0;
};
/// The chunks that a part of the stream touches.
[[nodiscard]] ChunkRange chunksOfRecords(const XorbIndex& index, ByteRange range);

/// A part of that stream as extents of the xorb `file` and of a file in memory that holds the headers alone.
/// `range` must lie inside the stream; it need not begin or end at a record. Errors: Io.
[[nodiscard]] Result<std::vector<Extent>>
recordExtents(const XorbIndex& index, const std::shared_ptr<const UniqueFd>& file, ByteRange range);

} // namespace hublet::store
