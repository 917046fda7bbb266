// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/sizetext.h"

#include <QCoreApplication>
#include <QLocale>

namespace hublet::ui {

QString exactSize(qint64 bytes)
{
    return QCoreApplication::translate("hublet::ui::SizeText", "%1 bytes").arg(QLocale().toString(bytes));
}

} // namespace hublet::ui
