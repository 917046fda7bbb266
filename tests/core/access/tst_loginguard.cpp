// SPDX-License-Identifier: Apache-2.0
#include "core/access/loginguard.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace hublet::access;

class TestLoginGuard : public QObject {
    Q_OBJECT

    static void failTimes(LoginGuard& guard, int times, const QByteArray& account, const QByteArray& address)
    {
        for (int i = 0; i < times; ++i) {
            QVERIFY(guard.begin(account, address));
            guard.finish(account, address, false);
        }
    }

private slots:
    void accountIsLockedAfterFiveFailures()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        failTimes(guard, LoginGuard::MaxFailuresPerAccount, "alice", "10.0.0.1");
        QVERIFY(!guard.begin("alice", "10.0.0.1"));
        QVERIFY2(!guard.begin("alice", "10.0.0.2"), "from another address too");
        QVERIFY2(guard.begin("bob", "10.0.0.1"), "other accounts are not locked");
    }

    void addressIsLockedAfterTwentyFailures()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        for (int i = 0; i < LoginGuard::MaxFailuresPerAddress; ++i)
            failTimes(guard, 1, "user" + QByteArray::number(i), "10.0.0.1");
        QVERIFY(!guard.begin("fresh", "10.0.0.1"));
        QVERIFY(guard.begin("fresh", "10.0.0.2"));
    }

    void lockEndsWithTheWindow()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        failTimes(guard, LoginGuard::MaxFailuresPerAccount, "alice", "10.0.0.1");
        clock.advance(LoginGuard::WindowMs - 1);
        QVERIFY(!guard.begin("alice", "10.0.0.1"));
        clock.advance(1);
        QVERIFY(guard.begin("alice", "10.0.0.1"));
    }

    void rightPasswordForgivesTheAccountOnly()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        for (int round = 0; round < LoginGuard::MaxFailuresPerAddress / 4; ++round) {
            failTimes(guard, 4, "alice", "10.0.0.1");
            if (round < LoginGuard::MaxFailuresPerAddress / 4 - 1) {
                QVERIFY(guard.begin("alice", "10.0.0.1"));
                guard.finish("alice", "10.0.0.1", true);
            }
        }
        QVERIFY2(!guard.begin("bob", "10.0.0.1"), "20 failures of this address stay counted");
    }

    void attemptsUnderWayCount()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        failTimes(guard, LoginGuard::MaxFailuresPerAccount - 1, "alice", {});
        QVERIFY(guard.begin("alice", {}));
        QVERIFY2(!guard.begin("alice", {}), "a guess beside the fifth would be a sixth");
        guard.finish("alice", {}, true);
        QVERIFY(guard.begin("alice", {}));
    }

    void emptyAddressIsNotLimited()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        for (int i = 0; i < 2 * LoginGuard::MaxFailuresPerAddress; ++i)
            failTimes(guard, 1, "user" + QByteArray::number(i), {});
        QVERIFY(guard.begin("fresh", {}));
    }

    void accountNamedLikeAnAddressIsNotMixedUp()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        failTimes(guard, LoginGuard::MaxFailuresPerAccount, "10.0.0.1", {});
        QVERIFY(guard.begin("alice", "10.0.0.1"));
    }

    void tableIsBoundedAndRecovers()
    {
        hublet::test::FakeClock clock;
        LoginGuard guard(clock);
        for (qsizetype i = 0; i < LoginGuard::MaxKeys; ++i)
            failTimes(guard, 1, "user" + QByteArray::number(i), {});
        QVERIFY2(!guard.begin("one-more", {}), "full of failures that still count");
        clock.advance(LoginGuard::WindowMs);
        QVERIFY(guard.begin("one-more", {}));
    }
};

QTEST_GUILESS_MAIN(TestLoginGuard)
#include "tst_loginguard.moc"
