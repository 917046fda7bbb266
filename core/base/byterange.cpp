// SPDX-License-Identifier: Apache-2.0
#include "core/base/byterange.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace hublet {

namespace {

/// 1*DIGIT; a number too large for qint64 saturates, as any such position lies beyond every file.
std::optional<qint64> parsePosition(QByteArrayView digits)
{
    if (digits.isEmpty())
        return std::nullopt;
    constexpr qint64 Max = std::numeric_limits<qint64>::max();
    qint64 value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value > (Max - 9) / 10 ? Max : value * 10 + (c - '0');
    }
    return value;
}

} // namespace

RangeRequest parseRange(QByteArrayView header, qint64 size)
{
    using Kind = RangeRequest::Kind;
    header = header.trimmed();
    if (header.size() < 6 || header.first(6).compare("bytes=", Qt::CaseInsensitive) != 0)
        return {};
    const QByteArrayView spec = header.sliced(6).trimmed();
    const qsizetype dash = spec.indexOf('-');
    if (dash < 0 || spec.contains(','))
        return {};
    const QByteArrayView from = spec.first(dash).trimmed();
    const QByteArrayView to = spec.sliced(dash + 1).trimmed();

    std::optional<qint64> first;
    std::optional<qint64> last;
    if (from.isEmpty()) { // the last n bytes
        const auto count = parsePosition(to);
        if (!count)
            return {};
        if (*count == 0)
            return {Kind::Unsatisfiable, {}};
        first = std::max<qint64>(0, size - *count);
        last = size - 1;
    } else {
        first = parsePosition(from);
        last = to.isEmpty() ? std::optional<qint64>(size - 1) : parsePosition(to);
        if (!first || !last || (!to.isEmpty() && *last < *first))
            return {};
    }
    if (size == 0)
        return {Kind::EmptyFile, {}};
    if (*first >= size)
        return {Kind::Unsatisfiable, {}};
    return {Kind::Partial, {*first, std::min(*last, size - 1)}};
}

} // namespace hublet
