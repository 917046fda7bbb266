// SPDX-License-Identifier: Apache-2.0
#include "core/store/context/storecontext.h"
#include "tests/core/store/xetfixture.h"

#include <QTest>

#include <thread>

using namespace hublet;
using namespace hublet::store;
using namespace hublet::test;

namespace {

/// Uploads contents as one commit into a repository that has Xet on (or off).
Result<std::vector<StagedContent>> putAll(StoreFixture& fixture, const std::vector<QByteArray>& contents,
                                          StorageForm form = StorageForm::Segments, bool announced = true)
{
    return fixture.putAll(contents, {form, true, announced});
}

StagedContent put(StoreFixture& fixture, const QByteArray& bytes, StorageForm form = StorageForm::Segments)
{
    const auto staged = putAll(fixture, {bytes}, form);
    if (!staged)
        qFatal("%s", qPrintable(staged.error().describe()));
    return staged->front();
}

std::vector<Sha256> namesOf(const Result<std::vector<StagedContent>>& contents)
{
    std::vector<Sha256> names;
    for (const StagedContent& content : contents.value())
        names.push_back(content.sha256);
    return names;
}

qint64 storedBytes(const StoreFixture& fixture)
{
    return fixture.store->summary()->storedBytes;
}

} // namespace

/// Contents stored as segments by an upload that knows nothing of Xet.
class TestSegments : public QObject {
    Q_OBJECT
private slots:
    void storesAndReads_data();
    void storesAndReads();
    void sharesXorbs();
    void storesEditsOnly();
    void shortRunsAreNotUsed();
    void storesRepeatedChunksOnce();
    void isNotStoredAgain();
    void wholeBecomesSegments();
    void segmentsServeWholeUploads();
    void droppedContentsLeaveNothing();
    void knowsWhatXetClientsUploaded();
    void uploadsRace();
    void converts_data();
    void converts();
    void conversionIsRestartable();
    void conversionLeavesDamagedAlone();
    void refusesWhatWasFoundDamagedMeanwhile_data();
    void refusesWhatWasFoundDamagedMeanwhile();
    void refusesFilesFoundDamagedMeanwhile();
    void conversionSharesNothingFoundDamaged();
    void looksAgainWhenTermsAreGone();
    void keepsItsIdentity();
};

void TestSegments::storesAndReads_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<bool>("announced");
    for (const qint64 size :
         {0LL, 1LL, 8192LL, 100'000LL, 256LL * 1024, 256LL * 1024 + 1, 3'000'000LL, 70'000'000LL}) {
        QTest::addRow("%lld announced", size) << size << true;
        QTest::addRow("%lld", size) << size << false;
    }
}

void TestSegments::storesAndReads()
{
    QFETCH(const qint64, size);
    QFETCH(const bool, announced);
    XetFixture fixture;
    const QByteArray bytes = testBytes(size, 1);
    const auto staged = putAll(fixture, {bytes}, StorageForm::Segments, announced);
    QVERIFY(staged);
    const StagedContent& content = staged->front();
    QCOMPARE(content.sha256, Sha256Hasher::hash(bytes));
    QCOMPARE(content.size, size);
    QCOMPARE(content.xetHash, std::optional(CutFile(bytes).hash));
    QCOMPARE(content.blobOid, size <= StagedContent::BlobOidLimit ? gitObjectOid("blob", bytes) : GitOid());
    QVERIFY(fixture.files(QStringLiteral("blobs")).isEmpty());
    QVERIFY(fixture.files(QStringLiteral("packs")).isEmpty());
    for (int reopened = 0; reopened < 2; ++reopened) {
        QCOMPARE(fixture.get(content.sha256).value(), bytes);
        QCOMPARE(XetFixture::read(fixture.xet().open(*content.xetHash)->extents), bytes);
        fixture.reopen();
    }
    // New data is one run for each xorb.
    QCOMPARE(qint64(fixture.store->open(content.sha256)->extents.size()),
             (size + (64 << 20) - 1) / (64 << 20));
}

void TestSegments::sharesXorbs()
{
    XetFixture fixture;
    std::vector<QByteArray> contents;
    for (quint32 i = 0; i < 300; ++i)
        contents.push_back(testBytes(1000 + i * 2000, i));
    const auto staged = putAll(fixture, contents);
    QVERIFY(staged);
    QCOMPARE(fixture.files().size(), 2); // 90 MB
    for (std::size_t i = 0; i < contents.size(); ++i)
        QCOMPARE(fixture.get((*staged)[i].sha256).value(), contents[i]);
}

