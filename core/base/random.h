// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace hublet {

/// Cryptographically strong random bytes from the operating system. Thread-safe.
[[nodiscard]] QByteArray randomBytes(qsizetype count);
/// `count` random digits and letters (base 62, unbiased).
[[nodiscard]] QByteArray randomBase62(qsizetype count);
/// 24 hex digits: the form of `_id` in Hub JSON.
[[nodiscard]] QByteArray randomHubId();

} // namespace hublet
