// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timetext.h"

#include <QCoreApplication>

namespace hublet::ui {

namespace {

struct TimeText {
    Q_DECLARE_TR_FUNCTIONS(hublet::ui::TimeText)
};

} // namespace

QString relativeTime(qint64 ms, qint64 nowMs)
{
    constexpr qint64 Minute = 60'000;
    constexpr qint64 Hour = 60 * Minute;
    constexpr qint64 Day = 24 * Hour;
    const qint64 age = nowMs - ms;
    if (age < Minute)
        return TimeText::tr("just now");
    if (age < Hour)
        return TimeText::tr("%n minute(s) ago", nullptr, int(age / Minute));
    if (age < Day)
        return TimeText::tr("%n hour(s) ago", nullptr, int(age / Hour));
    if (age < 60 * Day)
        return TimeText::tr("%n day(s) ago", nullptr, int(age / Day));
    if (age < 730 * Day)
        return TimeText::tr("%n month(s) ago", nullptr, int(age / (30 * Day)));
    return TimeText::tr("%n year(s) ago", nullptr, int(age / (365 * Day)));
}

QString duration(qint64 ms)
{
    constexpr qint64 Second = 1000;
    constexpr qint64 Minute = 60 * Second;
    constexpr qint64 Hour = 60 * Minute;
    if (ms < 2 * Minute)
        return TimeText::tr("%n second(s)", nullptr, int((ms + Second - 1) / Second));
    if (ms < 2 * Hour)
        return TimeText::tr("%n minute(s)", nullptr, int(ms / Minute));
    return TimeText::tr("%n hour(s)", nullptr, int(std::min(ms / Hour, qint64(999))));
}

} // namespace hublet::ui
