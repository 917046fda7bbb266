// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace hublet {

/// "17.4 MiB"; whole bytes below 1 KiB. The same in every language, so that columns can be compared.
[[nodiscard]] QString humanSize(qint64 bytes);
/// "2026-01-31 08:15:00 UTC"; "-" for 0.
[[nodiscard]] QString exactTime(qint64 ms);

} // namespace hublet
