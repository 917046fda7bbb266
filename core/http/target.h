// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace hublet::http {

/// A request target in its parts, as views of the bytes it was parsed from.
struct Target {
    QByteArrayView authority; ///< of the absolute form only, else null
    QByteArrayView path;      ///< starts with '/', or is "*"
    QByteArrayView query;     ///< without '?'
};

/// Parses origin form ("/a?b"), absolute form ("http://host/a?b") and asterisk form ("*"). Nothing for
/// everything else: other bytes than printable ASCII, invalid escapes, "%00", a fragment, other schemes.
[[nodiscard]] std::optional<Target> parseTarget(QByteArrayView raw);

/// Splits `path` on raw '/', drops empty pieces and decodes each of the rest once. The pieces are views of
/// `storage`.
[[nodiscard]] std::vector<QByteArrayView> decodeSegments(QByteArrayView path, QByteArray& storage);

} // namespace hublet::http
