// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timetext.h"

#include <QCoreApplication>

namespace hublet::ui {

namespace {

QString tr(const char* text, int count)
{
    return QCoreApplication::translate("hublet::ui::TimeText", text, nullptr, count);
}

} // namespace

QString relativeTime(qint64 ms, qint64 nowMs)
{
    constexpr qint64 Minute = 60'000;
    constexpr qint64 Hour = 60 * Minute;
    constexpr qint64 Day = 24 * Hour;
    const qint64 age = nowMs - ms;
    if (age < Minute)
        return QCoreApplication::translate("hublet::ui::TimeText", "just now");
    if (age < Hour)
        return tr("%n minute(s) ago", int(age / Minute));
    if (age < Day)
        return tr("%n hour(s) ago", int(age / Hour));
    if (age < 60 * Day)
        return tr("%n day(s) ago", int(age / Day));
    if (age < 730 * Day)
        return tr("%n month(s) ago", int(age / (30 * Day)));
    return tr("%n year(s) ago", int(age / (365 * Day)));
}

} // namespace hublet::ui
