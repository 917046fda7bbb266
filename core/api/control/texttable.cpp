// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/texttable.h"

#include <algorithm>

namespace hublet::api::control {

QString textTable(const QStringList& heading, const QList<QStringList>& rows)
{
    QList<qsizetype> widths;
    for (const QString& cell : heading)
        widths.append(cell.size());
    for (const QStringList& row : rows) {
        for (qsizetype column = 0; column < std::min(row.size(), widths.size()); ++column)
            widths[column] = std::max(widths.at(column), row.at(column).size());
    }
    const auto line = [&](const QStringList& row) {
        QString text;
        for (qsizetype column = 0; column < widths.size(); ++column)
            text += row.value(column).leftJustified(widths.at(column) + 2);
        while (text.endsWith(u' '))
            text.chop(1);
        return text;
    };
    QStringList lines{line(heading)};
    for (const QStringList& row : rows)
        lines.append(line(row));
    return lines.join(u'\n');
}

QString counted(qint64 count, const QString& one, const QString& many)
{
    return QStringLiteral("%1 %2").arg(count).arg(count == 1 ? one : many);
}

} // namespace hublet::api::control
