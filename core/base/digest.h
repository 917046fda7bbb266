// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/hexdigit.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHashFunctions>

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>

namespace hublet {

/// A digest of N bytes as a type of its own, so that a SHA-256 can never be passed where a git id belongs.
/// Text form: lower-case hex, exactly 2 N digits; upper case is accepted on input.
template <std::size_t N, typename Tag>
class Digest {
public:
    static constexpr std::size_t Size = N;

    Digest() = default; ///< all zero

    [[nodiscard]] static std::optional<Digest> fromHex(QByteArrayView hex)
    {
        if (hex.size() != qsizetype(2 * N))
            return std::nullopt;
        Digest digest;
        for (std::size_t i = 0; i < N; ++i) {
            const int high = hexDigitValue(hex[qsizetype(2 * i)]);
            const int low = hexDigitValue(hex[qsizetype(2 * i + 1)]);
            if (high < 0 || low < 0)
                return std::nullopt;
            digest.m_bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
        }
        return digest;
    }
    [[nodiscard]] static std::optional<Digest> fromBytes(QByteArrayView bytes)
    {
        if (bytes.size() != qsizetype(N))
            return std::nullopt;
        Digest digest;
        std::memcpy(digest.m_bytes.data(), bytes.data(), N);
        return digest;
    }

    [[nodiscard]] QByteArray toHex() const { return toBytes().toHex(); }
    [[nodiscard]] QByteArray toBytes() const
    {
        return QByteArray(reinterpret_cast<const char*>(m_bytes.data()), qsizetype(N));
    }
    [[nodiscard]] const std::array<std::uint8_t, N>& bytes() const { return m_bytes; }
    [[nodiscard]] std::array<std::uint8_t, N>& bytes() { return m_bytes; }
    [[nodiscard]] bool isNull() const { return *this == Digest(); }

    auto operator<=>(const Digest&) const = default;
    friend size_t qHash(const Digest& digest, size_t seed = 0)
    {
        return qHashBits(digest.m_bytes.data(), N, seed);
    }

private:
    std::array<std::uint8_t, N> m_bytes{};
};

/// SHA-256 of a file's bytes: the name of content.
using Sha256 = Digest<32, struct Sha256Tag>;
/// SHA-1 of a git object (blob, tree or commit) in git's own encoding.
using GitOid = Digest<20, struct GitOidTag>;

} // namespace hublet

template <std::size_t N, typename Tag>
struct std::hash<hublet::Digest<N, Tag>> {
    std::size_t operator()(const hublet::Digest<N, Tag>& digest) const noexcept { return qHash(digest); }
};
