// SPDX-License-Identifier: Apache-2.0
#include "core/xet/requestranges.h"

#include "core/xet/xetlimits.h"

#include <algorithm>
#include <limits>

namespace hublet::xet {

namespace {

/// Digits at the beginning of `text`, taken off it; numbers beyond qint64 count as the largest. nullopt
/// without digits.
std::optional<qint64> takeNumber(QByteArrayView& text)
{
    constexpr qint64 Max = std::numeric_limits<qint64>::max();
    qint64 number = 0;
    qsizetype digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
        const int digit = text[digits] - '0';
        number = number > (Max - digit) / 10 ? Max : number * 10 + digit;
        ++digits;
    }
    text = text.sliced(digits);
    return digits > 0 ? std::optional(number) : std::nullopt;
}

QByteArrayView withoutUnit(QByteArrayView header)
{
    constexpr QByteArrayView Unit("bytes=");
    return header.startsWith(Unit) ? header.sliced(Unit.size()) : header;
}

/// Takes "S-E" off `text`; the E may be missing and is then the end of the file. nullopt when it is not
/// there.
std::optional<ByteRange> takeRange(QByteArrayView& text)
{
    const auto first = takeNumber(text);
    if (!first || !text.startsWith('-'))
        return std::nullopt;
    text = text.sliced(1);
    const qint64 last = takeNumber(text).value_or(std::numeric_limits<qint64>::max());
    return last >= *first ? std::optional(ByteRange{*first, last}) : std::nullopt;
}

tl::unexpected<Error> behindTheFile()
{
    return fail(ErrorCode::RangeNotSatisfiable,
                QStringLiteral("The range begins after the end of the file."));
}

} // namespace

Result<std::optional<ByteRange>> parseReconstructionRange(QByteArrayView header, qint64 fileBytes)
{
    if (header.isEmpty())
        return fileBytes == 0 ? std::nullopt : std::optional(ByteRange{0, fileBytes - 1});
    QByteArrayView text = withoutUnit(header);
    const auto range = takeRange(text);
    if (!range || !text.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("The Range header is not understood."));
    if (fileBytes == 0 && range->first == 0)
        return std::nullopt;
    if (range->first >= fileBytes)
        return behindTheFile();
    return ByteRange{range->first, std::min(range->last, fileBytes - 1)};
}

Result<std::vector<ByteRange>> parseDirtyRanges(QByteArrayView header, qint64 fileBytes)
{
    if (header.trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("The header X-Range-Dirty is missing: it names the bytes that change."));
    std::vector<ByteRange> ranges;
    QByteArrayView text = withoutUnit(header.trimmed());
    for (bool more = true; more;) {
        const auto range = takeRange(text);
        text = text.trimmed();
        more = text.startsWith(',');
        if (!range || (!more && !text.isEmpty()))
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("The header X-Range-Dirty is not understood: it must be like "
                                       "\"bytes=0-99,500-599\"."));
        if (ranges.size() == MaxDirtyRanges)
            return fail(
                ErrorCode::InvalidArgument,
                QStringLiteral("The header X-Range-Dirty has more than %1 ranges.").arg(MaxDirtyRanges));
        if (range->first >= fileBytes)
            return behindTheFile();
        ranges.push_back({range->first, std::min(range->last, fileBytes - 1)});
        if (more)
            text = text.sliced(1).trimmed();
    }
    std::ranges::sort(ranges, {}, &ByteRange::first);
    std::vector<ByteRange> joined;
    for (const ByteRange& range : ranges) {
        if (!joined.empty() && range.first <= joined.back().last + 1)
            joined.back().last = std::max(joined.back().last, range.last);
        else
            joined.push_back(range);
    }
    return joined;
}

} // namespace hublet::xet
