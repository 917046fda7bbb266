// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace hublet::http {

/// Is every byte of a request target printable ASCII and every '%' followed by two hex digits, none of them
/// "%00"?
[[nodiscard]] bool isCleanTarget(QByteArrayView target);

/// Appends `encoded`, percent-decoded once, to `out`. `encoded` must have passed isCleanTarget().
void appendDecoded(QByteArray& out, QByteArrayView encoded);
/// The same for a key or value of a query, where '+' is a space.
void appendDecodedQuery(QByteArray& out, QByteArrayView encoded);

} // namespace hublet::http
