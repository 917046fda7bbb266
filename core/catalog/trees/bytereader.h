// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <optional>

namespace hublet::catalog {

/// Appends `value` (not negative) in little-endian groups of seven bits.
inline void appendVarint(QByteArray& bytes, qint64 value)
{
    auto rest = static_cast<std::uint64_t>(value);
    while (rest >= 0x80) {
        bytes.append(static_cast<char>(rest | 0x80));
        rest >>= 7;
    }
    bytes.append(static_cast<char>(rest));
}

/// Reads stored bytes piece by piece; never past their end. After a failure every read fails.
class ByteReader {
public:
    explicit ByteReader(QByteArrayView bytes) : m_bytes(bytes) {}

    [[nodiscard]] bool atEnd() const { return m_position == m_bytes.size(); }
    [[nodiscard]] bool failed() const { return m_failed; }

    qint64 varint()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 63 && !m_failed; shift += 7) {
            const QByteArrayView byte = bytes(1);
            if (byte.isEmpty())
                return 0;
            const auto bits = static_cast<std::uint8_t>(byte.front());
            value |= std::uint64_t(bits & 0x7f) << shift;
            if (bits < 0x80)
                return static_cast<qint64>(value);
        }
        m_failed = true;
        return 0;
    }
    QByteArrayView bytes(qint64 count)
    {
        if (m_failed || count < 0 || count > m_bytes.size() - m_position) {
            m_failed = true;
            return {};
        }
        const QByteArrayView piece = m_bytes.sliced(m_position, count);
        m_position += count;
        return piece;
    }
    /// Bytes up to the next `end`, which is skipped.
    QByteArrayView until(char end)
    {
        const qsizetype found = m_failed ? -1 : m_bytes.indexOf(end, m_position);
        if (found < 0) {
            m_failed = true;
            return {};
        }
        const QByteArrayView piece = m_bytes.sliced(m_position, found - m_position);
        m_position = found + 1;
        return piece;
    }
    /// A digest as raw bytes; all zero after a failure.
    template <typename D>
    D digest()
    {
        return D::fromBytes(bytes(qint64(D::Size))).value_or(D());
    }

private:
    QByteArrayView m_bytes;
    qsizetype m_position = 0;
    bool m_failed = false;
};

} // namespace hublet::catalog
