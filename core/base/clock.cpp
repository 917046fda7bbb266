// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.h"

#include <QDateTime>

namespace hublet {

qint64 SystemClock::nowMs() const { return QDateTime::currentMSecsSinceEpoch(); }

QByteArray isoTime(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzz'Z'").toLatin1();
}

} // namespace hublet
