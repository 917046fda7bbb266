// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byterange.h"
#include "core/base/result.h"

#include <optional>
#include <vector>

/// Ranges of a file as Xet clients name them in headers. "bytes=" in front is optional, as old clients omit
/// it; ends are cut to the file's end, however large. Errors: InvalidArgument when it is not understood,
/// RangeNotSatisfiable when a range begins behind the file.
namespace hublet::xet {

/// What the Range header of a reconstruction request asks of a file of `fileBytes` (xet.md 6.3): "bytes=S-E";
/// empty header = whole file. nullopt for an empty file.
[[nodiscard]] Result<std::optional<ByteRange>> parseReconstructionRange(QByteArrayView header,
                                                                        qint64 fileBytes);

/// What the X-Range-Dirty header says will change in a file of `fileBytes` (xet.md 6.9): "bytes=S-E,S-E,...",
/// at most MaxDirtyRanges of them, in any order, also overlapping. Returns them ascending, neither touching
/// nor overlapping; at least one.
[[nodiscard]] Result<std::vector<ByteRange>> parseDirtyRanges(QByteArrayView header, qint64 fileBytes);

} // namespace hublet::xet
