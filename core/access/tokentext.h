// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace hublet::access {

/// The form of an access token (DECISIONS 9): "hf_", 28 random characters of base 62, and their CRC-32 as 6
/// digits of base 62 (0-9, A-Z, a-z). The checksum makes a typing error visible without asking the database,
/// and leaked tokens findable by pattern.
constexpr qsizetype TokenLength = 37;

/// A new token. Wipe it when it was shown.
[[nodiscard]] QByteArray newTokenText();
/// Does `text` have the form, checksum included?
[[nodiscard]] bool isTokenText(QByteArrayView text);
/// The part that is kept and shown in lists: "hf_" and 5 characters.
[[nodiscard]] QString tokenPrefix(QByteArrayView token);

} // namespace hublet::access
