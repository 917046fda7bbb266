// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>
#include <QtGlobal>

namespace hublet {

/// Bytes first..last of something, both included; never empty.
struct ByteRange {
    qint64 first = 0;
    qint64 last = 0;
    [[nodiscard]] qint64 length() const { return last - first + 1; }
    bool operator==(const ByteRange&) const = default;
};

/// What a Range header asks of a file of a given size (RFC 9110 14, DECISIONS 31).
struct RangeRequest {
    enum class Kind {
        Whole,          ///< no header, not understood, or several ranges: answer 200
        Partial,        ///< answer 206 with `range`
        Unsatisfiable,  ///< answer 416
        EmptyFile,      ///< any range of an empty file: 200 with "Content-Range: bytes */0" (hub-api 8.2)
    };
    Kind kind = Kind::Whole;
    ByteRange range;
};

/// `header` is the value of the Range header, empty when absent; `size` in bytes.
[[nodiscard]] RangeRequest parseRange(QByteArrayView header, qint64 size);

} // namespace hublet
