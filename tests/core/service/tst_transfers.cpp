// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/transfers.h"

#include "tests/support/fakeclock.h"

#include <QTest>

#include <thread>

using namespace hublet;
using namespace hublet::service;

class TestTransfers : public QObject {
    Q_OBJECT

    static TransferInfo named(const QString& file)
    {
        TransferInfo info;
        info.file = file;
        return info;
    }

private slots:
    void showsWhatRunsAndWhatRan()
    {
        test::FakeClock clock(1000);
        Transfers transfers(clock);
        auto first = transfers.start(named(QStringLiteral("first")));
        clock.advance(5);
        auto second = transfers.start(named(QStringLiteral("second")));
        first->add(3);
        first->add(4);
        first->setTotal(10);

        auto all = transfers.snapshot();
        QCOMPARE(all.size(), 2U);
        QCOMPARE(all[0].file, QStringLiteral("second"));
        QCOMPARE(all[1].done, 7);
        QCOMPARE(all[1].total, 10);
        QCOMPARE(all[1].startedMs, 1000);
        QCOMPARE(all[1].endedMs, 0);

        second->fail(QStringLiteral("why"));
        second->fail(QStringLiteral("later"));
        second.reset();
        all = transfers.snapshot();
        QCOMPARE(all[0].file, QStringLiteral("first"));
        QCOMPARE(all[1].error, QStringLiteral("why"));
        QCOMPARE(all[1].endedMs, 1005);
        QVERIFY(all[0].id != all[1].id);
    }

    void forgetsTheOldest()
    {
        Transfers transfers;
        for (int i = 0; i < Transfers::HistoryLimit + 10; ++i)
            (void)transfers.start(named(QString::number(i)));
        const auto all = transfers.snapshot();
        QCOMPARE(int(all.size()), Transfers::HistoryLimit);
        QCOMPARE(all.front().file, QString::number(Transfers::HistoryLimit + 9));
        QCOMPARE(all.back().file, QStringLiteral("10"));
    }

    void shortensClients()
    {
        Transfers transfers;
        TransferInfo info;
        info.client = QString(5000, u'x');
        const auto handle = transfers.start(info);
        QVERIFY(transfers.snapshot().front().client.size() <= 100);
    }

    void standsThreads()
    {
        constexpr int Threads = 4;
        constexpr int Rounds = 500;
        Transfers transfers;
        std::vector<std::thread> threads;
        for (int i = 0; i < Threads; ++i) {
            threads.emplace_back([&transfers] {
                for (int round = 0; round < Rounds; ++round) {
                    const auto handle = transfers.start({});
                    handle->add(round);
                    const auto seen = transfers.snapshot();
                    Q_UNUSED(seen)
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        const auto all = transfers.snapshot();
        QCOMPARE(int(all.size()), Transfers::HistoryLimit);
        QVERIFY(
            std::all_of(all.begin(), all.end(), [](const TransferInfo& info) { return info.endedMs > 0; }));
    }
};

QTEST_GUILESS_MAIN(TestTransfers)
#include "tst_transfers.moc"
