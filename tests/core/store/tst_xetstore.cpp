// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/xorbformat.h"
#include "core/xet/xorbreader.h"
#include "tests/core/store/xetfixture.h"

#include <QTest>

#include <thread>

using namespace hublet;
using namespace hublet::store;
using namespace hublet::test;

class TestXetStore : public QObject {
    Q_OBJECT
private slots:
    void uploadsAndReads();
    void readsSlicesOfSeveralXorbs();
    void servesRecords();
    void refusesLyingXorbs_data();
    void refusesLyingXorbs();
    void uploadsAreIdempotent();
    void uploadsRace();
    void refusesLyingShards_data();
    void refusesLyingShards();
    void registersAllOrNothing();
    void recordsWithTheCaller();
    void refusesLiesAboutKnownFiles();
    void refusesShardsOfUnknownXorbs();
    void canBeCancelled();
    void canBeCancelledAmongTerms();
    void manyEqualTerms();
    void wholeContentBecomesSegments();
    void severalHashesOfOneContent();
    void emptyFile();
    void findsChunks();
};

void TestXetStore::uploadsAndReads()
{
    XetFixture fixture;
    const CutFile file(testBytes(3'000'000, 1));
    const auto outcome = fixture.upload(file);
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().describe()));
    QVERIFY(outcome->changedAnything());
    QCOMPARE(outcome->files.size(), std::size_t(1));
    const Sha256 sha256 = file.sha256();
    QCOMPARE(outcome->files[0].sha256, sha256);
    QCOMPARE(outcome->files[0].size, file.bytes.size());

    for (int reopened = 0; reopened < 2; ++reopened) {
        QCOMPARE(fixture.get(sha256).value(), file.bytes);
        QCOMPARE(fixture.store->open(sha256)->extents.size(), std::size_t(1));
        QCOMPARE(fixture.store->size(sha256).value(), std::optional<qint64>(file.bytes.size()));
        QCOMPARE(XetFixture::read(fixture.xet().open(file.hash)->extents), file.bytes);
        QCOMPARE(fixture.xet().fileOf(sha256).value(), std::optional(file.hash));
        QCOMPARE(fixture.xet().file(file.hash)->sha256, sha256);
        QCOMPARE(fixture.xet().terms(file.hash)->size(), std::size_t(1));
        fixture.reopen();
    }
    QCOMPARE(fixture.store->lostAtStart(), 0);
    QCOMPARE(fixture.xet().file(XetHash()).error().code(), ErrorCode::NotFound);
}

void TestXetStore::readsSlicesOfSeveralXorbs()
{
    XetFixture fixture;
    const CutFile file(testBytes(3'000'000, 1));
    const std::size_t chunks = file.chunks.size();
    ClientXorb front;
    front.add(file, 0, chunks / 2);
    ClientXorb back;
    back.add(file, chunks / 2, chunks);
    QVERIFY(fixture.post(front));
    QVERIFY(fixture.post(back));
    xet::ShardFile claimed;
    claimed.hash = file.hash;
    // Neighbours in one xorb are one run of bytes when they are read.
    const auto half = quint32(chunks / 2);
    claimed.terms = {front.term(0, 3), front.term(3, half), back.term(0, quint32(chunks) - half)};
    const std::span<const xet::Chunk> all(file.chunks);
    claimed.rangeHashes = {xet::rangeHash(all.first(3)), xet::rangeHash(all.subspan(3, half - 3)),
                           xet::rangeHash(all.subspan(half))};
    QVERIFY(fixture.registerShard({claimed}));
    const Content content = fixture.store->open(file.sha256()).value();
    QCOMPARE(content.extents.size(), std::size_t(2));
    QCOMPARE(XetFixture::read(content.extents), file.bytes);
    QCOMPARE(fixture.xet().terms(file.hash).value(), claimed.terms);
}

