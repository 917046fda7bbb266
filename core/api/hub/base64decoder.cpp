// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/base64decoder.h"

#include <algorithm>
#include <array>

namespace hublet::api {
namespace {

enum : std::uint8_t { LineBreak = 0x40, Padding = 0x41, Invalid = 0x80 };
constexpr std::uint32_t NotAGroup = 1U << 24;

constexpr std::array<std::uint8_t, 256> digitValues()
{
    std::array<std::uint8_t, 256> values{};
    for (auto& value : values)
        value = Invalid;
    constexpr char Alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::uint8_t i = 0; i < 64; ++i)
        values[static_cast<unsigned char>(Alphabet[i])] = i;
    values['\r'] = values['\n'] = LineBreak;
    values['='] = Padding;
    return values;
}

constexpr std::array<std::uint8_t, 256> Digits = digitValues();

/// Digit values moved to where they belong in a group of four; bits above the 24 of a group mark what is no
/// digit.
template <int Shift>
constexpr std::array<std::uint32_t, 256> shiftedDigits()
{
    std::array<std::uint32_t, 256> values{};
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = Digits[i] < 64 ? std::uint32_t(Digits[i]) << Shift : NotAGroup;
    return values;
}

constexpr auto First = shiftedDigits<18>();
constexpr auto Second = shiftedDigits<12>();
constexpr auto Third = shiftedDigits<6>();
constexpr auto Fourth = shiftedDigits<0>();

std::uint32_t group(const char* from)
{
    const auto* const byte = reinterpret_cast<const unsigned char*>(from);
    return First[byte[0]] | Second[byte[1]] | Third[byte[2]] | Fourth[byte[3]];
}

std::uint8_t digit(char c)
{
    return Digits[static_cast<unsigned char>(c)];
}

tl::unexpected<Error> malformed()
{
    return fail(ErrorCode::Malformed, QStringLiteral("the base64 text is not valid"));
}

} // namespace

bool Base64Decoder::isPlausible(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return digit(c) != Invalid; });
}

Result<void> Base64Decoder::append(QByteArrayView text, QByteArray& out)
{
    const qsizetype before = out.size();
    out.resize(before + text.size() / 4 * 3 + 3);
    char* to = out.data() + before;
    const char* from = text.begin();
    const char* const end = text.end();
    while (from != end) {
        if (m_digits == 0 && m_padding == 0) {
            // The common case, four digits at a time; whatever is special falls through to the slow path.
            while (end - from >= 4) {
                const std::uint32_t bits = group(from);
                if (bits >= NotAGroup)
                    break;
                *to++ = static_cast<char>(bits >> 16);
                *to++ = static_cast<char>(bits >> 8);
                *to++ = static_cast<char>(bits);
                from += 4;
            }
            if (from == end)
                break;
        }
        const std::uint8_t value = digit(*from++);
        if (value == LineBreak)
            continue;
        if (value == Padding) {
            if (m_digits < 2 || m_digits + ++m_padding > 4)
                return malformed();
            continue;
        }
        if (value == Invalid || m_padding > 0)
            return malformed();
        m_bits = m_bits << 6 | value;
        if (++m_digits == 4) {
            *to++ = static_cast<char>(m_bits >> 16);
            *to++ = static_cast<char>(m_bits >> 8);
            *to++ = static_cast<char>(m_bits);
            m_bits = 0;
            m_digits = 0;
        }
    }
    out.resize(to - out.constData());
    return {};
}

Result<void> Base64Decoder::finish(QByteArray& out)
{
    if (m_digits == 1 || (m_padding > 0 && m_digits + m_padding != 4))
        return malformed();
    const int spareBits = m_digits == 2 ? 4 : m_digits == 3 ? 2 : 0;
    if ((m_bits & ((1U << spareBits) - 1)) != 0)
        return malformed();
    const std::uint32_t bits = m_bits >> spareBits;
    if (m_digits == 3)
        out.append(static_cast<char>(bits >> 8));
    if (m_digits >= 2)
        out.append(static_cast<char>(bits));
    *this = Base64Decoder();
    return {};
}

} // namespace hublet::api
