// SPDX-License-Identifier: Apache-2.0
#include "core/store/contentstore.h"
#include "tests/core/store/storefixture.h"

#include <QTest>

#include <random>
#include <thread>

using namespace hublet;
using namespace hublet::store;
using test::StoreFixture;
using test::testBytes;

namespace {

/// The same throws for the same seed, on every machine.
class Dice {
public:
    explicit Dice(quint32 seed) : m_engine(seed) {}
    [[nodiscard]] quint32 roll(quint32 sides) { return quint32(m_engine() % sides); }

private:
    std::mt19937 m_engine;
};

} // namespace

/// Sweeps beside uploads.
class TestSweepRaces : public QObject {
    Q_OBJECT
private slots:
    void becomesLiveWhileSweeping();
    void interleavings_data();
    void interleavings();
    void stress();
};

void TestSweepRaces::becomesLiveWhileSweeping()
{
    StoreFixture fixture;
    fixture.options.keepUnreferencedMs = 0;
    fixture.reopen();
    const Sha256 content = fixture.put(testBytes(500'000, 1), false)->sha256;
    int looks = 0;
    const LiveContents live = [&](db::Transaction& transaction,
                                  const std::function<void(const Sha256&)>& visit) {
        const auto listed = StoreFixture::live()(transaction, visit);
        if (++looks == 1) { // a commit that names the content lands right after the first look
            std::thread commit([&] {
                QVERIFY(fixture.database->write(
                    [&](db::Transaction& inner) { return StoreFixture::use(inner, content); }));
            });
            commit.join();
        }
        return listed;
    };
    const auto report = fixture.store->sweep(live, false, {}, CancelToken());
    QVERIFY(report);
    QCOMPARE(looks, 2);
    QCOMPARE(report->contents, 0);
    QVERIFY(fixture.get(content));
}

void TestSweepRaces::interleavings_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 0; seed < 60; ++seed)
        QTest::addRow("%u", seed) << seed;
}

/// Steps of three uploads, in a seeded order, between the steps of sweeps: before, at the first look, at the
/// second look inside the deleting transaction, and after. Nothing that was committed may be lost.
void TestSweepRaces::interleavings()
{
    QFETCH(quint32, seed);
    Dice dice(seed);
    StoreFixture fixture;
    fixture.options.keepUnreferencedMs = 0;
    fixture.reopen();
    struct Upload {
        std::optional<ContentWriter> writer;
        int step = 0;
        QList<Sha256> contents;
    };
    std::vector<Upload> uploads(3);
    QMap<Sha256, QByteArray> committed;
    const auto bytesOf = [](quint32 n) { return testBytes(n % 2 == 0 ? 2'000 : 300'000, n); };

    const auto advance = [&](Upload& upload, bool mayWrite) {
        switch (upload.step) {
        case 0:
            upload.writer.emplace(fixture.store->writer());
            upload.contents.clear();
            break;
        case 1:
        case 2: {
            const auto staged = StoreFixture::stage(*upload.writer, bytesOf(dice.roll(4)));
            QVERIFY(staged);
            upload.contents += staged->sha256;
            break;
        }
        case 3:
            QVERIFY(upload.writer->publish());
            break;
        case 4:
            if (!mayWrite)
                return;
            if (dice.roll(4) != 0) {
                QVERIFY(fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
                    for (const Sha256& content : upload.contents) {
                        if (const auto used = StoreFixture::use(transaction, content); !used)
                            return used;
                    }
                    return upload.writer->record(transaction);
                }));
                for (const Sha256& content : upload.contents)
                    committed.insert(content, {});
            }
            break;
        default:
            if (!mayWrite) // a writer looks into the database when it ends
                return;
            upload.writer.reset();
            upload.step = -1;
        }
        ++upload.step;
    };
    // On a thread of its own: the callbacks below run inside a transaction of the sweeping thread.
    const auto advanceSome = [&](bool mayWrite) {
        std::thread([&] {
            for (quint32 i = dice.roll(5); i > 0; --i)
                advance(uploads[dice.roll(quint32(uploads.size()))], mayWrite);
        }).join();
    };

    for (int round = 0; round < 6; ++round) {
        advanceSome(true);
        if (!committed.isEmpty() && dice.roll(2) == 0) {
            const Sha256 dropped = committed.firstKey();
            QVERIFY(fixture.dropUse(dropped));
            committed.remove(dropped);
        }
        int looks = 0;
        const LiveContents live = [&](db::Transaction& transaction,
                                      const std::function<void(const Sha256&)>& visit) {
            const auto listed = StoreFixture::live()(transaction, visit);
            advanceSome(++looks == 1); // the second look holds the writer thread
            return listed;
        };
        QVERIFY(fixture.store->sweep(live, false, {}, CancelToken()));
        for (auto content = committed.cbegin(); content != committed.cend(); ++content) {
            const auto bytes = fixture.get(content.key());
            QVERIFY2(bytes, qPrintable(bytes ? QString() : bytes.error().describe()));
            QCOMPARE(Sha256Hasher::hash(*bytes), content.key());
        }
    }
    uploads.clear();
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
}

