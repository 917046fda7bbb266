// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace hublet::api::control {

/// Columns padded to their widest cell, two blanks between, a heading line first. Rows shorter than the
/// heading are filled.
[[nodiscard]] QString textTable(const QStringList& heading, const QList<QStringList>& rows);
} // namespace hublet::api::control