void TestSegments::storesEditsOnly()
{
    XetFixture fixture;
    const QByteArray first = testBytes(20'000'000, 1);
    put(fixture, first);
    const qint64 before = storedBytes(fixture);
    QByteArray second = first;
    second.insert(10'000'000, "a few bytes more");
    const Sha256 sha256 = put(fixture, second).sha256;
    QCOMPARE(fixture.get(sha256).value(), second);
    QVERIFY(storedBytes(fixture) - before < 500'000);
    QCOMPARE(fixture.store->open(sha256)->extents.size(), std::size_t(3));
}

void TestSegments::shortRunsAreNotUsed()
{
    XetFixture fixture;
    const CutFile first(testBytes(3'000'000, 1));
    put(fixture, first.bytes);
    // Seven chunks of the first file between new ones, and eight.
    for (const std::size_t run : {std::size_t(7), std::size_t(8)}) {
        QByteArray mixed = testBytes(500'000, quint32(10 + run));
        const std::size_t before = CutFile(mixed).chunks.size();
        for (std::size_t i = 3; i < 4 + run; ++i) // the first of them joins on to what is before it
            mixed += first.payloads[i];
        mixed += testBytes(500'000, quint32(20 + run));
        const CutFile cut(mixed);
        std::size_t known = 0;
        for (const xet::Chunk& chunk : cut.chunks)
            known += std::ranges::count(first.chunks, chunk) > 0 ? 1 : 0;
        QVERIFY(before > 2);
        const StagedContent content = put(fixture, mixed);
        QCOMPARE(fixture.get(content.sha256).value(), mixed);
        QCOMPARE(fixture.store->open(content.sha256)->extents.size(), std::size_t(known >= 8 ? 3 : 1));
    }
    // A content that is stored entirely is never too short.
    QByteArray part;
    for (std::size_t i = 2; i < 5; ++i)
        part += first.payloads[i];
    const qint64 before = storedBytes(fixture);
    const Sha256 sha256 = put(fixture, part).sha256;
    QCOMPARE(storedBytes(fixture), before);
    QCOMPARE(fixture.get(sha256).value(), part);
}

void TestSegments::storesRepeatedChunksOnce()
{
    XetFixture fixture;
    const QByteArray zeros(40'000'000, '\0');
    const Sha256 sha256 = put(fixture, zeros).sha256;
    QCOMPARE(fixture.get(sha256).value(), zeros);
    QVERIFY(storedBytes(fixture) < 3'000'000);
    const QByteArray block = testBytes(2'000'000, 3);
    const qint64 before = storedBytes(fixture);
    const Sha256 repeated = put(fixture, block + block + block + block).sha256;
    QCOMPARE(fixture.get(repeated).value(), block + block + block + block);
    QVERIFY(storedBytes(fixture) - before < 3'000'000);
}

void TestSegments::isNotStoredAgain()
{
    XetFixture fixture;
    const std::vector<QByteArray> contents{testBytes(5'000'000, 1), testBytes(1000, 2),
                                           testBytes(300'000, 3)};
    QVERIFY(putAll(fixture, contents));
    const QStringList files = fixture.files();
    for (const bool announced : {true, false}) {
        const auto again = putAll(fixture, contents, StorageForm::Segments, announced);
        QVERIFY(again);
        QCOMPARE(again->front().xetHash, std::optional(CutFile(contents.front()).hash));
        QCOMPARE(fixture.files(), files);
    }
}

void TestSegments::wholeBecomesSegments()
{
    XetFixture fixture;
    const std::vector<QByteArray> contents{testBytes(5'000'000, 1), testBytes(1000, 2)};
    QVERIFY(putAll(fixture, contents, StorageForm::Whole));
    const Content open = fixture.store->open(Sha256Hasher::hash(contents[0])).value();
    const auto staged = putAll(fixture, contents);
    QVERIFY(staged);
    QVERIFY(fixture.files(QStringLiteral("blobs")).isEmpty());
    QCOMPARE(XetFixture::read(open.extents), contents[0]);
    for (std::size_t i = 0; i < contents.size(); ++i) {
        QCOMPARE(fixture.get((*staged)[i].sha256).value(), contents[i]);
        QCOMPARE(fixture.xet().fileOf((*staged)[i].sha256).value(), (*staged)[i].xetHash);
    }
}

void TestSegments::segmentsServeWholeUploads()
{
    XetFixture fixture;
    const QByteArray bytes = testBytes(5'000'000, 1);
    const StagedContent content = put(fixture, bytes);
    QCOMPARE(put(fixture, bytes, StorageForm::Whole).xetHash, std::nullopt);
    QVERIFY(fixture.files(QStringLiteral("blobs")).isEmpty());
    QCOMPARE(fixture.xet().fileOf(content.sha256).value(), content.xetHash);
}

void TestSegments::droppedContentsLeaveNothing()
{
    XetFixture fixture;
    {
        ContentWriter writer = fixture.store->writer(StorageForm::Segments);
        const QByteArray bytes = testBytes(80'000'000, 1);
        QVERIFY(writer.begin(bytes.size()));
        QVERIFY(writer.append(bytes));
        QCOMPARE(writer.end(Sha256()).error().code(), ErrorCode::DigestMismatch);
        QVERIFY(writer.begin(1'000'000));
        QVERIFY(writer.append(testBytes(400'000, 2)));
        QCOMPARE(writer.end().error().code(), ErrorCode::LengthMismatch);
        QVERIFY(writer.begin());
        QVERIFY(writer.append(testBytes(700'000, 3)));
        writer.discard();
        QVERIFY(writer.publish());
        QVERIFY(fixture.database->write([&](db::Transaction& t) { return writer.record(t); }));
    }
    QCOMPARE(fixture.files(), QStringList());
    QCOMPARE(storedBytes(fixture), 0);
    // What follows a dropped content in the same upload is whole.
    ContentWriter writer = fixture.store->writer(StorageForm::Segments);
    QVERIFY(writer.begin());
    QVERIFY(writer.append(testBytes(700'000, 3)));
    writer.discard();
    const QByteArray kept = testBytes(900'000, 4);
    const auto staged = StoreFixture::stage(writer, kept);
    QVERIFY(writer.publish());
    QVERIFY(fixture.database->write([&](db::Transaction& t) { return writer.record(t); }));
    QCOMPARE(fixture.get(staged->sha256).value(), kept);
}

void TestSegments::knowsWhatXetClientsUploaded()
{
    XetFixture fixture;
    const CutFile file(testBytes(5'000'000, 1));
    QVERIFY(fixture.upload(file));
    const QStringList files = fixture.files();
    QByteArray prefixed = testBytes(200'000, 9) + file.bytes;
    const Sha256 sha256 = put(fixture, prefixed).sha256;
    QCOMPARE(fixture.get(sha256).value(), prefixed);
    QCOMPARE(fixture.files().size(), 2);
    QVERIFY(storedBytes(fixture) < 5'800'000);
}

void TestSegments::uploadsRace()
{
    XetFixture fixture;
    const QByteArray common = testBytes(2'000'000, 1);
    std::atomic_int failed = 0;
    std::vector<std::thread> uploads;
    for (quint32 i = 0; i < 6; ++i)
        uploads.emplace_back([&, i] {
            const auto form = i % 3 == 2 ? StorageForm::Whole : StorageForm::Segments;
            for (quint32 round = 0; round < 5; ++round) {
                const QByteArray own = testBytes(300'000, 100 + i * 10 + round);
                const auto staged = putAll(fixture, {common, own, common + own}, form);
                if (!staged || fixture.get(staged->at(2).sha256).value_or(QByteArray()) != common + own)
                    ++failed;
            }
        });
    for (std::thread& upload : uploads)
        upload.join();
    QCOMPARE(failed.load(), 0);
    QCOMPARE(fixture.get(Sha256Hasher::hash(common)).value(), common);
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
    fixture.reopen();
    QCOMPARE(fixture.store->lostAtStart(), 0);
}

void TestSegments::converts_data()
{
    QTest::addColumn<bool>("toSegments");
    QTest::newRow("to segments") << true;
    QTest::newRow("to whole") << false;
}

void TestSegments::converts()
{
    QFETCH(const bool, toSegments);
    const auto from = toSegments ? StorageForm::Whole : StorageForm::Segments;
    const auto to = toSegments ? StorageForm::Segments : StorageForm::Whole;
    XetFixture fixture;
    const std::vector<QByteArray> contents{testBytes(5'000'000, 1), testBytes(0, 1), testBytes(1000, 2),
                                           testBytes(70'000'000, 3), testBytes(300'000, 4)};
    const std::vector<Sha256> names = namesOf(putAll(fixture, contents, from));
    const Content open = fixture.store->open(names[0]).value();
    qint64 last = 0;
    const auto report = fixture.store->convert(
        names, to, [&](qint64 done, qint64) { last = done; }, CancelToken());
    QVERIFY(report);
    QCOMPARE(report->contents, 5);
    QCOMPARE(report->skipped, 0);
    QCOMPARE(last, 75'301'000);
    QCOMPARE(XetFixture::read(open.extents), contents[0]);
    for (int reopened = 0; reopened < 2; ++reopened) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            QCOMPARE(fixture.get(names[i]).value(), contents[i]);
            QCOMPARE(fixture.xet().fileOf(names[i]).value().has_value(), toSegments);
        }
        fixture.reopen();
    }
    QCOMPARE(fixture.store->convert(names, to, {}, CancelToken())->contents, 0);
    QVERIFY(fixture.store->freeNow(StoreFixture::live(), {}, CancelToken()));
    QCOMPARE(fixture.files(QStringLiteral("xorbs")).isEmpty(), !toSegments);
    QCOMPARE(fixture.files(QStringLiteral("blobs")).isEmpty(), toSegments);
    QCOMPARE(fixture.files(QStringLiteral("packs")).isEmpty(), toSegments);
}

void TestSegments::conversionIsRestartable()
{
    XetFixture fixture;
    std::vector<QByteArray> contents;
    for (quint32 i = 0; i < 4; ++i)
        contents.push_back(testBytes(40'000'000, i));
    const std::vector<Sha256> names = namesOf(putAll(fixture, contents, StorageForm::Whole));
    const CancelToken cancel;
    const auto stopped = fixture.store->convert(
        names, StorageForm::Segments,
        [&](qint64 done, qint64) { done > 90'000'000 ? cancel.cancel() : void(); }, cancel);
    QCOMPARE(stopped.error().code(), ErrorCode::Cancelled);
    QCOMPARE(fixture.files(QStringLiteral("blobs")).size(), 2); // a group is 64 MiB
    for (std::size_t i = 0; i < names.size(); ++i)
        QCOMPARE(fixture.get(names[i]).value(), contents[i]);
    QCOMPARE(fixture.store->convert(names, StorageForm::Segments, {}, CancelToken())->contents, 2);
    QCOMPARE(fixture.files(QStringLiteral("blobs")).size(), 0);
}

void TestSegments::conversionLeavesDamagedAlone()
{
    XetFixture fixture;
    const Sha256 damaged = put(fixture, testBytes(400'000, 1), StorageForm::Whole).sha256;
    const Sha256 sound = put(fixture, testBytes(400'000, 2), StorageForm::Whole).sha256;
    fixture.flipByte(StoreFixture::blobPath(damaged), 1000);
    const auto report = fixture.store->convert({damaged, sound}, StorageForm::Segments, {}, CancelToken());
    QVERIFY(report);
    QCOMPARE(report->contents, 1);
    QCOMPARE(report->skipped, 1);
    QCOMPARE(fixture.files(QStringLiteral("blobs")), QStringList{StoreFixture::blobPath(damaged)});
}

void TestSegments::refusesWhatWasFoundDamagedMeanwhile_data()
{
    QTest::addColumn<bool>("segments");
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<QByteArray>("sent");
    const QByteArray large = testBytes(5'000'000, 1);
    const QByteArray small = testBytes(10'000, 1);
    QTest::newRow("shares a xorb") << true << large << large + testBytes(1'000'000, 2);
    QTest::newRow("the same segments") << true << large << large;
    QTest::newRow("small, the same segments") << true << small << small;
    QTest::newRow("the same blob") << false << large << large;
    QTest::newRow("the same in a pack") << false << small << small;
}

void TestSegments::refusesWhatWasFoundDamagedMeanwhile()
{
    QFETCH(const bool, segments);
    QFETCH(const QByteArray, stored);
    QFETCH(const QByteArray, sent);
    const auto form = segments ? StorageForm::Segments : StorageForm::Whole;
    XetFixture fixture;
    put(fixture, stored, form);
    const QString file = fixture.files().front();
    {
        ContentWriter writer = fixture.store->writer(form);
        QVERIFY(StoreFixture::stage(writer, sent));
        QVERIFY(writer.publish()); // all is decided, nothing is recorded
        fixture.flipByte(file, stored.size() / 2);
        QCOMPARE(fixture.store->verify({}, CancelToken())->size(), std::size_t(1));
        const auto recorded =
            fixture.database->write([&](db::Transaction& transaction) { return writer.record(transaction); });
        QVERIFY(!recorded);
        QCOMPARE(recorded.error().code(), ErrorCode::Conflict);
    }
    // Nobody is served a damaged byte; sent once more, all is stored anew.
    QVERIFY(!fixture.get(Sha256Hasher::hash(sent)));
    put(fixture, sent, form);
    QCOMPARE(fixture.get(Sha256Hasher::hash(sent)).value(), sent);
}

void TestSegments::refusesFilesFoundDamagedMeanwhile()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 1));
    const ClientXorb xorb(file);
    QVERIFY(fixture.post(xorb));
    bool isHurt = false;
    const auto meanwhile = [&](qint64 done, qint64 total) { // all is checked, nothing is recorded
        if (done == 0 || done < total || std::exchange(isHurt, true))
            return;
        fixture.flipByte(XetFixture::xorbPath(xorb.hash()), 500'000);
        QVERIFY(fixture.store->verify({}, CancelToken()));
    };
    const auto registered = fixture.registerShard({xorb.claim(file)}, {xorb.entry()}, meanwhile);
    QVERIFY(isHurt);
    QVERIFY(!registered);
    QCOMPARE(registered.error().code(), ErrorCode::Conflict);
    QVERIFY(fixture.upload(file));
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
}

void TestSegments::conversionSharesNothingFoundDamaged()
{
    XetFixture fixture;
    const QByteArray common = testBytes(20'000'000, 1);
    const QByteArray bytes = common + testBytes(5'000'000, 2);
    put(fixture, common);
    const QString xorb = fixture.files().front();
    const Sha256 sha256 = put(fixture, bytes, StorageForm::Whole).sha256;
    bool isHurt = false;
    const auto report = fixture.store->convert(
        std::vector{sha256}, StorageForm::Segments,
        [&](qint64 done, qint64) {
            if (done < 16'000'000 || std::exchange(isHurt, true))
                return;
            fixture.flipByte(xorb, 10'000'000);
            QCOMPARE(fixture.store->verify({}, CancelToken())->size(), std::size_t(1));
        },
        CancelToken());
    QVERIFY(isHurt);
    QVERIFY2(report, qPrintable(report ? QString() : report.error().describe()));
    QCOMPARE(report->contents, 1);
    QCOMPARE(fixture.get(sha256).value(), bytes);
}

/// The row and the terms are read one after the other: a conversion in between must not make it empty.
void TestSegments::looksAgainWhenTermsAreGone()
{
    XetFixture fixture;
    const Sha256 sha256 = put(fixture, testBytes(1'000'000, 1)).sha256;
    auto folder = StoreFolder::open(fixture.options.folder);
    QVERIFY(folder);
    StoreContext context(fixture.options, *fixture.database, fixture.clock, std::move(*folder));
    const auto row = context.find(sha256);
    QVERIFY(row && *row);
    QVERIFY(context.extentsOf(**row));
    QCOMPARE(fixture.store->convert(std::vector{sha256}, StorageForm::Whole, {}, CancelToken())->contents, 1);
    const auto extents = context.extentsOf(**row);
    QVERIFY(!extents);
    QCOMPARE(extents.error().code(), ErrorCode::NotFound); // ContentStore::open() looks again
}

void TestSegments::keepsItsIdentity()
{
    XetFixture fixture;
    const StoreIdentity first = fixture.store->identity();
    QVERIFY(!first.uuid.isEmpty());
    fixture.reopen();
    QCOMPARE(fixture.store->identity().uuid, first.uuid);
    QCOMPARE(fixture.store->identity().epoch, first.epoch);
    QVERIFY(fixture.store->freeNow(StoreFixture::live(), {}, CancelToken()));
    fixture.reopen();
    QCOMPARE(fixture.store->identity().uuid, first.uuid);
    QCOMPARE(fixture.store->identity().epoch, first.epoch + 1);
    QVERIFY(XetFixture().store->identity().uuid != first.uuid);
}

QTEST_GUILESS_MAIN(TestSegments)
#include "tst_segments.moc"
