// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/jobqueue.h"
#include "tests/support/fakeclock.h"

#include <QTest>

#include <atomic>
#include <future>
#include <semaphore>

using namespace hublet;
using namespace hublet::service;

class TestJobQueue : public QObject {
    Q_OBJECT

private slots:
    void whoWaitsReportsWhenOthersDo();
    void whoRunsReportsForItselfAlone();
};

void TestJobQueue::whoWaitsReportsWhenOthersDo()
{
    test::FakeClock clock;
    std::atomic<int> signs = 0;
    std::counting_semaphore<> steps(0);
    std::counting_semaphore<> stepped(0);
    std::promise<void> lastBegan;
    JobQueue queue(1, clock);

    constexpr int Steps = 3;
    queue.add(
        [&](const ProgressFunction& progress) {
            for (int i = 1; i <= Steps; ++i) {
                steps.acquire();
                progress(i, Steps);
                stepped.release();
            }
        },
        [](qint64, qint64) {});
    queue.add([&](const ProgressFunction&) { lastBegan.set_value(); },
              [&](qint64 done, qint64 total) {
                  QCOMPARE(done, 0);
                  QCOMPARE(total, 0);
                  ++signs;
              });

    const auto step = [&] {
        steps.release();
        stepped.acquire();
    };
    clock.advance(JobQueue::SignOfLifeMs);
    step();
    QCOMPARE(signs.load(), 1);
    clock.advance(JobQueue::SignOfLifeMs - 1);
    step();
    QCOMPARE(signs.load(), 1); // too soon
    clock.advance(1);
    step();
    QCOMPARE(signs.load(), 2);
    lastBegan.get_future().wait();
}

void TestJobQueue::whoRunsReportsForItselfAlone()
{
    test::FakeClock clock;
    std::atomic<qint64> reported = 0;
    {
        JobQueue queue(2, clock);
        queue.add([](const ProgressFunction& progress) { progress(5, 9); },
                  [&](qint64 done, qint64 total) { reported = 10 * done + total; });
    }
    QCOMPARE(reported.load(), 59);
}

QTEST_APPLESS_MAIN(TestJobQueue)
#include "tst_jobqueue.moc"
