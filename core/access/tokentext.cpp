// SPDX-License-Identifier: Apache-2.0
#include "core/access/tokentext.h"

#include "core/base/random.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace hublet::access {

namespace {

/// Value of a digit by its place.
constexpr std::string_view Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::uint32_t Radix = Base62.size();
constexpr QByteArrayView Head("hf_");
constexpr qsizetype RandomLength = 28;
constexpr qsizetype ChecksumLength = 6;
constexpr qsizetype PrefixLength = 8;
static_assert(TokenLength == Head.size() + RandomLength + ChecksumLength);

using Crc32Table = std::array<std::uint32_t, 256>;

/// CRC-32 as in zip and PNG: reflected polynomial 0xEDB88320.
constexpr Crc32Table makeCrc32Table()
{
    Crc32Table table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t remainder = i;
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder >> 1) ^ ((remainder & 1U) != 0 ? 0xEDB88320U : 0U);
        table[i] = remainder;
    }
    return table;
}

std::uint32_t crc32(QByteArrayView bytes)
{
    static constexpr Crc32Table Table = makeCrc32Table();
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes)
        crc = (crc >> 8) ^ Table[(crc ^ static_cast<std::uint8_t>(c)) & 0xFFU];
    return crc ^ 0xFFFFFFFFU;
}

/// Most significant digit first, padded with 0.
std::array<char, ChecksumLength> checksum(QByteArrayView random)
{
    std::array<char, ChecksumLength> digits{};
    std::uint32_t rest = crc32(random);
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        *digit = Base62[rest % Radix];
        rest /= Radix;
    }
    return digits;
}

bool isBase62(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

} // namespace

QByteArray newTokenText()
{
    QByteArray random = randomBase62(RandomLength);
    const auto digits = checksum(random);
    QByteArray token;
    token.reserve(TokenLength);
    token.append(Head.data(), Head.size()).append(random).append(digits.data(), ChecksumLength);
    sodium_memzero(random.data(), static_cast<std::size_t>(random.size()));
    return token;
}

bool isTokenText(QByteArrayView text)
{
    if (text.size() != TokenLength || !text.startsWith(Head))
        return false;
    const QByteArrayView random = text.sliced(Head.size(), RandomLength);
    if (!std::all_of(random.begin(), random.end(), isBase62))
        return false;
    const auto digits = checksum(random);
    return text.last(ChecksumLength) == QByteArrayView(digits.data(), ChecksumLength);
}

QString tokenPrefix(QByteArrayView token)
{
    return QString::fromLatin1(token.first(PrefixLength));
}

} // namespace hublet::access
