// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTest>
#include <QTimer>

#include <algorithm>
#include <ctime>

namespace hublet::test {

/// The watchdog of the GUI thread: asks the event loop every few milliseconds to answer and measures how long
/// it kept the asker waiting. By the clock a busy machine adds to it, so that bound is wide; what the thread
/// itself worked is exact.
class Pulse {
public:
    static constexpr double LongestGapMs = 100; // ARCHITECTURE 5
    static constexpr double MachineFactor = 10;

    Pulse()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { measure(); });
        m_timer.start(5);
    }
    void check()
    {
        m_timer.stop();
        qInfo() << "longest gap of the event loop:" << m_longestWork << "ms of work," << m_longestWait
                << "ms by the clock";
        QVERIFY2(m_longestWork <= LongestGapMs, "The GUI thread worked for too long");
        QVERIFY2(m_longestWait <= LongestGapMs * MachineFactor, "The GUI thread waited for something");
    }

private:
    void measure()
    {
        const double asked = clockMs(CLOCK_MONOTONIC);
        const double worked = clockMs(CLOCK_THREAD_CPUTIME_ID);
        m_longestWait = std::max(m_longestWait, asked - m_asked);
        m_longestWork = std::max(m_longestWork, worked - m_worked);
        m_asked = asked;
        m_worked = worked;
    }
    static double clockMs(clockid_t clock)
    {
        timespec time{};
        clock_gettime(clock, &time);
        return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
    }
    QTimer m_timer;
    double m_asked = clockMs(CLOCK_MONOTONIC);
    double m_worked = clockMs(CLOCK_THREAD_CPUTIME_ID);
    double m_longestWait = 0;
    double m_longestWork = 0;
};

} // namespace hublet::test
