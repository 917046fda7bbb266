// SPDX-License-Identifier: Apache-2.0
#include "core/access/passwordhasher.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace hublet;
using namespace hublet::access;

class TestPasswordHasher : public QObject {
    Q_OBJECT

    static bool verify(const PasswordHasher& hasher, const QByteArray& hash, QByteArrayView password)
    {
        const auto turn = hasher.takeTurn();
        return turn && hasher.verify(*turn, hash, password);
    }
    static qint64 medianVerifyNs(const PasswordHasher& hasher, const QByteArray& hash)
    {
        constexpr int Rounds = 5;
        std::array<qint64, Rounds> times{};
        for (qint64& time : times) {
            QElapsedTimer timer;
            timer.start();
            (void)verify(hasher, hash, "not the password");
            time = timer.nsecsElapsed();
        }
        std::sort(times.begin(), times.end());
        return times[Rounds / 2];
    }

private slots:
    void hashesAreVerified()
    {
        const PasswordHasher hasher(PasswordCost::Minimal);
        const auto hash = hasher.hash("correct horse");
        QVERIFY(hash);
        QVERIFY(verify(hasher, *hash, "correct horse"));
        QVERIFY(!verify(hasher, *hash, "correct horsf"));
        QVERIFY(!verify(hasher, *hash, {}));
        QVERIFY(!verify(hasher, *hash, QByteArray(PasswordHasher::MaxPasswordBytes + 1, 'x')));
        const auto again = hasher.hash("correct horse");
        QVERIFY(again);
        QVERIFY2(*again != *hash, "each hash has a salt of its own");
    }

    void noHashIsNeverRight()
    {
        const PasswordHasher hasher(PasswordCost::Minimal);
        QVERIFY(!verify(hasher, {}, {}));
        QVERIFY(!verify(hasher, {}, "anything at all"));
    }

    void lengthIsChecked()
    {
        const PasswordHasher hasher(PasswordCost::Minimal);
        for (const qsizetype length :
             {PasswordHasher::MinPasswordBytes - 1, PasswordHasher::MaxPasswordBytes + 1}) {
            const auto hash = hasher.hash(QByteArray(length, 'x'));
            QVERIFY(!hash);
            QCOMPARE(hash.error().code(), ErrorCode::InvalidArgument);
        }
        QVERIFY(hasher.hash(QByteArray(PasswordHasher::MinPasswordBytes, 'x')));
        QVERIFY(hasher.hash(QByteArray(PasswordHasher::MaxPasswordBytes, 'x')));
    }

    void interactiveCostIsTheDocumentedOne()
    {
        const PasswordHasher interactive(PasswordCost::Interactive);
        const auto hash = interactive.hash("correct horse");
        QVERIFY(hash);
        QVERIFY2(hash->startsWith("$argon2id$v=19$m=65536,t=2,p=1$"), hash->constData());
        QVERIFY(!interactive.isOutdated(*hash));
        QVERIFY(PasswordHasher(PasswordCost::Minimal).isOutdated(*hash));
    }

    /// A user who does not exist must not answer faster. The bound leaves room for a busy machine; a skipped
    /// hash would be a thousand times faster.
    void unknownUserTakesAsLong()
    {
        const PasswordHasher hasher(PasswordCost::Interactive);
        const auto hash = hasher.hash("correct horse");
        QVERIFY(hash);
        const double ratio = double(medianVerifyNs(hasher, {})) / double(medianVerifyNs(hasher, *hash));
        QVERIFY2(ratio > 0.5 && ratio < 2.0, qPrintable(QString::number(ratio)));
    }

    void onlyTwoAtOnce()
    {
        const PasswordHasher hasher(PasswordCost::Minimal);
        std::atomic<int> running = 0;
        std::atomic<int> most = 0;
        std::atomic<int> refused = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int round = 0; round < 50; ++round) {
                    const auto turn = hasher.takeTurn();
                    refused += turn ? 0 : 1;
                    const int now = ++running;
                    int seen = most;
                    while (seen < now && !most.compare_exchange_weak(seen, now)) {
                    }
                    std::this_thread::yield();
                    --running;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(refused.load(), 0);
        QCOMPARE(most.load(), PasswordHasher::MaxAtOnce);
    }
};

QTEST_GUILESS_MAIN(TestPasswordHasher)
#include "tst_passwordhasher.moc"
