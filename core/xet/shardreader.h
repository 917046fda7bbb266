// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/xet/shard.h"

#include <QByteArrayView>

namespace hublet::xet {

/// Reads a shard as clients upload it or as a server answers a deduplication query, in one linear pass:
/// lookup tables and footer are never relied on. Two cursors, over files and over xorbs, independent of each
/// other. Not thread-safe.
class ShardReader {
public:
    /// Checks the structure of all of it, so that reading on cannot fail. `body` must outlive the reader; it
    /// may be a mapping of a file nobody changes. Allocates nothing. Errors: Malformed, Unsupported,
    /// TooLarge.
    [[nodiscard]] static Result<ShardReader> open(QByteArrayView body);

    [[nodiscard]] quint32 fileCount() const { return m_fileCount; }
    [[nodiscard]] quint32 xorbCount() const { return m_xorbCount; }
    /// nullopt after the last.
    [[nodiscard]] std::optional<ShardFile> nextFile();
    [[nodiscard]] std::optional<ShardXorb> nextXorb();

private:
    explicit ShardReader(QByteArrayView body) : m_body(body) {}

    QByteArrayView m_body;
    qsizetype m_nextFile = 0; ///< offsets in the body
    qsizetype m_nextXorb = 0;
    quint32 m_fileCount = 0;
    quint32 m_xorbCount = 0;
};

} // namespace hublet::xet
