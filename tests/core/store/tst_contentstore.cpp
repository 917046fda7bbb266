// SPDX-License-Identifier: Apache-2.0
#include "core/store/contentstore.h"
#include "core/store/files/blockstrand.h"
#include "tests/core/store/storefixture.h"

#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <thread>

using namespace hublet;
using namespace hublet::store;
using test::StoreFixture;
using test::testBytes;

class TestContentStore : public QObject {
    Q_OBJECT
private slots:
    void contentComesBack_data();
    void contentComesBack();
    void wholeBlocksAreTaken_data();
    void wholeBlocksAreTaken();
    void manyContentsShareOnePack();
    void sameContentIsStoredOnce();
    void lengthAndDigestAreChecked();
    void unfinishedUploadsLeaveNoTrace();
    void rolledBackUploadLeavesNoTrace();
    void recordNeedsPublish();
    void blobIdIsGitsOwn_data();
    void blobIdIsGitsOwn();
    void filesArePrivateAndReadOnly();
    void reservesFreeSpace();
    void fileSizeLimitIsNoSpace();
    void summaryCounts();
    void openContentSurvivesTheStore();
    void racingUploadsOfTheSameContent();
};

void TestContentStore::contentComesBack_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qint64>("step");
    constexpr qint64 Block = 512 * 1024;
    for (const qint64 size : {qint64(0), qint64(1), qint64(1000), PackedLimit - 1, PackedLimit,
                              PackedLimit + 1, Block - 1, Block, Block + 1, 9 * Block + 7}) {
        for (const qint64 step : {qint64(1) << 40, qint64(65'521)})
            QTest::addRow("%lld by %lld", static_cast<long long>(size), static_cast<long long>(step))
                << size << step;
    }
}

void TestContentStore::contentComesBack()
{
    QFETCH(qint64, size);
    QFETCH(qint64, step);
    const QByteArray bytes = testBytes(size, 7);
    for (const bool announced : {true, false}) {
        StoreFixture fresh;
        const Sha256 sha256 = Sha256Hasher::hash(bytes);
        {
            ContentWriter writer = fresh.store->writer();
            QVERIFY(writer.begin(announced ? size : -1));
            for (qint64 at = 0; at < size; at += step)
                QVERIFY(writer.append(QByteArrayView(bytes).sliced(at, std::min(step, size - at))));
            const auto staged = writer.end(sha256);
            QVERIFY2(staged, qPrintable(staged ? QString() : staged.error().describe()));
            QCOMPARE(staged->sha256, sha256);
            QCOMPARE(staged->blobOid, gitObjectOid("blob", bytes));
            QCOMPARE(staged->size, size);
            QCOMPARE(fresh.store->open(sha256).error().code(), ErrorCode::ContentMissing);
            QVERIFY(writer.publish());
            QVERIFY(fresh.database->write(
                [&](db::Transaction& transaction) { return writer.record(transaction); }));
        }
        QCOMPARE(fresh.get(sha256).value(), bytes);
        QCOMPARE(fresh.store->size(sha256)->value(), size);
        fresh.reopen();
        QCOMPARE(fresh.get(sha256).value(), bytes);
        QCOMPARE(fresh.files().size(), 1);
        QCOMPARE(fresh.files(QStringLiteral("blobs")).size(), size > PackedLimit ? 1 : 0);
    }
}

void TestContentStore::wholeBlocksAreTaken_data()
{
    QTest::addColumn<bool>("announced");
    QTest::addColumn<qsizetype>("before"); // bytes that come in another way first
    for (const bool announced : {true, false}) {
        for (const qsizetype before : {qsizetype(0), qsizetype(1000), BlockStrand::BlockBytes + 1})
            QTest::addRow("%s, after %lld", announced ? "announced" : "not announced",
                          static_cast<long long>(before))
                << announced << before;
    }
}

void TestContentStore::wholeBlocksAreTaken()
{
    QFETCH(bool, announced);
    QFETCH(qsizetype, before);
    constexpr int Blocks = 20; // more than wait for hashing
    const QByteArray bytes = testBytes(before + Blocks * BlockStrand::BlockBytes + 1, 3);
    StoreFixture fresh;
    {
        ContentWriter writer = fresh.store->writer();
        QVERIFY(writer.begin(announced ? bytes.size() : -1));
        QVERIFY(writer.append(QByteArrayView(bytes).first(before)));
        for (int i = 0; i < Blocks; ++i) {
            QByteArray block = bytes.mid(before + i * BlockStrand::BlockBytes, BlockStrand::BlockBytes);
            QVERIFY(writer.appendBlock(block));
            if (announced)
                QVERIFY(block.isEmpty() && block.capacity() >= BlockStrand::BlockBytes);
        }
        QByteArray rest = bytes.last(1);
        QVERIFY(writer.appendBlock(rest));
        QCOMPARE(rest.size(), 1); // too small to be worth keeping
        QVERIFY(writer.end(Sha256Hasher::hash(bytes)));
        QVERIFY(writer.publish());
        QVERIFY(
            fresh.database->write([&](db::Transaction& transaction) { return writer.record(transaction); }));
    }
    QCOMPARE(fresh.get(Sha256Hasher::hash(bytes)).value(), bytes);
}

void TestContentStore::manyContentsShareOnePack()
{
    StoreFixture fixture;
    ContentWriter writer = fixture.store->writer();
    std::vector<StagedContent> staged;
    for (quint32 i = 0; i < 5000; ++i)
        staged.push_back(*StoreFixture::stage(writer, testBytes(i % 700, i)));
    const QByteArray large = testBytes(300'000, 1);
    staged.push_back(*StoreFixture::stage(writer, large));
    QVERIFY(writer.publish());
    QVERIFY(
        fixture.database->write([&](db::Transaction& transaction) { return writer.record(transaction); }));
    QCOMPARE(fixture.files(QStringLiteral("packs")).size(), 1);
    QCOMPARE(fixture.files(QStringLiteral("blobs")),
             QStringList{StoreFixture::blobPath(staged.back().sha256)});
    for (quint32 i = 0; i < 5000; ++i)
        QCOMPARE(fixture.get(staged[i].sha256).value(), testBytes(i % 700, i));
    QCOMPARE(fixture.get(staged.back().sha256).value(), large);
}

void TestContentStore::sameContentIsStoredOnce()
{
    StoreFixture fixture;
    for (const qint64 size : {qint64(1000), qint64(1'000'000)}) {
        const QByteArray bytes = testBytes(size, 3);
        QVERIFY(fixture.put(bytes));
        const QStringList before = fixture.files();
        QVERIFY(fixture.put(bytes));
        ContentWriter writer = fixture.store->writer();
        QVERIFY(StoreFixture::stage(writer, bytes));
        QVERIFY(StoreFixture::stage(writer, bytes));
        QVERIFY(writer.publish());
        QVERIFY(fixture.database->write(
            [&](db::Transaction& transaction) { return writer.record(transaction); }));
        QCOMPARE(fixture.files(), before);
    }
    QCOMPARE(fixture.store->summary()->contents, 2);
}

void TestContentStore::lengthAndDigestAreChecked()
{
    StoreFixture fixture;
    for (const qint64 size : {qint64(10), qint64(400'000)}) {
        const QByteArray bytes = testBytes(size, 4);
        ContentWriter writer = fixture.store->writer();
        QCOMPARE(StoreFixture::stage(writer, bytes, size + 1).error().code(), ErrorCode::LengthMismatch);
        QCOMPARE(StoreFixture::stage(writer, bytes, size - 1).error().code(), ErrorCode::LengthMismatch);
        QVERIFY(writer.begin(size));
        QVERIFY(writer.append(bytes));
        QCOMPARE(writer.end(Sha256Hasher::hash("other")).error().code(), ErrorCode::DigestMismatch);
        const auto good = StoreFixture::stage(writer, bytes, size); // the writer goes on
        QVERIFY(good);
        QVERIFY(writer.publish());
        QVERIFY(fixture.database->write(
            [&](db::Transaction& transaction) { return writer.record(transaction); }));
        QCOMPARE(fixture.get(good->sha256).value(), bytes);
    }
    QCOMPARE(fixture.files().size(), 2);
}

void TestContentStore::unfinishedUploadsLeaveNoTrace()
{
    StoreFixture fixture;
    const QByteArray small = testBytes(100, 1);
    const QByteArray large = testBytes(700'000, 1);
    for (int step = 0; step < 4; ++step) {
        ContentWriter writer = fixture.store->writer();
        QVERIFY(writer.begin());
        QVERIFY(writer.append(large));
        if (step == 0)
            continue; // destroyed in the middle of a content
        if (step == 1) {
            writer.discard();
            continue;
        }
        QVERIFY(writer.end());
        QVERIFY(StoreFixture::stage(writer, small));
        if (step == 3) {
            QVERIFY(writer.publish());
            QCOMPARE(fixture.files().size(), 2);
        }
    }
    QCOMPARE(fixture.files(), QStringList());
    QCOMPARE(fixture.store->summary()->contents, 0);
    QVERIFY(fixture.put(large)); // and nothing is in the way of another try
    QVERIFY(fixture.put(small));
}

void TestContentStore::rolledBackUploadLeavesNoTrace()
{
    StoreFixture fixture;
    {
        ContentWriter writer = fixture.store->writer();
        QVERIFY(StoreFixture::stage(writer, testBytes(100, 1)));
        QVERIFY(StoreFixture::stage(writer, testBytes(700'000, 1)));
        QVERIFY(writer.publish());
        const auto refused = fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
            if (const auto recorded = writer.record(transaction); !recorded)
                return recorded;
            return fail(ErrorCode::ParentMoved, QStringLiteral("somebody was faster"));
        });
        QCOMPARE(refused.error().code(), ErrorCode::ParentMoved);
    }
    QCOMPARE(fixture.files(), QStringList());
}

void TestContentStore::recordNeedsPublish()
{
    StoreFixture fixture;
    ContentWriter writer = fixture.store->writer();
    QVERIFY(StoreFixture::stage(writer, testBytes(100, 1)));
    const auto refused =
        fixture.database->write([&](db::Transaction& transaction) { return writer.record(transaction); });
    QCOMPARE(refused.error().code(), ErrorCode::Internal);
}

void TestContentStore::blobIdIsGitsOwn_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<bool>("announced");
    QTest::addColumn<bool>("known");
    QTest::newRow("packed") << qint64(5) << false << true;
    QTest::newRow("announced") << StagedContent::BlobOidLimit << true << true;
    QTest::newRow("read again") << StagedContent::BlobOidLimit << false << true;
    QTest::newRow("announced, too large") << StagedContent::BlobOidLimit + 1 << true << false;
    QTest::newRow("too large") << StagedContent::BlobOidLimit + 1 << false << false;
}

void TestContentStore::blobIdIsGitsOwn()
{
    QFETCH(qint64, size);
    QFETCH(bool, announced);
    QFETCH(bool, known);
    StoreFixture fixture;
    const QByteArray bytes = testBytes(size, 2);
    ContentWriter writer = fixture.store->writer();
    const auto staged = StoreFixture::stage(writer, bytes, announced ? size : -1);
    QVERIFY(staged);
    QCOMPARE(staged->sha256, Sha256Hasher::hash(bytes));
    QCOMPARE(staged->blobOid, known ? gitObjectOid("blob", bytes) : GitOid());
}

void TestContentStore::filesArePrivateAndReadOnly()
{
    StoreFixture fixture;
    QVERIFY(fixture.put(testBytes(100, 1)));
    QVERIFY(fixture.put(testBytes(700'000, 1)));
    struct stat status {};
    for (const QString& file : fixture.files()) {
        QCOMPARE(::stat(QFile::encodeName(fixture.options.folder + u'/' + file).constData(), &status), 0);
        QCOMPARE(status.st_mode & 07777, 0440u);
    }
    QCOMPARE(::stat(QFile::encodeName(fixture.options.folder).constData(), &status), 0);
    QCOMPARE(status.st_mode & 07777, 0700u);
}

void TestContentStore::reservesFreeSpace()
{
    StoreFixture fixture;
    const qint64 free = fixture.store->summary()->freeBytes;
    const auto begin = [&](qint64 keepBytes, double keepRatio, qint64 size) {
        fixture.options.keepFreeBytes = keepBytes;
        fixture.options.keepFreeRatio = keepRatio;
        fixture.reopen();
        const auto begun = fixture.store->writer().begin(size);
        return begun ? std::nullopt : std::optional(begun.error().code());
    };
    const std::optional refused = ErrorCode::NoSpace;
    QCOMPARE(begin(free + (1LL << 40), 0, 1), refused);
    QCOMPARE(begin(free + (1LL << 40), 0, -1), refused);
    QCOMPARE(begin(0, 1.0, 1), refused);
    QCOMPARE(begin(0, 0, free * 2), refused);
    QCOMPARE(begin(0, 0, 1), std::nullopt);
    QCOMPARE(begin(1000, 0.0001, -1), std::nullopt);
    QCOMPARE(fixture.files(), QStringList());
}

void TestContentStore::fileSizeLimitIsNoSpace()
{
    StoreFixture fixture;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit limited{1 << 20, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &limited), 0);
    ErrorCode code = ErrorCode::Internal;
    {
        ContentWriter writer = fixture.store->writer();
        const auto staged = StoreFixture::stage(writer, testBytes(4 << 20, 1));
        if (!staged)
            code = staged.error().code();
    }
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QCOMPARE(code, ErrorCode::NoSpace);
    QCOMPARE(fixture.files(), QStringList());
    QVERIFY(fixture.put(testBytes(4 << 20, 1))); // works again without a restart
}

void TestContentStore::summaryCounts()
{
    StoreFixture fixture;
    QVERIFY(fixture.put(testBytes(1000, 1)));
    QVERIFY(fixture.put(testBytes(700'000, 1)));
    const auto summary = fixture.store->summary();
    QCOMPARE(summary->contents, 2);
    QCOMPARE(summary->logicalBytes, 701'000);
    QVERIFY(summary->storedBytes > 701'000);
    QVERIFY(summary->storedBytes < 702'000);
    QVERIFY(summary->freeBytes > 0);
    QVERIFY(!summary->readOnly);
    qint64 visited = 0;
    QVERIFY(fixture.store->forEachStoredFile(
        *fixture.database, [&](const StoredFile& file, const UniqueFd& opened) -> Result<void> {
            [&] {
                QVERIFY(fixture.files().contains(QString::fromLatin1(file.path())));
                QCOMPARE(fileSize(opened.get()).value(), file.size);
            }();
            visited += file.size;
            return {};
        }));
    QCOMPARE(visited, summary->storedBytes);
}

void TestContentStore::openContentSurvivesTheStore()
{
    StoreFixture fixture;
    const QByteArray bytes = testBytes(700'000, 1);
    const auto content = fixture.store->open(fixture.put(bytes)->sha256);
    QVERIFY(content);
    fixture.store.reset();
    QVERIFY(QDir(fixture.options.folder).removeRecursively());
    QCOMPARE(readAt(content->extents[0].file->get(), content->extents[0].offset, content->size).value(),
             bytes);
}

void TestContentStore::racingUploadsOfTheSameContent()
{
    StoreFixture fixture;
    constexpr int Threads = 4;
    constexpr quint32 Rounds = 20;
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < Threads; ++t) {
        threads.emplace_back([&, t] {
            for (quint32 round = 0; round < Rounds; ++round) {
                ContentWriter writer = fixture.store->writer();
                const auto large = StoreFixture::stage(writer, testBytes(300'000, round));
                const auto small = StoreFixture::stage(writer, testBytes(3'000, round));
                if (!large || !small || !writer.publish()) {
                    ++failures;
                    continue;
                }
                if ((quint32(t) + round) % 2 == 1)
                    continue; // gives up after publishing: must not take the file from those who recorded it
                if (!fixture.database->write(
                        [&](db::Transaction& transaction) { return writer.record(transaction); }))
                    ++failures;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    for (quint32 round = 0; round < Rounds; ++round) {
        QCOMPARE(fixture.get(Sha256Hasher::hash(testBytes(300'000, round))).value(),
                 testBytes(300'000, round));
        QCOMPARE(fixture.get(Sha256Hasher::hash(testBytes(3'000, round))).value(), testBytes(3'000, round));
    }
    QCOMPARE(fixture.files(QStringLiteral("blobs")).size(), qsizetype(Rounds));
}

QTEST_GUILESS_MAIN(TestContentStore)
#include "tst_contentstore.moc"
