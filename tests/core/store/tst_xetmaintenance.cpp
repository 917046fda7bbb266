// SPDX-License-Identifier: Apache-2.0
#include "tests/core/store/xetfixture.h"

#include <QProcess>
#include <QTest>

#include <thread>

#include <unistd.h>

using namespace hublet;
using namespace hublet::store;
using namespace hublet::test;

namespace {

constexpr qint64 Day = 24LL * 3600 * 1000;

/// Uploads a file over Xet and refers to it.
void uploadUsed(XetFixture& fixture, const CutFile& file)
{
    QVERIFY(fixture.upload(file));
    QVERIFY(fixture.use(file.sha256()));
}

Result<StagedContent> putSegmented(XetFixture& fixture, const QByteArray& bytes)
{
    return fixture.put(bytes, {StorageForm::Segments});
}

/// Sweeps on so many days in a row, as a program that runs does.
void sweepDaily(XetFixture& fixture, int days)
{
    for (int day = 0; day < days; ++day) {
        QVERIFY(fixture.sweep());
        fixture.clock.advance(Day);
    }
}

} // namespace

/// Sweep, verification and repair of xorbs, and what a killed process leaves.
class TestXetMaintenance : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void keepsUnreferencedXorbs();
    void touchedXorbsLiveOn();
    void keepsUnreferencedSegments();
    void hidesBeforeItDeletes();
    void hiddenXorbsCanComeBack();
    void freesNow();
    void sparseXorbsAreRewritten();
    void verifyFindsDamagedChunks();
    void verifyFindsMissingXorbs();
    void postingAgainRepairs();
    void uploadingAgainRepairs();
    void damagedXorbsAreRebuilt();
    void verifyGoesOnWhenARepairFails();
    void revivedXorbsAreUndamaged();
    void startFindsLostXorbs();
    void crashes_data();
    void crashes();
    void sweepBesideUploads();
};

void TestXetMaintenance::initTestCase()
{
    // A child of crashes(): does one thing to the store in the folder it was given, and may be killed in it.
    const QString step = qEnvironmentVariable("HUBLET_TEST_STEP");
    if (step.isEmpty())
        return;
    XetFixture fixture(qEnvironmentVariable("HUBLET_TEST_FOLDER"));
    const CutFile file(testBytes(2'000'000, 1));
    if (step == u"upload") {
        (void)fixture.upload(file);
    } else if (step == u"segments") {
        (void)putSegmented(fixture, file.bytes);
    } else if (step == u"convert") {
        (void)fixture.store->convert({file.sha256()}, StorageForm::Segments, {}, CancelToken());
    } else if (step == u"sweep") {
        (void)fixture.store->freeNow(StoreFixture::live(), {}, CancelToken());
    }
    ::_exit(0);
}