void TestXetStore::servesRecords()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 2));
    QVERIFY(fixture.upload(file));
    const XetHash xorb = fixture.xet().terms(file.hash)->front().xorb;
    QByteArray stream;
    for (const QByteArray& payload : file.payloads)
        stream += xet::encodeRecord(payload, xet::Scheme::None);
    QCOMPARE(fixture.xet().xorbSize(xorb).value(), std::optional<qint64>(stream.size()));

    const auto index = fixture.xet().xorb(xorb).value();
    const qint64 begin2 = xet::recordOffset(index->index.rawOffset(2), 2);
    const qint64 begin5 = xet::recordOffset(index->index.rawOffset(5), 5);
    const std::vector<ByteRange> ranges{{0, stream.size() - 1},   {begin2, begin5 - 1},
                                        {begin2 + 3, begin2 + 4}, {begin2 + 7, begin2 + 8},
                                        {begin2 - 1, begin2},     {stream.size() - 1, stream.size() - 1}};
    for (const ByteRange range : ranges) {
        const auto records = fixture.xet().records(xorb, range);
        QVERIFY(records);
        QCOMPARE(records->streamBytes, stream.size());
        QCOMPARE(XetFixture::read(records->extents), stream.sliced(range.first, range.length()));
    }
    QCOMPARE(fixture.xet().records(xorb, {0, stream.size()}).error().code(), ErrorCode::RangeNotSatisfiable);
    QCOMPARE(fixture.xet().records(XetHash(), {0, 1}).error().code(), ErrorCode::NotFound);

    const auto offsets = fixture.xet().offsets();
    QCOMPARE(offsets->rawOffset(xorb, 5).value(), index->index.rawOffset(5));
    QVERIFY(!offsets->rawOffset(xorb, index->index.count() + 1));
}

void TestXetStore::refusesLyingXorbs_data()
{
    QTest::addColumn<QString>("lie");
    QTest::addColumn<int>("code");
    for (const char* const lie : {"hash", "truncated", "flipped", "empty"})
        QTest::newRow(lie) << QString::fromLatin1(lie)
                           << int(qstrcmp(lie, "hash") == 0 ? ErrorCode::DigestMismatch
                                                            : ErrorCode::Malformed);
}

