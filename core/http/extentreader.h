// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/extent.h"

#include <vector>

namespace hublet::http {

/// Reads extents one after the other as one stream. Not thread-safe.
class ExtentReader {
public:
    explicit ExtentReader(std::vector<Extent> extents) : m_extents(std::move(extents)) {}

    /// The next bytes, at most `capacity`; as many as there are unless it is the end. -1 when a file cannot
    /// be read or ends too early.
    [[nodiscard]] qint64 read(char* buffer, qint64 capacity);

private:
    std::vector<Extent> m_extents;
    std::size_t m_current = 0;
    qint64 m_done = 0; ///< bytes of the current extent
};

/// Are all files long enough for their extents?
[[nodiscard]] bool areReadable(const std::vector<Extent>& extents);

} // namespace hublet::http
