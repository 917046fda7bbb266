// SPDX-License-Identifier: Apache-2.0
#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/base/uniquefd.h"
#include "core/base/workerpool.h"
#include "tests/support/fakeclock.h"

#include <QSet>
#include <QTest>

#include <fcntl.h>

#include <algorithm>

using namespace hublet;

/// The small types of core/base that need no file of their own.
class TestBase : public QObject {
    Q_OBJECT
private slots:
    void isoTimes_data();
    void isoTimes();
    void fakeClockMovesByHand();
    void errorsTellTheirCauses();
    void everyErrorCodeHasAName();
    void uniqueFdClosesOnce();
    void cancelIsShared();
    void randomTextHasItsAlphabet();
    void workerPoolRunsEverything();
};

void TestBase::isoTimes_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("epoch") << qint64(0) << QByteArray("1970-01-01T00:00:00.000Z");
    QTest::newRow("milliseconds") << qint64(1'769'847'300'007) << QByteArray("2026-01-31T08:15:00.007Z");
    QTest::newRow("leap day") << qint64(1'709'164'799'999) << QByteArray("2024-02-28T23:59:59.999Z");
    QTest::newRow("before the epoch") << qint64(-1) << QByteArray("1969-12-31T23:59:59.999Z");
}

void TestBase::isoTimes()
{
    QFETCH(qint64, ms);
    QFETCH(QByteArray, text);
    QCOMPARE(isoTime(ms), text);
}

void TestBase::fakeClockMovesByHand()
{
    test::FakeClock clock(1000);
    QCOMPARE(clock.nowMs(), 1000);
    clock.advance(5);
    QCOMPARE(clock.nowMs(), 1005);
    QVERIFY(SystemClock().nowMs() > 1'700'000'000'000);
}

void TestBase::errorsTellTheirCauses()
{
    const Result<int> inner = fail(ErrorCode::Io, QStringLiteral("disk"));
    const Result<int> outer = fail(ErrorCode::Database, QStringLiteral("query"), inner.error());
    QCOMPARE(outer.error().code(), ErrorCode::Database);
    QCOMPARE(outer.error().describe(), QStringLiteral("query: disk"));
    QCOMPARE(outer.error().cause()->code(), ErrorCode::Io);
    const Result<QString> forwarded = forward(outer);
    QCOMPARE(forwarded.error().describe(), QStringLiteral("query: disk"));
}

void TestBase::everyErrorCodeHasAName()
{
    QSet<QByteArray> names;
    for (int code = 0; code <= int(ErrorCode::Internal); ++code)
        names.insert(errorCodeName(ErrorCode(code)));
    QCOMPARE(names.size(), int(ErrorCode::Internal) + 1);
}

void TestBase::uniqueFdClosesOnce()
{
    int number = -1;
    {
        UniqueFd first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        QVERIFY(first.isValid());
        number = first.get();
        UniqueFd second = std::move(first);
        QVERIFY(!first.isValid()); // NOLINT: the moved-from state is what is tested
        QCOMPARE(second.get(), number);
        UniqueFd third;
        third = std::move(second);
        QVERIFY(::fcntl(number, F_GETFD) >= 0);
        UniqueFd fourth(third.release());
        QVERIFY(!third.isValid());
    }
    QCOMPARE(::fcntl(number, F_GETFD), -1);
}

void TestBase::cancelIsShared()
{
    const CancelToken token;
    const CancelToken copy = token;
    QVERIFY(!copy.isCancelled());
    token.cancel();
    QVERIFY(copy.isCancelled());
    QVERIFY(!CancelToken().isCancelled());
}

void TestBase::randomTextHasItsAlphabet()
{
    QSet<char> seen;
    QSet<QByteArray> values;
    for (int i = 0; i < 200; ++i) {
        const QByteArray text = randomBase62(28);
        QCOMPARE(text.size(), 28);
        values.insert(text);
        for (const char c : text)
            seen.insert(c);
    }
    QCOMPARE(values.size(), 200);
    QCOMPARE(seen.size(), 62);
    QVERIFY(std::all_of(seen.begin(), seen.end(),
                        [](char c) { return QChar::fromLatin1(c).isLetterOrNumber(); }));
    QCOMPARE(randomBytes(33).size(), 33);
    const QByteArray id = randomHubId();
    QCOMPARE(id.size(), 24);
    QCOMPARE(QByteArray::fromHex(id).size(), 12);
}

void TestBase::workerPoolRunsEverything()
{
    std::atomic<int> done = 0;
    {
        WorkerPool pool(3);
        for (int i = 0; i < 100; ++i)
            pool.post([&] { ++done; });
        auto answer = pool.run([] { return 42; });
        QCOMPARE(answer.result(), 42);
        pool.waitForDone();
        QCOMPARE(done.load(), 100);
        for (int i = 0; i < 100; ++i)
            pool.post([&] { ++done; });
    }
    QCOMPARE(done.load(), 200); // destruction waits
}

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
