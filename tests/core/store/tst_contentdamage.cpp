// SPDX-License-Identifier: Apache-2.0
#include "core/store/contentstore.h"
#include "core/store/context/storecontext.h"
#include "tests/core/store/storefixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::store;
using test::StoreFixture;
using test::testBytes;

/// Stored files that are damaged, missing or left over.
class TestContentDamage : public QObject {
    Q_OBJECT
private slots:
    void damagedBlobIsRepairedByUpload();
    void damagedPackedContentIsRepairedByUpload();
    void leftoverFileIsChecked_data();
    void leftoverFileIsChecked();
    void readAllChecksWhatItReads();
    void verifyFindsEveryDamage();
    void verifyInPartsTakesTurns();
    void verifyInPartsLeavesKnownDamageOut();
    void lateVerdictsDoNotUndoRepairs();
    void verifyStopsInsideAContent();
    void missingFilesAreFoundAtStart();
    void stagingLeftoversAreRemovedAtStart();
};

void TestContentDamage::damagedBlobIsRepairedByUpload()
{
    StoreFixture fixture;
    const QByteArray bytes = testBytes(700'000, 1);
    const Sha256 sha256 = fixture.put(bytes)->sha256;
    QCOMPARE(fixture.get(sha256).value(), bytes);
    fixture.flipByte(StoreFixture::blobPath(sha256), 333'333);
    fixture.clock.advance(31LL * 24 * 3600 * 1000); // the first verification is too old to be trusted
    QVERIFY(fixture.put(bytes));
    QCOMPARE(fixture.get(sha256).value(), bytes);
    QCOMPARE(fixture.files(QStringLiteral("quarantine")).size(), 1);
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
}

void TestContentDamage::damagedPackedContentIsRepairedByUpload()
{
    StoreFixture fixture;
    const QByteArray bytes = testBytes(7'000, 1);
    const Sha256 sha256 = fixture.put(bytes)->sha256;
    fixture.flipByte(fixture.files(QStringLiteral("packs")).first(), 1000);
    QCOMPARE(fixture.store->verify({}, CancelToken())->size(), 1); // and so it is distrusted
    QVERIFY(fixture.put(bytes));
    QCOMPARE(fixture.get(sha256).value(), bytes);
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
}

void TestContentDamage::leftoverFileIsChecked_data()
{
    QTest::addColumn<QByteArray>("found");
    QTest::addColumn<int>("quarantined");
    const QByteArray bytes = testBytes(700'000, 1);
    QTest::newRow("the same") << bytes << 0;
    QTest::newRow("other bytes") << testBytes(700'000, 2) << 1;
    QTest::newRow("shorter") << bytes.left(600'000) << 1;
    QTest::newRow("empty") << QByteArray() << 1;
}

void TestContentDamage::leftoverFileIsChecked()
{
    QFETCH(QByteArray, found);
    QFETCH(int, quarantined);
    StoreFixture fixture;
    const QByteArray bytes = testBytes(700'000, 1);
    const Sha256 sha256 = Sha256Hasher::hash(bytes);
    const QString path = fixture.options.folder + u'/' + StoreFixture::blobPath(sha256);
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile leftover(path); // as a process leaves it that is killed before its transaction
    QVERIFY(leftover.open(QIODevice::WriteOnly));
    leftover.write(found);
    leftover.close();
    QVERIFY(fixture.put(bytes));
    QCOMPARE(fixture.get(sha256).value(), bytes);
    QCOMPARE(fixture.files(QStringLiteral("quarantine")).size(), quarantined);
}

void TestContentDamage::readAllChecksWhatItReads()
{
    StoreFixture fixture;
    const QByteArray bytes = testBytes(7'000, 1);
    const Sha256 sha256 = fixture.put(bytes)->sha256;
    QCOMPARE(fixture.store->readAll(sha256, 7'000).value(), bytes);
    QCOMPARE(fixture.store->readAll(sha256, 6'999).error().code(), ErrorCode::TooLarge);
    fixture.flipByte(fixture.files(QStringLiteral("packs")).first(), 1000);
    QCOMPARE(fixture.store->readAll(sha256, 7'000).error().code(), ErrorCode::Corrupt);
    QCOMPARE(fixture.store->readAll(Sha256(), 7'000).error().code(), ErrorCode::ContentMissing);
}

void TestContentDamage::verifyFindsEveryDamage()
{
    StoreFixture fixture;
    std::vector<Sha256> blobs;
    for (quint32 i = 0; i < 20; ++i)
        blobs.push_back(fixture.put(testBytes(300'000 + i, i))->sha256);
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
    fixture.flipByte(StoreFixture::blobPath(blobs[3]), 0);
    fixture.flipByte(StoreFixture::blobPath(blobs[7]), 300'006);
    QVERIFY(QFile::remove(fixture.options.folder + u'/' + StoreFixture::blobPath(blobs[11])));
    QVERIFY(QFile::resize(fixture.options.folder + u'/' + StoreFixture::blobPath(blobs[15]), 5));
    fixture.reopen(); // drops open descriptors
    qint64 lastDone = -1;
    const auto damaged = fixture.store->verify([&](qint64 done, qint64) { lastDone = done; }, CancelToken());
    QVERIFY(damaged);
    QMap<Sha256, QString> problems;
    for (const DamagedContent& content : *damaged)
        problems.insert(content.sha256, content.problem);
    QCOMPARE(problems, (QMap<Sha256, QString>{{blobs[3], QStringLiteral("wrong digest")},
                                              {blobs[7], QStringLiteral("wrong digest")},
                                              {blobs[11], QStringLiteral("missing")},
                                              {blobs[15], QStringLiteral("short")}}));
    QCOMPARE(lastDone, fixture.store->summary()->logicalBytes);
    CancelToken cancelled;
    cancelled.cancel();
    QCOMPARE(fixture.store->verify({}, cancelled).error().code(), ErrorCode::Cancelled);
}

void TestContentDamage::verifyInPartsTakesTurns()
{
    StoreFixture fixture;
    std::vector<Sha256> blobs;
    for (quint32 i = 0; i < 6; ++i)
        blobs.push_back(fixture.put(testBytes(300'000, i))->sha256);
    for (const Sha256& blob : blobs)
        fixture.flipByte(StoreFixture::blobPath(blob), 17);
    QSet<Sha256> found;
    for (int part = 0; part < 3; ++part) {
        fixture.clock.advance(1000);
        const auto damaged = fixture.store->verify({}, CancelToken(), 600'000);
        QCOMPARE(damaged->size(), 2);
        for (const DamagedContent& content : *damaged) {
            found.insert(content.sha256);
            QVERIFY(fixture.put(
                testBytes(300'000, quint32(std::find(blobs.begin(), blobs.end(), content.sha256) -
                                           blobs.begin())))); // repaired: the next part is others' turn
        }
    }
    QCOMPARE(found.size(), 6);
}

void TestContentDamage::verifyInPartsLeavesKnownDamageOut()
{
    StoreFixture fixture;
    const Sha256 large = fixture.put(testBytes(2'000'000, 1))->sha256;
    fixture.flipByte(StoreFixture::blobPath(large), 17);
    QCOMPARE(fixture.store->verify({}, CancelToken())->size(), 1);
    QCOMPARE(fixture.store->summary()->damaged, 1);
    fixture.clock.advance(1000);
    const Sha256 small = fixture.put(testBytes(300'000, 2))->sha256;
    fixture.flipByte(StoreFixture::blobPath(small), 17);
    fixture.clock.advance(1000);
    const auto damaged = fixture.store->verify({}, CancelToken(), 600'000);
    QCOMPARE(damaged->size(), 1);
    QCOMPARE(damaged->front().sha256, small);
}

void TestContentDamage::lateVerdictsDoNotUndoRepairs()
{
    StoreFixture fixture;
    const QByteArray bytes = testBytes(300'000, 1);
    const Sha256 blob = fixture.put(bytes)->sha256;
    const auto row = fixture.database->read(
        [&](db::Transaction& transaction) { return queries::findContent(transaction, blob); });
    QVERIFY(row && *row);
    fixture.flipByte(StoreFixture::blobPath(blob), 17);
    fixture.clock.advance(1000);
    QCOMPARE(fixture.store->verify({}, CancelToken())->size(), 1);
    fixture.clock.advance(1000);
    QVERIFY(fixture.put(bytes)); // repairs
    QVERIFY(fixture.database->write(
        [&](db::Transaction& transaction) { return queries::noteVerdict(transaction, **row, 0); }));
    QCOMPARE(fixture.store->readAll(blob, bytes.size()).value(), bytes);
}

void TestContentDamage::verifyStopsInsideAContent()
{
    StoreFixture fixture;
    const Sha256 blob = fixture.put(testBytes(300'000, 1))->sha256;
    const auto row = fixture.database->read(
        [&](db::Transaction& transaction) { return queries::findContent(transaction, blob); });
    auto folder = StoreFolder::open(fixture.options.folder);
    QVERIFY(row && *row && folder);
    StoreContext context(fixture.options, *fixture.database, fixture.clock, std::move(*folder));
    qint64 read = 0;
    QVERIFY(context.verify(**row, CancelToken(), &read));
    QCOMPARE(read, 300'000);
    const CancelToken cancelled;
    cancelled.cancel();
    QCOMPARE(context.verify(**row, cancelled).error().code(), ErrorCode::Cancelled);
}

void TestContentDamage::missingFilesAreFoundAtStart()
{
    StoreFixture fixture;
    const QByteArray bytes = testBytes(700'000, 1);
    const Sha256 sha256 = fixture.put(bytes)->sha256;
    QVERIFY(fixture.put(testBytes(700'000, 2)));
    fixture.reopen();
    QCOMPARE(fixture.store->lostAtStart(), 0);
    const Sha256 second = fixture.put(testBytes(700'000, 3))->sha256;
    QVERIFY(QFile::remove(fixture.options.folder + u'/' + StoreFixture::blobPath(second)));
    fixture.reopen();
    QCOMPARE(fixture.store->lostAtStart(), 1);
    QCOMPARE(fixture.store->open(second).error().code(), ErrorCode::Corrupt);
    QVERIFY(fixture.put(testBytes(700'000, 3))); // the same bytes again bring it back
    QCOMPARE(fixture.get(second).value(), testBytes(700'000, 3));
    QCOMPARE(fixture.get(sha256).value(), bytes);
    fixture.reopen();
    QCOMPARE(fixture.store->lostAtStart(), 0);
}

void TestContentDamage::stagingLeftoversAreRemovedAtStart()
{
    StoreFixture fixture;
    QFile leftover(fixture.options.folder + QStringLiteral("/staging/abc"));
    QVERIFY(leftover.open(QIODevice::WriteOnly));
    leftover.close();
    fixture.reopen();
    QCOMPARE(fixture.files(), QStringList());
}

QTEST_GUILESS_MAIN(TestContentDamage)
#include "tst_contentdamage.moc"
