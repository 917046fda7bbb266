// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/sizetext.h"

#include "core/base/humanformat.h"

#include <QCoreApplication>
#include <QLocale>

namespace hublet::ui {

QString exactSize(qint64 bytes)
{
    if (bytes == 1)
        return QCoreApplication::translate("hublet::ui::SizeText", "1 byte");
    return QCoreApplication::translate("hublet::ui::SizeText", "%1 bytes").arg(QLocale().toString(bytes));
}

QString humanAndExactSize(qint64 bytes)
{
    constexpr qint64 Kibibyte = 1024; // smaller sizes are exact as they are
    return bytes < Kibibyte ? humanSize(bytes)
                            : QStringLiteral("%1 (%2)").arg(humanSize(bytes), exactSize(bytes));
}

} // namespace hublet::ui
