// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHashFunctions>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>

namespace hublet {

/// A hash of the Xet protocol: chunk, xorb, file, range or node (xet.md 1). Four little-endian 64-bit words,
/// and everything that is not the raw bytes goes by words: the text form, the order, the bits used for
/// decisions. All zero is the hash of the empty file.
class XetHash {
public:
    static constexpr std::size_t Size = 32;     ///< bytes
    static constexpr qsizetype TextLength = 64; ///< digits

    XetHash() = default; ///< all zero

    /// Exactly 64 hex digits, each word as a number: not the hex of the bytes in order. Upper case is
    /// accepted.
    [[nodiscard]] static std::optional<XetHash> fromText(QByteArrayView text);
    [[nodiscard]] static std::optional<XetHash> fromBytes(QByteArrayView bytes);

    /// 64 lower-case digits.
    [[nodiscard]] QByteArray toText() const;
    [[nodiscard]] QByteArray toBytes() const;
    [[nodiscard]] const std::array<std::uint8_t, Size>& bytes() const { return m_bytes; }
    [[nodiscard]] std::array<std::uint8_t, Size>& bytes() { return m_bytes; }
    [[nodiscard]] bool isNull() const { return *this == XetHash(); }

    /// Word `index` (0 to 3). Word 0 is the key of lookup tables; word 3 decides what `hash % m` means in the
    /// protocol.
    [[nodiscard]] quint64 word(std::size_t index) const;

    bool operator==(const XetHash&) const = default;
    /// By words 0 to 3 as numbers, the order of shards.
    std::strong_ordering operator<=>(const XetHash& other) const;

    friend size_t qHash(const XetHash& hash, size_t seed = 0)
    {
        return qHashBits(hash.m_bytes.data(), Size, seed);
    }

private:
    std::array<std::uint8_t, Size> m_bytes{};
};

} // namespace hublet

template <>
struct std::hash<hublet::XetHash> {
    std::size_t operator()(const hublet::XetHash& hash) const noexcept { return qHash(hash); }
};
