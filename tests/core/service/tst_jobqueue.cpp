// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/jobqueue.h"

#include <QTest>

#include <atomic>
#include <future>
#include <semaphore>

using namespace hublet;
using namespace hublet::service;
using namespace std::chrono_literals;

namespace {

constexpr auto Soon = 5ms;
constexpr auto Never = 1h;

} // namespace

class TestJobQueue : public QObject {
    Q_OBJECT

private slots:
    void whoIsSilentGivesSignsOfLife();
    void reportsComeThrough();
    void nothingIsReportedAfterTheEnd();
    void endCancelsWhatRunsAndWhatWaits();
};

/// A job that waits for its turn, and one that runs and has not reported for a while.
void TestJobQueue::whoIsSilentGivesSignsOfLife()
{
    std::atomic<int> signsOfRunning = 0;
    std::atomic<int> signsOfWaiting = 0;
    std::promise<void> reported;
    std::promise<void> goOn;
    JobQueue queue(1, Soon);
    queue.add(
        [&](const ProgressFunction& progress, const CancelToken&) -> JobQueue::Ended {
            progress(3, 7);
            reported.set_value();
            goOn.get_future().wait();
            return [] {};
        },
        [&](qint64 done, qint64 total) {
            if (done == 3 && total == 7)
                ++signsOfRunning;
        },
        CancelToken());
    reported.get_future().wait();
    queue.add([](const ProgressFunction&, const CancelToken&) -> JobQueue::Ended { return [] {}; },
              [&](qint64 done, qint64 total) {
                  if (done == 0 && total == 0)
                      ++signsOfWaiting;
              },
              CancelToken());
    QTRY_VERIFY(signsOfRunning > 3 && signsOfWaiting > 3);
    goOn.set_value();
}

void TestJobQueue::reportsComeThrough()
{
    std::atomic<qint64> reported = 0;
    std::promise<void> ended;
    JobQueue queue(2, Never);
    queue.add(
        [&](const ProgressFunction& progress, const CancelToken&) -> JobQueue::Ended {
            progress(5, 9);
            return [&] { ended.set_value(); };
        },
        [&](qint64 done, qint64 total) { reported = 10 * done + total; }, CancelToken());
    queue.add(
        [](const ProgressFunction& progress, const CancelToken&) -> JobQueue::Ended {
            progress(1, 1);
            return [] {};
        },
        {}, CancelToken());
    ended.get_future().wait();
    QCOMPARE(reported.load(), 59);
}

void TestJobQueue::nothingIsReportedAfterTheEnd()
{
    std::atomic<bool> hasEnded = false;
    std::atomic<int> late = 0;
    std::atomic<int> others = 0;
    std::counting_semaphore<> goOn(0);
    JobQueue queue(2, Soon);
    queue.add([&](const ProgressFunction&,
                  const CancelToken&) -> JobQueue::Ended { return [&] { hasEnded = true; }; },
              [&](qint64, qint64) { late += hasEnded ? 1 : 0; }, CancelToken());
    QTRY_VERIFY(hasEnded);
    queue.add(
        [&](const ProgressFunction&, const CancelToken&) -> JobQueue::Ended {
            goOn.acquire();
            return [] {};
        },
        [&](qint64, qint64) { ++others; }, CancelToken());
    QTRY_VERIFY(others > 3);
    goOn.release();
    QCOMPARE(late.load(), 0);
}

void TestJobQueue::endCancelsWhatRunsAndWhatWaits()
{
    std::atomic<int> cancelled = 0;
    const CancelToken own;
    {
        JobQueue queue(1, Never);
        std::promise<void> begun;
        queue.add(
            [&](const ProgressFunction&, const CancelToken& cancel) -> JobQueue::Ended {
                begun.set_value();
                while (!cancel.isCancelled())
                    std::this_thread::yield();
                return [&] { ++cancelled; };
            },
            {}, CancelToken());
        begun.get_future().wait();
        queue.add(
            [&](const ProgressFunction&, const CancelToken& cancel) -> JobQueue::Ended {
                cancelled += cancel.isCancelled() ? 1 : 0;
                return [] {};
            },
            {}, own);
    }
    QCOMPARE(cancelled.load(), 2);
    QVERIFY(own.isCancelled());
}

QTEST_GUILESS_MAIN(TestJobQueue)
#include "tst_jobqueue.moc"
