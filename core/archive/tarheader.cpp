// SPDX-License-Identifier: Apache-2.0
#include "core/archive/tarheader.h"

#include <cstring>

namespace hublet::archive {

namespace {

/// A field of the header: offset and length in bytes (POSIX.1, ustar interchange format).
struct Field {
    qsizetype offset;
    qsizetype length;
    [[nodiscard]] QByteArrayView of(QByteArrayView block) const { return block.sliced(offset, length); }
};
constexpr Field Name{0, 100};
constexpr Field Size{124, 12};
constexpr Field Checksum{148, 8};
constexpr Field TypeFlag{156, 1};
constexpr Field Magic{257, 6};
constexpr Field Prefix{345, 155};

constexpr char PlainFile = '0';

/// Octal digits ended by a blank or NUL.
std::optional<qint64> octal(QByteArrayView field)
{
    qint64 number = 0;
    qsizetype digits = 0;
    for (; digits < field.size() && field[digits] >= '0' && field[digits] <= '7'; ++digits)
        number = number * 8 + (field[digits] - '0');
    if (digits == 0 || digits == field.size() || (field[digits] != ' ' && field[digits] != '\0'))
        return std::nullopt;
    return number;
}

qint64 checksumOf(QByteArrayView block)
{
    qint64 sum = 0;
    for (qsizetype i = 0; i < block.size(); ++i) {
        const bool inChecksum = i >= Checksum.offset && i < Checksum.offset + Checksum.length;
        sum += inChecksum ? ' ' : static_cast<unsigned char>(block[i]);
    }
    return sum;
}

} // namespace

std::optional<TarHeader> TarHeader::parse(QByteArrayView block)
{
    Q_ASSERT(block.size() == Bytes);
    const auto size = octal(Size.of(block));
    const auto checksum = octal(Checksum.of(block));
    if (!size || checksum != checksumOf(block) || Magic.of(block) != QByteArrayView("ustar\0", 6) ||
        TypeFlag.of(block)[0] != PlainFile || Prefix.of(block)[0] != '\0')
        return std::nullopt;
    const QByteArrayView name = Name.of(block);
    const qsizetype end = name.indexOf('\0');
    if (end <= 0)
        return std::nullopt;
    return TarHeader{name.first(end).toByteArray(), *size};
}

} // namespace hublet::archive
