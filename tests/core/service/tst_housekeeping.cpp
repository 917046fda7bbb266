// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "tests/core/service/servicefixture.h"

#include <QDirIterator>

#include <atomic>
#include <thread>

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestHousekeeping : public QObject {
    Q_OBJECT

    static constexpr qint64 MinuteMs = 60 * 1000;
    static constexpr qint64 DayMs = 24 * 60 * MinuteMs;
    const PackageId m_bert = model(QStringLiteral("acme/bert"));

    [[nodiscard]] qint64 downloads(ServiceFixture& hublet) const
    {
        return must(hublet->browse().package(hublet.permit(hublet.owner(), Action::Read, m_bert), m_bert))
            .downloads;
    }

    /// When the last sweep ended, in minutes after `startMs`; -1 when there was none.
    static qint64 sweptAfter(ServiceFixture& hublet, qint64 startMs)
    {
        const qint64 swept = must(hublet->maintenance().status()).lastSweepMs;
        return swept == 0 ? -1 : (swept - startMs) / MinuteMs;
    }

private slots:
    void storesDownloads()
    {
        ServiceFixture hublet;
        const auto package = hublet.createPackage(hublet.owner(), m_bert);
        for (int i = 0; i < 3; ++i)
            hublet->downloads().count(package.rowId);
        hublet->downloads().count(package.rowId + 1000); // gone meanwhile
        hublet->housekeeping().runDue();
        QCOMPARE(downloads(hublet), 0);
        hublet.clock().advance(MinuteMs);
        hublet->housekeeping().runDue();
        QCOMPARE(downloads(hublet), 3);
        hublet->downloads().count(package.rowId);
        hublet.reopen(); // what is left is stored at the end
        QCOMPARE(downloads(hublet), 4);
    }

    void countsAgainWhatCouldNotBeStored()
    {
        DownloadCounter counter;
        counter.count(1);
        counter.count(2);
        const auto counts = counter.take();
        counter.count(2);
        counter.putBack(counts);
        QCOMPARE(counter.take(), (QHash<qint64, qint64>{{1, 1}, {2, 2}}));
    }

    void sweepsOnceADay()
    {
        ServiceFixture hublet;
        const auto stored = [&] { return must(hublet->maintenance().status()).store.contents; };
        // What is stored as segments is kept for four weeks.
        hublet.setXet(false);
        QVERIFY(hublet.uploadLfs(hublet.owner(), someBytes(10'000)));
        QCOMPARE(stored(), 1);
        for (int day = 0; day < 3; ++day) {
            hublet.clock().advance(DayMs + 1);
            hublet->housekeeping().runDue();
        }
        QCOMPARE(stored(), 0);
    }

    void sweepsThoughSwitchedOffDaily()
    {
        ServiceFixture hublet;
        const auto stored = [&] { return must(hublet->maintenance().status()).store.contents; };
        hublet.setXet(false);
        QVERIFY(hublet.uploadLfs(hublet.owner(), someBytes(10'000)));
        for (int day = 0; day < 5; ++day) {
            hublet.clock().advance(DayMs - 60 * MinuteMs);
            hublet.reopen();
            hublet.clock().advance(60 * MinuteMs);
            hublet->housekeeping().runDue();
        }
        QCOMPARE(stored(), 0);
    }

    void sweepsNoMoreThanDailyAndSoonAfterItGaveWay()
    {
        ServiceFixture hublet;
        const qint64 start = hublet.clock().nowMs();
        const auto advanceTo = [&](qint64 minutes) {
            hublet.clock().advance(start + minutes * MinuteMs - hublet.clock().nowMs());
            hublet->housekeeping().runDue();
            return sweptAfter(hublet, start);
        };
        QCOMPARE(advanceTo(4), -1); // right after the start others want the disk
        QCOMPARE(advanceTo(6), 6);
        hublet.reopen();
        QCOMPARE(advanceTo(20 * 60), 6);
        bool isOther = false;
        const auto meanwhile = [&](qint64, qint64) {
            if (!std::exchange(isOther, true))
                QCOMPARE(advanceTo(25 * 60), 6); // due, but the backup runs
        };
        must(hublet->maintenance().backup(hublet.adminPermit(), hublet.file(QStringLiteral("b")), meanwhile,
                                          {}));
        QVERIFY(isOther);
        QCOMPARE(advanceTo(25 * 60 + 30), 6);
        QCOMPARE(advanceTo(26 * 60), 26 * 60);
    }

    void givesWay()
    {
        MaintenanceTurns turns;
        const CancelToken cancel;
        std::optional<MaintenanceTurns::Turn> background = must(turns.takeInBackground(cancel));
        QCOMPARE(errorName(turns.takeInBackground(CancelToken())), QStringLiteral("Busy"));
        std::atomic_bool taken{false};
        std::thread asking([&] {
            const auto turn = turns.take();
            taken = turn.has_value();
        });
        QTRY_VERIFY(cancel.isCancelled());
        QVERIFY(!taken);
        background.reset();
        asking.join();
        QVERIFY(taken);
        const auto first = turns.take();
        QVERIFY(first);
        QCOMPARE(errorName(turns.take()), QStringLiteral("Busy"));
    }
};

QTEST_GUILESS_MAIN(TestHousekeeping)
#include "tst_housekeeping.moc"
