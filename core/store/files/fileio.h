// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"

#include <functional>

namespace hublet::store {

/// Whole reads, writes and syncs over a descriptor: short counts and EINTR are dealt with here. All offsets
/// in bytes.

/// Writes all of `bytes` at `offset`. Errors: NoSpace, Io.
[[nodiscard]] Result<void> writeAt(int fd, qint64 offset, QByteArrayView bytes);

/// Reads [offset, offset + length) block by block, each given to `visit` once. Errors: Corrupt when the file
/// ends before, Io.
[[nodiscard]] Result<void> readBlocks(int fd, qint64 offset, qint64 length,
                                      const std::function<void(QByteArrayView)>& visit);
[[nodiscard]] Result<QByteArray> readAt(int fd, qint64 offset, qint64 length);
[[nodiscard]] Result<Sha256> hashAt(int fd, qint64 offset, qint64 length);

/// fsync of a file or folder. An error means that what was written since the last sync is lost
/// (reliability 1.2 step 5). Error: ReadOnly, whatever the reason: the store may accept nothing more.
[[nodiscard]] Result<void> syncFile(int fd);

[[nodiscard]] Result<qint64> fileSize(int fd);

} // namespace hublet::store
