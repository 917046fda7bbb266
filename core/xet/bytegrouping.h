// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

/// The regrouping that makes arrays of 4-byte numbers compress better: first all bytes whose index is 0
/// modulo 4, then 1, 2, 3 (xet.md 4.1).
namespace hublet::xet {

[[nodiscard]] QByteArray groupBytes(QByteArrayView bytes);

/// Undoes it; `out` has room for as many bytes and does not overlap.
void ungroupBytes(QByteArrayView grouped, char* out);

} // namespace hublet::xet
