// SPDX-License-Identifier: Apache-2.0
#include "core/store/contentstore.h"
#include "tests/core/store/storefixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::store;
using test::StoreFixture;
using test::testBytes;

class TestSweep : public QObject {
    Q_OBJECT
private slots:
    void keepsWhatIsUsed();
    void waitsBeforeItDeletes();
    void referencedAgainStopsTheClock();
    void uploadedAgainStopsTheClock();
    void dryRunOnlyCounts();
    void deadPacksGo();
    void mostlyDeadPacksAreRewritten();
    void damagedPacksAreLeftAlone();
    void openReadersGoOn();
    void failedRemovalsKeepNothingOpen();
    void filesWithoutRowsGo();
    void unfinishedUploadsAreLeftAlone();
    void canBeCancelled();
    void failingLiveListDeletesNothing();

private:
    static constexpr qint64 Day = 24LL * 3600 * 1000;
};

void TestSweep::keepsWhatIsUsed()
{
    StoreFixture fixture;
    const Sha256 small = fixture.put(testBytes(1000, 1))->sha256;
    const Sha256 large = fixture.put(testBytes(500'000, 1))->sha256;
    for (int day = 0; day < 5; ++day) {
        const auto report = fixture.sweep();
        QVERIFY(report);
        QCOMPARE(report->contents, 0);
        QCOMPARE(report->bytes, 0);
        fixture.clock.advance(Day);
    }
    QCOMPARE(fixture.get(small).value(), testBytes(1000, 1));
    QCOMPARE(fixture.get(large).value(), testBytes(500'000, 1));
}

void TestSweep::waitsBeforeItDeletes()
{
    StoreFixture fixture;
    const Sha256 large = fixture.put(testBytes(500'000, 1))->sha256;
    QVERIFY(fixture.dropUse(large));
    QCOMPARE(fixture.sweep()->contents, 0); // the clock starts here
    fixture.clock.advance(Day - 1);
    QCOMPARE(fixture.sweep()->contents, 0);
    QVERIFY(fixture.get(large));
    fixture.clock.advance(1);
    const auto report = fixture.sweep();
    QCOMPARE(report->contents, 1);
    QCOMPARE(report->bytes, 500'000);
    QCOMPARE(fixture.store->open(large).error().code(), ErrorCode::ContentMissing);
    QCOMPARE(fixture.files(), QStringList());
    QCOMPARE(fixture.store->summary()->storedBytes, 0);
}

void TestSweep::referencedAgainStopsTheClock()
{
    StoreFixture fixture;
    const Sha256 large = fixture.put(testBytes(500'000, 1))->sha256;
    QVERIFY(fixture.dropUse(large));
    QVERIFY(fixture.sweep());
    fixture.clock.advance(Day / 2);
    QVERIFY(fixture.database->write(
        [&](db::Transaction& transaction) { return StoreFixture::use(transaction, large); }));
    QVERIFY(fixture.sweep());
    QVERIFY(fixture.dropUse(large));
    fixture.clock.advance(Day);
    QCOMPARE(fixture.sweep()->contents, 0); // a new day began
    fixture.clock.advance(Day);
    QCOMPARE(fixture.sweep()->contents, 1);
}

void TestSweep::uploadedAgainStopsTheClock()
{
    for (const qint64 size : {qint64(1000), qint64(500'000)}) {
        StoreFixture fixture;
        const Sha256 content = fixture.put(testBytes(size, 1), false)->sha256;
        QVERIFY(fixture.sweep());
        fixture.clock.advance(Day);
        QVERIFY(fixture.put(testBytes(size, 1), false)); // not used by anything, but just uploaded
        QCOMPARE(fixture.sweep()->contents, 0);
        QCOMPARE(fixture.get(content).value(), testBytes(size, 1));
    }
}

void TestSweep::dryRunOnlyCounts()
{
    StoreFixture fixture;
    const Sha256 large = fixture.put(testBytes(500'000, 1), false)->sha256;
    const auto early = fixture.sweep(true);
    QCOMPARE(early->contents, 0);
    QVERIFY(fixture.sweep());
    fixture.clock.advance(Day);
    const auto report = fixture.sweep(true);
    QCOMPARE(report->contents, 1);
    QCOMPARE(report->bytes, 500'000);
    QVERIFY(fixture.get(large));
    QCOMPARE(fixture.sweep()->contents, 1);
}

void TestSweep::deadPacksGo()
{
    StoreFixture fixture;
    ContentWriter writer = fixture.store->writer();
    for (quint32 i = 0; i < 100; ++i)
        QVERIFY(StoreFixture::stage(writer, testBytes(1000, i)));
    QVERIFY(writer.publish());
    QVERIFY(
        fixture.database->write([&](db::Transaction& transaction) { return writer.record(transaction); }));
    {
        const ContentWriter done = std::move(writer);
    } // gives its leases back
    QVERIFY(fixture.sweep());
    fixture.clock.advance(Day);
    const auto report = fixture.sweep();
    QCOMPARE(report->contents, 100);
    QVERIFY(report->bytes > 100'000);
    QCOMPARE(fixture.files(), QStringList());
}

void TestSweep::mostlyDeadPacksAreRewritten()
{
    StoreFixture fixture;
    QList<Sha256> contents;
    {
        ContentWriter writer = fixture.store->writer();
        for (quint32 i = 0; i < 100; ++i)
            contents += StoreFixture::stage(writer, testBytes(i == 50 ? 0 : 1000, i))->sha256;
        QVERIFY(writer.publish());
        QVERIFY(fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
            for (const int i : {3, 50, 99}) {
                if (const auto used = StoreFixture::use(transaction, contents[i]); !used)
                    return used;
            }
            return writer.record(transaction);
        }));
    }
    const QStringList before = fixture.files();
    QCOMPARE(before.size(), 1);
    QVERIFY(fixture.sweep());
    QCOMPARE(fixture.files(), before);
    fixture.clock.advance(Day);
    const auto report = fixture.sweep();
    QCOMPARE(report->contents, 97);
    QVERIFY(report->bytes > 90'000);
    QCOMPARE(fixture.files().size(), 1);
    QVERIFY(fixture.files() != before);
    QCOMPARE(fixture.get(contents[3]).value(), testBytes(1000, 3));
    QCOMPARE(fixture.get(contents[50]).value(), QByteArray());
    QCOMPARE(fixture.get(contents[99]).value(), testBytes(1000, 99));
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
    const QStringList after = fixture.files();
    QCOMPARE(fixture.sweep()->bytes, 0); // done once, not at each sweep
    QCOMPARE(fixture.files(), after);
}

void TestSweep::damagedPacksAreLeftAlone()
{
    StoreFixture fixture;
    const QByteArray kept = testBytes(1000, 1);
    {
        ContentWriter writer = fixture.store->writer();
        const auto content = StoreFixture::stage(writer, kept);
        QVERIFY(StoreFixture::stage(writer, testBytes(10'000, 2)));
        QVERIFY(writer.publish());
        QVERIFY(fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
            if (const auto used = StoreFixture::use(transaction, content->sha256); !used)
                return used;
            return writer.record(transaction);
        }));
    }
    fixture.flipByte(fixture.files().first(), 500); // inside the content that is kept
    QVERIFY(fixture.sweep());
    fixture.clock.advance(Day);
    const QStringList before = fixture.files();
    const auto report = fixture.sweep();
    QVERIFY(report);
    QCOMPARE(report->contents, 1);
    QCOMPARE(fixture.files(),
             before); // evidence, and perhaps a readable neighbour: never copied, never deleted
}

void TestSweep::openReadersGoOn()
{
    StoreFixture fixture;
    const QByteArray bytes = testBytes(500'000, 1);
    const Sha256 sha256 = fixture.put(bytes, false)->sha256;
    const auto content = fixture.store->open(sha256);
    QVERIFY(content);
    fixture.options.keepUnreferencedMs = 0;
    fixture.reopen();
    QCOMPARE(fixture.sweep()->contents, 1);
    QCOMPARE(fixture.store->open(sha256).error().code(), ErrorCode::ContentMissing);
    QCOMPARE(readAt(content->extents[0].file->get(), content->extents[0].offset, content->size).value(),
             bytes);
}

/// The rows are gone, and nobody would ever close the descriptors, which keep the space.
void TestSweep::failedRemovalsKeepNothingOpen()
{
    StoreFixture fixture;
    const QString aside = fixture.root + QStringLiteral("/aside");
    QVERIFY(QDir().mkpath(aside));
    for (const quint32 seed : {1U, 2U}) {
        const Sha256 content = fixture.put(testBytes(500'000, seed), false)->sha256;
        QVERIFY(fixture.get(content)); // open from now on
        const QString path = fixture.options.folder + u'/' + StoreFixture::blobPath(content);
        QVERIFY(QFile::rename(path, aside + u'/' + QString::number(seed)));
        QVERIFY(QDir().mkpath(path)); // which unlink does not remove
    }
    QVERIFY(fixture.sweep());
    fixture.clock.advance(Day);
    QVERIFY(!fixture.sweep());
    QCOMPARE(fixture.store->summary()->contents, 0);
    const QDir descriptors(QStringLiteral("/proc/self/fd"));
    for (const QString& number : descriptors.entryList(QDir::AllEntries | QDir::System))
        QVERIFY(!QFile::symLinkTarget(descriptors.filePath(number)).startsWith(aside));
}

void TestSweep::filesWithoutRowsGo()
{
    StoreFixture fixture;
    const Sha256 kept = fixture.put(testBytes(500'000, 1))->sha256;
    QVERIFY(fixture.put(testBytes(500, 1)));
    const QStringList before = fixture.files();
    const QString hex = QString::fromLatin1(Sha256Hasher::hash("x").toHex());
    for (const QString& path : {QStringLiteral("blobs/ab/cd/") + hex, QStringLiteral("packs/ab/") + hex,
                                QStringLiteral("blobs/not-ours"), QStringLiteral("blobs/ab/README")}) {
        const QString full = fixture.options.folder + u'/' + path;
        QVERIFY(QDir().mkpath(QFileInfo(full).path()));
        QFile file(full);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("12345");
    }
    // The name lies: a file is found by its name, so one in the wrong folder is not this store's.
    QCOMPARE(fixture.sweep(true)->staging, 2);
    const QString blob = fixture.options.folder + u'/' + StoreFixture::blobPath(Sha256Hasher::hash("x"));
    QVERIFY(QDir().mkpath(QFileInfo(blob).path()));
    QVERIFY(QFile::rename(fixture.options.folder + QStringLiteral("/blobs/ab/cd/") + hex, blob));
    const auto report = fixture.sweep();
    QVERIFY(report);
    QCOMPARE(report->staging, 1);
    QCOMPARE(report->bytes, 5);
    QVERIFY(!QFile::exists(blob));
    QVERIFY(fixture.get(kept));
    for (const QString& file : before)
        QVERIFY(fixture.files().contains(file));
}

void TestSweep::unfinishedUploadsAreLeftAlone()
{
    StoreFixture fixture;
    fixture.options.keepUnreferencedMs = 0;
    fixture.reopen();
    const QByteArray small = testBytes(1000, 1);
    const QByteArray large = testBytes(500'000, 1);
    const QByteArray known = testBytes(400'000, 2);
    QVERIFY(fixture.put(known, false));
    ContentWriter writer = fixture.store->writer();
    QVERIFY(StoreFixture::stage(writer, known)); // leased although nothing refers to it
    QVERIFY(StoreFixture::stage(writer, small));
    QVERIFY(StoreFixture::stage(writer, large));
    QCOMPARE(fixture.sweep()->contents, 0);
    QVERIFY(writer.publish());
    const auto between = fixture.sweep();
    QCOMPARE(between->contents, 0);
    QCOMPARE(between->staging, 0);
    QVERIFY(fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
        for (const QByteArray& bytes : {small, large, known}) {
            if (const auto used = StoreFixture::use(transaction, Sha256Hasher::hash(bytes)); !used)
                return used;
        }
        return writer.record(transaction);
    }));
    {
        const ContentWriter done = std::move(writer);
    }
    QCOMPARE(fixture.sweep()->contents, 0);
    for (const QByteArray& bytes : {small, large, known})
        QCOMPARE(fixture.get(Sha256Hasher::hash(bytes)).value(), bytes);
}

void TestSweep::canBeCancelled()
{
    StoreFixture fixture;
    QVERIFY(fixture.put(testBytes(500'000, 1), false));
    CancelToken cancelled;
    cancelled.cancel();
    QCOMPARE(fixture.store->sweep(StoreFixture::live(), false, {}, cancelled).error().code(),
             ErrorCode::Cancelled);
}

void TestSweep::failingLiveListDeletesNothing()
{
    StoreFixture fixture;
    fixture.options.keepUnreferencedMs = 0;
    fixture.reopen();
    const Sha256 content = fixture.put(testBytes(500'000, 1), false)->sha256;
    for (const int failAt : {1, 2}) {
        int looks = 0;
        const LiveContents live = [&](db::Transaction&,
                                      const std::function<void(const Sha256&)>&) -> Result<void> {
            if (++looks == failAt)
                return fail(ErrorCode::Database, QStringLiteral("broken"));
            return {};
        };
        QCOMPARE(fixture.store->sweep(live, false, {}, CancelToken()).error().code(), ErrorCode::Database);
        QVERIFY(fixture.get(content));
    }
}

QTEST_GUILESS_MAIN(TestSweep)
#include "tst_sweep.moc"