void TestXetMaintenance::keepsUnreferencedXorbs()
{
    XetFixture fixture;
    const CutFile file(testBytes(500'000, 1));
    ClientXorb xorb(file);
    QVERIFY(fixture.post(xorb)); // and never a shard
    sweepDaily(fixture, 28);
    QCOMPARE(fixture.files().size(), 1);
    QVERIFY(fixture.xet().xorbSize(xorb.hash()).value().has_value());
    sweepDaily(fixture, 2);
    QCOMPARE(fixture.files(), QStringList());
    QCOMPARE(fixture.xet().xorbSize(xorb.hash()).value(), std::nullopt);
    QCOMPARE(fixture.store->summary()->storedBytes, 0);
}

void TestXetMaintenance::touchedXorbsLiveOn()
{
    for (const bool byShard : {false, true}) {
        XetFixture fixture;
        const CutFile file(testBytes(500'000, 1));
        ClientXorb xorb(file);
        QVERIFY(fixture.post(xorb));
        sweepDaily(fixture, 27);
        if (byShard)
            QVERIFY(fixture.registerShard({}, {xorb.entry()}));
        else
            QCOMPARE(fixture.post(xorb).value(), false);
        sweepDaily(fixture, 27);
        QVERIFY(fixture.registerShard({xorb.claim(file)}, {xorb.entry()}));
        QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
    }
}

void TestXetMaintenance::keepsUnreferencedSegments()
{
    XetFixture fixture;
    const CutFile file(testBytes(500'000, 1));
    QVERIFY(fixture.upload(file));
    sweepDaily(fixture, 28);
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
    sweepDaily(fixture, 4);
    QCOMPARE(fixture.store->open(file.sha256()).error().code(), ErrorCode::ContentMissing);
    QCOMPARE(fixture.xet().file(file.hash).error().code(), ErrorCode::NotFound);
    QCOMPARE(fixture.files(), QStringList());
}

void TestXetMaintenance::hidesBeforeItDeletes()
{
    XetFixture fixture;
    const CutFile file(testBytes(500'000, 1));
    ClientXorb xorb(file);
    QVERIFY(fixture.post(xorb));
    fixture.clock.advance(28 * Day);
    QVERIFY(fixture.sweep());
    QCOMPARE(fixture.files().size(), 1); // whoever was given its address may still fetch it
    QVERIFY(fixture.xet().records(xorb.hash(), {0, 100}));
    QCOMPARE(fixture.xet().xorbSize(xorb.hash()).value(), std::nullopt);
    QVERIFY(!fixture.xet().findChunk(file.chunks[0].hash, [](const Sha256&) { return true; }).value());
    fixture.clock.advance(2 * 3600 * 1000 - 1);
    QVERIFY(fixture.sweep());
    QCOMPARE(fixture.files().size(), 1);
    fixture.clock.advance(1);
    QVERIFY(fixture.sweep()->bytes > 500'000);
    QCOMPARE(fixture.files(), QStringList());
}

void TestXetMaintenance::hiddenXorbsCanComeBack()
{
    for (const bool byShard : {false, true}) {
        XetFixture fixture;
        const CutFile file(testBytes(500'000, 1));
        ClientXorb xorb(file);
        QVERIFY(fixture.post(xorb));
        fixture.clock.advance(28 * Day);
        QVERIFY(fixture.sweep());
        if (!byShard)
            QCOMPARE(fixture.post(xorb).value(), true);
        QVERIFY(fixture.registerShard({xorb.claim(file)}, {xorb.entry()}));
        fixture.clock.advance(Day);
        QVERIFY(fixture.sweep());
        QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
        QVERIFY(fixture.xet().findChunk(file.chunks[0].hash, [](const Sha256&) { return true; }).value());
    }
}

void TestXetMaintenance::freesNow()
{
    XetFixture fixture;
    const CutFile used(testBytes(500'000, 1));
    const CutFile unused(testBytes(600'000, 2));
    uploadUsed(fixture, used);
    QVERIFY(fixture.upload(unused));
    QVERIFY(fixture.put(testBytes(700'000, 3), false));
    const qint64 epoch = fixture.store->identity().epoch;
    const auto report = fixture.store->freeNow(StoreFixture::live(), {}, CancelToken());
    QVERIFY(report);
    QCOMPARE(report->contents, 2);
    QVERIFY(report->bytes >= 1'300'000);
    QCOMPARE(fixture.store->identity().epoch, epoch + 1);
    QCOMPARE(fixture.files().size(), 1);
    QCOMPARE(fixture.get(used.sha256()).value(), used.bytes);
}

void TestXetMaintenance::sparseXorbsAreRewritten()
{
    XetFixture fixture;
    const CutFile kept(testBytes(800'000, 1));
    const CutFile dropped(testBytes(3'000'000, 2));
    const CutFile alsoKept(testBytes(500'000, 3));
    ClientXorb xorb;
    xorb.add(kept);
    xorb.add(dropped);
    xorb.add(alsoKept);
    QVERIFY(fixture.post(xorb));
    const auto second = quint32(kept.chunks.size());
    const auto third = quint32(second + dropped.chunks.size());
    QVERIFY(
        fixture.registerShard({xorb.claim(kept), xorb.claim(dropped, second), xorb.claim(alsoKept, third)}));
    for (const CutFile* const file : {&kept, &alsoKept})
        QVERIFY(fixture.use(file->sha256()));
    const Content open = fixture.store->open(alsoKept.sha256()).value();
    sweepDaily(fixture, 32);
    const QStringList files = fixture.files();
    QCOMPARE(files.size(), 1);
    QVERIFY(files.front() != XetFixture::xorbPath(xorb.hash()));
    QVERIFY(fixture.store->summary()->storedBytes < 1'400'000);
    QCOMPARE(XetFixture::read(open.extents), alsoKept.bytes);
    for (const CutFile* const file : {&kept, &alsoKept}) {
        QCOMPARE(fixture.get(file->sha256()).value(), file->bytes);
        QCOMPARE(XetFixture::read(fixture.xet().open(file->hash)->extents), file->bytes);
    }
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
}

void TestXetMaintenance::verifyFindsDamagedChunks()
{
    XetFixture fixture;
    const CutFile hurt(testBytes(1'000'000, 1));
    const CutFile spared(testBytes(1'000'000, 2));
    ClientXorb xorb;
    xorb.add(hurt);
    xorb.add(spared);
    QVERIFY(fixture.post(xorb));
    QVERIFY(fixture.registerShard({xorb.claim(hurt), xorb.claim(spared, quint32(hurt.chunks.size()))}));
    qint64 hashed = 0;
    QVERIFY(fixture.store->verify([&](qint64 done, qint64) { hashed = done; }, CancelToken())->empty());
    QCOMPARE(hashed, 2'000'000);

    fixture.flipByte(XetFixture::xorbPath(xorb.hash()), 500'000);
    const auto damaged = fixture.store->verify({}, CancelToken());
    QVERIFY(damaged);
    QCOMPARE(damaged->size(), std::size_t(1));
    QCOMPARE(damaged->front().sha256, hurt.sha256());
    QCOMPARE(damaged->front().problem, QStringLiteral("wrong digest"));
    // Nobody is served a damaged byte.
    QCOMPARE(fixture.store->open(hurt.sha256()).error().code(), ErrorCode::Corrupt);
    QCOMPARE(fixture.xet().open(hurt.hash).error().code(), ErrorCode::Corrupt);
    QCOMPARE(fixture.xet().terms(hurt.hash).error().code(), ErrorCode::Corrupt);
    QCOMPARE(fixture.xet().fileOf(hurt.sha256()).value(), std::nullopt);
    const qint64 streamBytes = xet::recordOffset(2'000'000, quint32(xorb.chunks.size()));
    QCOMPARE(fixture.xet().records(xorb.hash(), {0, streamBytes - 1}).error().code(), ErrorCode::Corrupt);
    QVERIFY(!fixture.registerShard({xorb.claim(hurt)}));
    QVERIFY(!fixture.xet().findChunk(hurt.chunks[0].hash, [](const Sha256&) { return true; }).value());
    // What is sound is served.
    QCOMPARE(fixture.get(spared.sha256()).value(), spared.bytes);
    QVERIFY(fixture.xet().records(xorb.hash(), {streamBytes - 1000, streamBytes - 1}));
}

void TestXetMaintenance::verifyFindsMissingXorbs()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 1));
    QVERIFY(fixture.upload(file));
    QVERIFY(fixture.get(file.sha256()));
    QVERIFY(QFile::remove(fixture.options.folder + u'/' + fixture.files().front()));
    fixture.clock.advance(1);
    const auto damaged = fixture.store->verify({}, CancelToken(), 1); // a budget of one byte: one xorb
    QCOMPARE(damaged->size(), std::size_t(1));
    QCOMPARE(damaged->front().problem, QStringLiteral("missing"));
    QCOMPARE(fixture.store->open(file.sha256()).error().code(), ErrorCode::Corrupt);
    QVERIFY(fixture.upload(file));
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
}

void TestXetMaintenance::postingAgainRepairs()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 1));
    QVERIFY(fixture.upload(file));
    const QString path = fixture.files().front();
    fixture.flipByte(path, 500'000);
    QCOMPARE(fixture.store->verify({}, CancelToken())->size(), std::size_t(1));
    ClientXorb xorb(file);
    QCOMPARE(fixture.post(xorb).value(), true);
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
    QCOMPARE(fixture.files(QStringLiteral("quarantine")).size(), 1);
    QCOMPARE(fixture.files(QStringLiteral("xorbs")), QStringList{path});
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
}

void TestXetMaintenance::uploadingAgainRepairs()
{
    for (const auto form : {StorageForm::Segments, StorageForm::Whole}) {
        XetFixture fixture;
        const CutFile file(testBytes(1'000'000, 1));
        uploadUsed(fixture, file);
        fixture.flipByte(fixture.files().front(), 500'000);
        QCOMPARE(fixture.store->verify({}, CancelToken())->size(), std::size_t(1));
        if (form == StorageForm::Segments)
            QVERIFY(putSegmented(fixture, file.bytes));
        else
            QVERIFY(fixture.put(file.bytes));
        QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
        QVERIFY(fixture.store->verify({}, CancelToken())->empty());
        QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
    }
}

void TestXetMaintenance::damagedXorbsAreRebuilt()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 1));
    const CutFile other(testBytes(300'000, 2));
    ClientXorb xorb;
    xorb.add(other);
    xorb.add(file);
    QVERIFY(fixture.post(xorb));
    const auto first = quint32(other.chunks.size());
    QVERIFY(fixture.registerShard({xorb.claim(other), xorb.claim(file, first)}));
    const ClientXorb copy(file); // the same chunks in another xorb
    QVERIFY(fixture.post(copy));
    fixture.flipByte(XetFixture::xorbPath(xorb.hash()), 800'000);
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
    QCOMPARE(fixture.get(other.sha256()).value(), other.bytes);
    QCOMPARE(fixture.files(QStringLiteral("quarantine")).size(), 1);
}

void TestXetMaintenance::verifyGoesOnWhenARepairFails()
{
    XetFixture fixture;
    std::vector<CutFile> files;
    for (quint32 seed : {1U, 2U}) {
        files.emplace_back(testBytes(300'000, seed));
        ClientXorb larger; // from which the damaged chunks could be had
        larger.add(CutFile(testBytes(100'000, 10 + seed)));
        larger.add(files.back());
        QVERIFY(fixture.upload(files.back()));
        QVERIFY(fixture.post(larger));
        fixture.flipByte(XetFixture::xorbPath(ClientXorb(files.back()).hash()), 100'000);
    }
    // Nothing can be staged.
    QVERIFY(QDir(fixture.options.folder + QStringLiteral("/staging")).removeRecursively());
    const auto damaged = fixture.store->verify({}, CancelToken());
    QVERIFY2(damaged, qPrintable(damaged ? QString() : damaged.error().describe()));
    QCOMPARE(damaged->size(), std::size_t(2));
    fixture.reopen();
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
    for (const CutFile& file : files)
        QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
}

/// Damage that is noted of a xorb is forgotten when it is read well again, also when it is on its way out.
void TestXetMaintenance::revivedXorbsAreUndamaged()
{
    XetFixture fixture;
    const CutFile file(testBytes(500'000, 1));
    const ClientXorb xorb(file);
    const QString path = XetFixture::xorbPath(xorb.hash());
    QVERIFY(fixture.post(xorb));
    fixture.flipByte(path, 100'000);
    QVERIFY(fixture.store->verify({}, CancelToken()));
    fixture.clock.advance(28 * Day);
    QVERIFY(fixture.sweep()); // hides it
    fixture.flipByte(path, 100'000);
    QVERIFY(fixture.store->verify({}, CancelToken()));
    QVERIFY(fixture.registerShard({xorb.claim(file)}, {xorb.entry()}));
    QCOMPARE(fixture.xet().file(file.hash)->sha256, file.sha256());
    QCOMPARE(XetFixture::read(fixture.xet().open(file.hash)->extents), file.bytes);
}

void TestXetMaintenance::startFindsLostXorbs()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 1));
    QVERIFY(fixture.upload(file));
    QVERIFY(QFile::remove(fixture.options.folder + u'/' + fixture.files().front()));
    fixture.reopen();
    QCOMPARE(fixture.store->lostAtStart(), 1);
    QCOMPARE(fixture.store->open(file.sha256()).error().code(), ErrorCode::Corrupt);
    QVERIFY(fixture.upload(file));
    fixture.reopen();
    QCOMPARE(fixture.store->lostAtStart(), 0);
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
}

void TestXetMaintenance::crashes_data()
{
    QTest::addColumn<QString>("step");
    QTest::addColumn<QString>("fault");
    for (const char* const fault : {"store.after-stage", "store.after-sync", "store.after-link",
                                    "store.after-folder-sync", "db.before-commit", "db.after-commit"}) {
        for (const char* const step : {"upload", "segments", "convert"})
            QTest::addRow("%s %s", step, fault) << QString::fromLatin1(step) << QString::fromLatin1(fault);
    }
    QTest::newRow("upload after shard")
        << QStringLiteral("upload") << QStringLiteral("store.after-shard-commit");
    for (const char* const fault :
         {"store.compacting", "store.before-removal", "db.before-commit", "db.after-commit"})
        QTest::addRow("sweep %s", fault) << QStringLiteral("sweep") << QString::fromLatin1(fault);
}

void TestXetMaintenance::crashes()
{
#ifndef HUBLET_FAULT_POINTS
    QSKIP("needs fault points");
#endif
    QFETCH(const QString, step);
    QFETCH(const QString, fault);
    const CutFile file(testBytes(2'000'000, 1));
    const CutFile other(testBytes(200'000, 2));
    // Which pass of the fault point is the one in the middle of the step differs: try the first few.
    bool wasKilled = true;
    for (int pass = 1; pass <= 5 && wasKilled; ++pass) {
        const QTemporaryDir folder;
        {
            XetFixture fixture(folder.path());
            if (step == u"convert") {
                QVERIFY(fixture.put(file.bytes));
            } else if (step == u"sweep") { // one xorb to be rewritten, one to be deleted
                ClientXorb xorb;
                xorb.add(other);
                xorb.add(file);
                QVERIFY(fixture.post(xorb));
                QVERIFY(fixture.registerShard({xorb.claim(other)}));
                QVERIFY(fixture.use(other.sha256()));
                QVERIFY(fixture.upload(CutFile(testBytes(100'000, 3))));
            }
        }
        QProcess child;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HUBLET_TEST_STEP"), step);
        environment.insert(QStringLiteral("HUBLET_TEST_FOLDER"), folder.path());
        environment.insert(QStringLiteral("HUBLET_FAULT"), QStringLiteral("%1=kill:%2").arg(fault).arg(pass));
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath(), {});
        QVERIFY(child.waitForFinished(60'000));
        wasKilled = child.exitStatus() == QProcess::CrashExit;
        QVERIFY2(wasKilled || pass > 1, "the fault point was not reached");

        XetFixture fixture(folder.path());
        QCOMPARE(fixture.store->lostAtStart(), 0);
        QVERIFY(fixture.store->verify({}, CancelToken())->empty());
        if (step == u"sweep") {
            QCOMPARE(fixture.get(other.sha256()).value(), other.bytes);
        } else {
            if (step == u"convert")
                QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
            QVERIFY(fixture.upload(file));
            QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
            QVERIFY(fixture.use(file.sha256()));
        }
        // What is left has its row, and what has a row is there.
        QVERIFY(fixture.store->freeNow(StoreFixture::live(), {}, CancelToken()));
        QCOMPARE(fixture.files().size(), 1);
        QVERIFY(fixture.store->verify({}, CancelToken())->empty());
        fixture.reopen();
        QCOMPARE(fixture.store->lostAtStart(), 0);
    }
}

void TestXetMaintenance::sweepBesideUploads()
{
    XetFixture fixture;
    std::atomic_bool stop = false;
    std::atomic_int failed = 0;
    std::thread sweeper([&] {
        while (!stop) {
            if (!fixture.store->freeNow(StoreFixture::live(), {}, CancelToken()))
                ++failed;
        }
    });
    std::vector<std::thread> uploads;
    for (quint32 i = 0; i < 3; ++i)
        uploads.emplace_back([&, i] {
            for (quint32 round = 0; round < 8; ++round) {
                const QByteArray bytes = testBytes(700'000, round) + testBytes(300'000, 50 + i * 10 + round);
                const auto staged = putSegmented(fixture, bytes);
                if (!staged || fixture.get(staged->sha256).value_or(QByteArray()) != bytes)
                    ++failed;
                else if (round % 2 == 0 && !fixture.dropUse(staged->sha256))
                    ++failed;
            }
        });
    for (std::thread& upload : uploads)
        upload.join();
    stop = true;
    sweeper.join();
    QCOMPARE(failed.load(), 0);
    QVERIFY(fixture.store->verify({}, CancelToken())->empty());
    fixture.reopen();
    QCOMPARE(fixture.store->lostAtStart(), 0);
    for (quint32 i = 0; i < 3; ++i) {
        for (quint32 round = 1; round < 8; round += 2) {
            const QByteArray bytes = testBytes(700'000, round) + testBytes(300'000, 50 + i * 10 + round);
            QCOMPARE(fixture.get(Sha256Hasher::hash(bytes)).value(), bytes);
        }
    }
}

QTEST_GUILESS_MAIN(TestXetMaintenance)
#include "tst_xetmaintenance.moc"
