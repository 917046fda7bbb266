// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>

namespace hublet::api {

/// Decodes base64 (RFC 4648, standard alphabet) that arrives in pieces of any length. Padding may be missing;
/// line breaks are skipped, since `base64 file` writes them; everything else that is not base64 is refused,
/// bits set beyond the last byte too, so that one content has few spellings. Not thread-safe.
class Base64Decoder {
public:
    /// Appends what `text` adds to `out`. Errors: Malformed.
    [[nodiscard]] Result<void> append(QByteArrayView text, QByteArray& out);
    /// The text is complete. Appends the last bytes to `out`. Errors: Malformed.
    [[nodiscard]] Result<void> finish(QByteArray& out);

    /// Could `text` be (part of) base64 as append() takes it? Looks at the alphabet only.
    [[nodiscard]] static bool isPlausible(QByteArrayView text);

private:
    std::uint32_t m_bits = 0; ///< of the digits of the current group of four, newest lowest
    int m_digits = 0;         ///< digits in m_bits, 0...3
    int m_padding = 0;        ///< '=' seen; nothing but another one may follow
};

} // namespace hublet::api
