// SPDX-License-Identifier: Apache-2.0
#include "ui/translations.h"

#include <QCoreApplication>
#include <QTranslator>

namespace hublet::ui {

void installTranslations(QCoreApplication& application)
{
    auto* english = new QTranslator(&application);
    if (english->load(QStringLiteral(":/translations/hublet_en.qm")))
        QCoreApplication::installTranslator(english);
}

} // namespace hublet::ui