void TestXetStore::refusesLyingXorbs()
{
    QFETCH(const QString, lie);
    QFETCH(const int, code);
    XetFixture fixture;
    const CutFile file(testBytes(300'000, 3));
    ClientXorb xorb(file);
    const XetHash announced = lie == u"hash" ? XetHash::fromText(QByteArray(64, '1')).value() : xorb.hash();
    if (lie == u"truncated")
        xorb.body.chop(1);
    if (lie == u"flipped")
        xorb.body[5] = char(xorb.body[5] ^ 0x40); // the raw length
    if (lie == u"empty")
        xorb.body.clear();
    const auto posted = fixture.post(announced, xorb.body);
    QVERIFY(!posted);
    QCOMPARE(int(posted.error().code()), code);
    QCOMPARE(fixture.xet().xorbSize(announced).value(), std::nullopt);
    QCOMPARE(fixture.files(), QStringList());
}

void TestXetStore::uploadsAreIdempotent()
{
    XetFixture fixture;
    const CutFile file(testBytes(2'000'000, 4));
    ClientXorb xorb(file);
    QCOMPARE(fixture.post(xorb).value(), true);
    QCOMPARE(fixture.post(xorb).value(), false);
    const auto claimed = xorb.claim(file);
    QVERIFY(fixture.registerShard({claimed}, {xorb.entry()})->changedAnything());
    QVERIFY(!fixture.registerShard({claimed, claimed}, {xorb.entry()})->changedAnything());
    QCOMPARE(fixture.files(), QStringList{XetFixture::xorbPath(xorb.hash())});
    QCOMPARE(fixture.get(*claimed.sha256).value(), file.bytes);
}

void TestXetStore::uploadsRace()
{
    XetFixture fixture;
    for (quint32 round = 0; round < 5; ++round) {
        const CutFile file(testBytes(1'000'000, 100 + round));
        ClientXorb xorb(file);
        std::atomic_int inserted = 0;
        std::atomic_int failed = 0;
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i)
            clients.emplace_back([&] {
                const auto posted = fixture.post(xorb);
                posted ? inserted += *posted ? 1 : 0 : ++failed;
                if (!fixture.registerShard({xorb.claim(file)}, {xorb.entry()}))
                    ++failed;
            });
        for (std::thread& client : clients)
            client.join();
        QCOMPARE(failed.load(), 0);
        QCOMPARE(inserted.load(), 1);
        QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
    }
    QCOMPARE(fixture.files().size(), 5);
}

void TestXetStore::refusesLyingShards_data()
{
    QTest::addColumn<QString>("lie");
    for (const char* const lie : {"range hash", "2nd range hash", "no proof", "file hash", "sha256", "bytes",
                                  "outside", "unknown xorb", "chunk list"})
        QTest::newRow(lie) << QString::fromLatin1(lie);
}

void TestXetStore::refusesLyingShards()
{
    QFETCH(const QString, lie);
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 5));
    ClientXorb xorb(file);
    QVERIFY(fixture.post(xorb));
    xet::ShardFile claimed = xorb.claim(file);
    xet::ShardXorb entry = xorb.entry();
    ErrorCode expected = ErrorCode::InvalidArgument;
    if (lie == u"range hash") { // knows the name of the xorb, not its chunks
        claimed.rangeHashes = {claimed.hash};
    } else if (lie == u"2nd range hash") {
        const auto end = quint32(file.chunks.size());
        claimed.terms = {xorb.term(0, 2), xorb.term(2, end)};
        claimed.rangeHashes = {xet::rangeHash(std::span(file.chunks).first(2)), claimed.hash};
    } else if (lie == u"no proof") {
        claimed.rangeHashes.clear();
    } else if (lie == u"file hash") {
        claimed.hash = xorb.hash();
    } else if (lie == u"sha256") {
        claimed.sha256 = Sha256Hasher::hash("something else");
        expected = ErrorCode::DigestMismatch;
    } else if (lie == u"bytes") {
        ++claimed.terms[0].bytes;
    } else if (lie == u"outside") {
        ++claimed.terms[0].chunkEnd;
    } else if (lie == u"unknown xorb") {
        claimed.terms[0].xorb = claimed.hash;
    } else {
        std::swap(entry.chunks[0], entry.chunks[1]);
    }
    const auto refused = fixture.registerShard({claimed}, {entry});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), expected);
    QCOMPARE(fixture.xet().file(file.hash).error().code(), ErrorCode::NotFound);
    QCOMPARE(fixture.store->open(file.sha256()).error().code(), ErrorCode::ContentMissing);
    QCOMPARE(fixture.store->open(*claimed.sha256).error().code(), ErrorCode::ContentMissing);
    QVERIFY(fixture.registerShard({xorb.claim(file)}, {xorb.entry()}));
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
}

