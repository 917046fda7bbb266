// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

#include <cstdio>

namespace hublet::app {

/// Writes all of the text now. False when it cannot be written; standard error says why.
[[nodiscard]] bool writeNow(std::FILE* stream, const QByteArray& text);

} // namespace hublet::app