/// The same with real threads: three upload, one drops uses, one sweeps as often as it can.
void TestSweepRaces::stress()
{
    StoreFixture fixture;
    fixture.options.keepUnreferencedMs = 0;
    fixture.reopen();
    constexpr int Uploaders = 3;
    constexpr int Rounds = 60;
    constexpr quint32 Contents = 6; // few, so that all meet
    std::atomic<int> failures = 0;
    std::atomic<bool> stop = false;
    const auto bytesOf = [](quint32 n) { return testBytes(n % 2 == 0 ? 2'000 : 280'000, n); };
    QVERIFY(fixture.database->write([](db::Transaction& transaction) {
        return transaction.query(u"CREATE TABLE held (owner TEXT, sha256 BLOB)").run();
    }));
    std::vector<std::thread> uploaders;
    for (int t = 0; t < Uploaders; ++t) {
        uploaders.emplace_back([&, t] {
            Dice dice{quint32(t)};
            for (int round = 0; round < Rounds; ++round) {
                const QByteArray first = bytesOf(dice.roll(Contents));
                const QByteArray second = bytesOf(dice.roll(Contents));
                const QString owner = QStringLiteral("%1-%2").arg(t).arg(round);
                {
                    ContentWriter writer = fixture.store->writer();
                    const auto a = StoreFixture::stage(writer, first);
                    const auto b = StoreFixture::stage(writer, second);
                    if (!a || !b || !writer.publish()) {
                        ++failures;
                        continue;
                    }
                    const auto committed =
                        fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
                            for (const Sha256& sha256 : {a->sha256, b->sha256}) {
                                const auto held =
                                    transaction.query(u"INSERT INTO held (owner, sha256) VALUES (?, ?)")
                                        .run(owner, sha256);
                                if (!held)
                                    return held;
                            }
                            return writer.record(transaction);
                        });
                    if (!committed)
                        ++failures;
                }
                for (const QByteArray& bytes : {first, second}) {
                    const auto got = fixture.get(Sha256Hasher::hash(bytes));
                    if (!got || *got != bytes)
                        ++failures;
                }
                const auto dropped = fixture.database->write([&](db::Transaction& transaction) {
                    return transaction.query(u"DELETE FROM held WHERE owner = ?").run(owner);
                });
                if (!dropped)
                    ++failures;
            }
        });
    }
    const LiveContents live = [](db::Transaction& transaction,
                                 const std::function<void(const Sha256&)>& visit) -> Result<void> {
        db::Query query = transaction.query(u"SELECT sha256 FROM held");
        if (const auto run = query.run(); !run)
            return run;
        while (query.next())
            visit(query.digest<Sha256>(0));
        return {};
    };
    qint64 swept = 0;
    std::thread sweeper([&] {
        while (!stop) {
            const auto report = fixture.store->sweep(live, false, {}, CancelToken());
            if (report)
                swept += report->contents;
            else
                ++failures;
        }
    });
    for (std::thread& thread : uploaders)
        thread.join();
    stop = true;
    sweeper.join();
    QCOMPARE(failures.load(), 0);
    QVERIFY(swept > 0);
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
}

QTEST_GUILESS_MAIN(TestSweepRaces)
#include "tst_sweepraces.moc"
