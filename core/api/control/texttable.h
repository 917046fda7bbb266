// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace hublet::api::control {

/// Columns padded to their widest cell, two blanks between, a heading line first. Rows shorter than the heading are filled.
[[nodiscard]] QString textTable(const QStringList& heading, const QList<QStringList>& rows);
/// "17.4 MiB"; exact bytes below 1 KiB.
[[nodiscard]] QString humanSize(qint64 bytes);
/// "2026-01-31 08:15:00 UTC"; "-" for 0.
[[nodiscard]] QString humanTime(qint64 ms);

} // namespace hublet::api::control