void TestXetStore::registersAllOrNothing()
{
    XetFixture fixture;
    const CutFile good(testBytes(500'000, 6));
    const CutFile bad(testBytes(500'000, 7));
    ClientXorb xorb;
    xorb.add(good);
    xorb.add(bad);
    QVERIFY(fixture.post(xorb));
    xet::ShardFile lie = xorb.claim(bad, quint32(good.chunks.size()));
    const xet::ShardFile honest = lie;
    lie.sha256 = Sha256Hasher::hash("x");
    QVERIFY(!fixture.registerShard({xorb.claim(good), lie}));
    QVERIFY(!fixture.xet().file(good.hash));
    QVERIFY(fixture.registerShard({xorb.claim(good), honest}));
    QCOMPARE(fixture.get(*honest.sha256).value(), bad.bytes);
}

void TestXetStore::recordsWithTheCaller()
{
    XetFixture fixture;
    const CutFile file(testBytes(500'000, 8));
    ClientXorb xorb(file);
    QVERIFY(fixture.post(xorb));
    const QByteArray shard = xet::writeUploadShard(std::vector{xorb.claim(file)}, {});
    const auto refuse = [](db::Transaction&, const std::vector<RegisteredFile>&) -> Result<void> {
        return fail(ErrorCode::Forbidden, QStringLiteral("not here"));
    };
    QCOMPARE(fixture.xet().registerShard(shard, refuse, {}, CancelToken()).error().code(),
             ErrorCode::Forbidden);
    QVERIFY(!fixture.xet().file(file.hash));
    const auto use = [](db::Transaction& transaction, const std::vector<RegisteredFile>& files) {
        return StoreFixture::use(transaction, files.front().sha256);
    };
    QVERIFY(fixture.xet().registerShard(shard, use, {}, CancelToken()));
    QVERIFY(fixture.xet().file(file.hash));
}

void TestXetStore::refusesLiesAboutKnownFiles()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 5));
    QVERIFY(fixture.upload(file));
    const ClientXorb xorb(file);
    const xet::ShardFile honest = xorb.claim(file);
    xet::ShardFile lie = honest;
    lie.sha256 = Sha256Hasher::hash("something else");
    QCOMPARE(fixture.registerShard({lie}).error().code(), ErrorCode::DigestMismatch);
    QCOMPARE(fixture.registerShard({honest, lie}).error().code(), ErrorCode::InvalidArgument);
    QCOMPARE(fixture.registerShard({lie, honest}).error().code(), ErrorCode::InvalidArgument);
    xet::ShardFile silent = honest;
    silent.sha256.reset();
    QCOMPARE(fixture.registerShard({silent, lie}).error().code(), ErrorCode::DigestMismatch);
    QVERIFY(!fixture.registerShard({silent, honest})->changedAnything());
    QCOMPARE(fixture.store->open(*lie.sha256).error().code(), ErrorCode::ContentMissing);
    QCOMPARE(fixture.get(file.sha256()).value(), file.bytes);
}

void TestXetStore::refusesShardsOfUnknownXorbs()
{
    XetFixture fixture;
    const ClientXorb xorb(CutFile(testBytes(300'000, 5)));
    const auto refused = fixture.registerShard({}, {xorb.entry()});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), ErrorCode::InvalidArgument);
}

void TestXetStore::canBeCancelled()
{
    XetFixture fixture;
    const CutFile file(testBytes(500'000, 9));
    ClientXorb xorb(file);
    QVERIFY(fixture.post(xorb));
    const QByteArray shard = xet::writeUploadShard(std::vector{xorb.claim(file)}, {});
    const CancelToken cancelled;
    cancelled.cancel();
    QCOMPARE(fixture.xet().registerShard(shard, {}, {}, cancelled).error().code(), ErrorCode::Cancelled);
    qint64 done = 0;
    const auto progress = [&](qint64 bytes, qint64 total) {
        done = bytes;
        QVERIFY(bytes == 0 || total == file.bytes.size());
    };
    QVERIFY(fixture.xet().registerShard(shard, {}, progress, CancelToken()));
    QCOMPARE(done, file.bytes.size());
}

void TestXetStore::canBeCancelledAmongTerms()
{
    XetFixture fixture;
    const CutFile file(testBytes(500'000, 9));
    ClientXorb xorb(file);
    QVERIFY(fixture.post(xorb));
    xet::ShardFile claimed = xorb.claim(file);
    claimed.terms.resize(3, claimed.terms[0]);
    claimed.rangeHashes = {claimed.rangeHashes[0], claimed.rangeHashes[0], xorb.hash()};
    const QByteArray shard = xet::writeUploadShard(std::vector{claimed}, {});
    // Whoever goes on to the last term finds that it lies.
    QCOMPARE(fixture.xet().registerShard(shard, {}, {}, CancelToken()).error().code(),
             ErrorCode::InvalidArgument);
    const CancelToken cancel;
    const auto cancelAtFirst = [&](qint64, qint64) { cancel.cancel(); };
    QCOMPARE(fixture.xet().registerShard(shard, {}, cancelAtFirst, cancel).error().code(),
             ErrorCode::Cancelled);
}

void TestXetStore::manyEqualTerms()
{
    XetFixture fixture;
    const CutFile block(testBytes(100'000, 9));
    ClientXorb xorb;
    xorb.add(block);
    QVERIFY(fixture.post(xorb));
    constexpr std::size_t Repeats = 500;
    xet::ShardFile claimed = xorb.claim(block);
    claimed.terms.resize(Repeats, claimed.terms[0]);
    claimed.rangeHashes.resize(Repeats, claimed.rangeHashes[0]);
    xet::MerkleTree tree;
    for (std::size_t i = 0; i < Repeats; ++i)
        tree.add(block.chunks);
    claimed.hash = tree.fileHash();
    claimed.sha256 = Sha256Hasher::hash(block.bytes.repeated(Repeats));
    int reports = 0;
    qint64 last = 0;
    const auto progress = [&](qint64 done, qint64) {
        ++reports;
        last = done;
    };
    const QByteArray shard = xet::writeUploadShard(std::vector{claimed}, {});
    QVERIFY(fixture.xet().registerShard(shard, {}, progress, CancelToken()));
    QCOMPARE(last, qint64(Repeats) * block.bytes.size());
    QVERIFY2(reports < 100, qPrintable(QString::number(reports))); // not one for each term
    QCOMPARE(fixture.xet().file(claimed.hash)->size, last);
    claimed.rangeHashes.back() = xorb.hash();
    claimed.sha256.reset();
    QVERIFY(!fixture.registerShard({claimed}));
}

void TestXetStore::wholeContentBecomesSegments()
{
    for (const qint64 size : {qint64(100'000), qint64(1'000'000)}) { // in a pack; a blob
        XetFixture fixture;
        const CutFile file(testBytes(size, 10));
        const Sha256 sha256 = fixture.put(file.bytes)->sha256;
        QCOMPARE(fixture.xet().fileOf(sha256).value(), std::nullopt);
        const Content open = fixture.store->open(sha256).value();
        QVERIFY(fixture.upload(file));
        QCOMPARE(fixture.xet().fileOf(sha256).value(), std::optional(file.hash));
        QCOMPARE(XetFixture::read(open.extents), file.bytes);
        QCOMPARE(fixture.get(sha256).value(), file.bytes);
        QVERIFY(fixture.files(QStringLiteral("blobs")).isEmpty());
        QVERIFY(fixture.sweep());
        QCOMPARE(fixture.files().size(), 1); // the empty pack went too
    }
}

void TestXetStore::severalHashesOfOneContent()
{
    XetFixture fixture;
    const CutFile file(testBytes(300'000, 11));
    QVERIFY(fixture.upload(file));
    // The same bytes cut by another rule: one small chunk first.
    CutFile other = file;
    const QByteArray first = file.payloads[0];
    other.payloads[0] = first.first(8130);
    other.chunks[0] = {xet::chunkHash(other.payloads[0]), 8130};
    other.payloads.insert(other.payloads.begin() + 1, first.sliced(8130));
    other.chunks.insert(other.chunks.begin() + 1,
                        {xet::chunkHash(other.payloads[1]), quint32(first.size() - 8130)});
    xet::MerkleTree tree;
    tree.add(other.chunks);
    other.hash = tree.fileHash();
    QVERIFY(fixture.upload(other));
    const Sha256 sha256 = file.sha256();
    QCOMPARE(fixture.xet().fileOf(sha256).value(), std::optional(file.hash)); // the first stays
    QCOMPARE(XetFixture::read(fixture.xet().open(file.hash)->extents), file.bytes);
    QCOMPARE(XetFixture::read(fixture.xet().open(other.hash)->extents), file.bytes);
}

void TestXetStore::emptyFile()
{
    XetFixture fixture;
    xet::ShardFile claimed;
    claimed.sha256 = Sha256Hasher::hash({});
    QVERIFY(fixture.registerShard({claimed}));
    QCOMPARE(fixture.get(*claimed.sha256).value(), QByteArray());
    QCOMPARE(fixture.xet().fileOf(*claimed.sha256).value(), std::optional(XetHash()));
    QCOMPARE(fixture.xet().terms(XetHash())->size(), std::size_t(0));
}

void TestXetStore::findsChunks()
{
    XetFixture fixture;
    const CutFile file(testBytes(1'000'000, 12));
    const auto anybody = [](const Sha256&) { return true; };
    QVERIFY(!fixture.xet().findChunk(file.chunks[0].hash, anybody).value());
    QVERIFY(fixture.upload(file));
    const auto found = fixture.xet().findChunk(file.chunks[3].hash, anybody).value();
    QVERIFY(found);
    QVERIFY(std::ranges::equal(found->xorb->index.chunks(), file.chunks));
    const auto nobody = [](const Sha256&) { return false; };
    QVERIFY(!fixture.xet().findChunk(file.chunks[3].hash, nobody).value());
}

QTEST_GUILESS_MAIN(TestXetStore)
#include "tst_xetstore.moc"
