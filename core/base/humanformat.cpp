// SPDX-License-Identifier: Apache-2.0
#include "core/base/humanformat.h"

#include <QDateTime>
#include <QLocale>

namespace hublet {

QString humanSize(qint64 bytes)
{
    if (bytes == 1)
        return QStringLiteral("1 byte");
    return QLocale::c().formattedDataSize(bytes, bytes < 1024 ? 0 : 1, QLocale::DataSizeIecFormat);
}

QString exactTime(qint64 ms)
{
    if (ms == 0)
        return QStringLiteral("-");
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-dd HH:mm:ss 'UTC'");
}

} // namespace hublet
