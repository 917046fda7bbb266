// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace hublet::api::control {

/// Columns padded to their widest cell, two blanks between, a heading line first. Rows shorter than the
/// heading are filled.
[[nodiscard]] QString textTable(const QStringList& heading, const QList<QStringList>& rows);

/// "1 repository", "2 repositories".
[[nodiscard]] QString counted(qint64 count, const QString& one, const QString& many);

} // namespace hublet::api::control
