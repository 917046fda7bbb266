// SPDX-License-Identifier: Apache-2.0
#include "core/base/xethash.h"

#include "core/base/hexdigit.h"

#include <QtEndian>

#include <algorithm>
#include <cstring>

namespace hublet {

namespace {

constexpr std::size_t WordBytes = 8;

// Text and bytes differ by the order within each word; the change is its own inverse.
void swapWords(std::array<std::uint8_t, XetHash::Size>& bytes)
{
    for (auto word = bytes.begin(); word != bytes.end(); word += WordBytes)
        std::reverse(word, word + WordBytes);
}

} // namespace

std::optional<XetHash> XetHash::fromText(QByteArrayView text)
{
    if (text.size() != TextLength)
        return std::nullopt;
    XetHash hash;
    for (std::size_t i = 0; i < Size; ++i) {
        const int high = hexDigitValue(text[qsizetype(2 * i)]);
        const int low = hexDigitValue(text[qsizetype(2 * i + 1)]);
        if (high < 0 || low < 0)
            return std::nullopt;
        hash.m_bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    swapWords(hash.m_bytes);
    return hash;
}

std::optional<XetHash> XetHash::fromBytes(QByteArrayView bytes)
{
    if (bytes.size() != qsizetype(Size))
        return std::nullopt;
    XetHash hash;
    std::memcpy(hash.m_bytes.data(), bytes.data(), Size);
    return hash;
}

QByteArray XetHash::toText() const
{
    XetHash swapped = *this;
    swapWords(swapped.m_bytes);
    return swapped.toBytes().toHex();
}

QByteArray XetHash::toBytes() const
{
    return QByteArray(reinterpret_cast<const char*>(m_bytes.data()), qsizetype(Size));
}

quint64 XetHash::word(std::size_t index) const
{
    return qFromLittleEndian<quint64>(m_bytes.data() + index * WordBytes);
}

std::strong_ordering XetHash::operator<=>(const XetHash& other) const
{
    for (std::size_t i = 0; i < Size / WordBytes; ++i) {
        const auto order = word(i) <=> other.word(i);
        if (order != 0)
            return order;
    }
    return std::strong_ordering::equal;
}

} // namespace hublet
