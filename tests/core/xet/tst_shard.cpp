// SPDX-License-Identifier: Apache-2.0
#include "core/xet/keyedhash.h"
#include "core/xet/shardreader.h"
#include "core/xet/shardwriter.h"
#include "core/xet/xetlimits.h"
#include "xetfixture.h"

#include <QTest>
#include <QtEndian>

using namespace hublet;
using namespace hublet::xet;

namespace {

constexpr qsizetype RecordBytes = 48;
constexpr qsizetype FooterBytes = 200;

XetHash named(const char* text)
{
    return chunkHash(text);
}

QByteArray number(quint64 value)
{
    const quint64 little = qToLittleEndian(value);
    return QByteArray(reinterpret_cast<const char*>(&little), sizeof little);
}

void put32(QByteArray& bytes, qsizetype offset, quint32 value)
{
    qToLittleEndian(value, bytes.data() + offset);
}

ShardFile plainFile()
{
    ShardFile file;
    file.hash = named("a file");
    file.terms = {
        {named("xorb one"), 0, 2, 200}, {named("xorb two"), 5, 6, 131072}, {named("xorb one"), 1, 2, 100}};
    file.rangeHashes = {named("range 1"), named("range 2"), named("range 3")};
    file.sha256 = Sha256::fromHex("6b7684b2b40c36f300112233445566778899aabbccddeeff0123456789abcdef");
    return file;
}

std::vector<ShardFile> someFiles()
{
    ShardFile noRanges = plainFile();
    noRanges.rangeHashes.clear();
    noRanges.hash = named("a file without range hashes");
    ShardFile noSha = plainFile();
    noSha.sha256.reset();
    noSha.hash = named("a file without SHA-256");
    ShardFile empty;
    empty.sha256 = Sha256::fromHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    return {plainFile(), noRanges, noSha, empty};
}

std::vector<ShardXorb> someXorbs()
{
    return {{named("xorb one"), {{named("chunk 1"), 100}, {named("chunk 2"), 131072}}},
            {named("xorb two"), {{named("chunk 3"), 1}}}};
}

struct Read {
    std::vector<ShardFile> files;
    std::vector<ShardXorb> xorbs;
};

Result<Read> read(QByteArrayView body)
{
    auto reader = ShardReader::open(body);
    if (!reader)
        return forward(reader);
    Read read;
    while (auto xorb = reader->nextXorb())
        read.xorbs.push_back(std::move(*xorb));
    while (auto file = reader->nextFile())
        read.files.push_back(std::move(*file));
    if (read.files.size() != reader->fileCount() || read.xorbs.size() != reader->xorbCount())
        return fail(ErrorCode::Internal, QStringLiteral("The counts are wrong."));
    return read;
}

/// The oldest shape: the header announces a footer, lookup tables of 12 and 16 bytes an entry come before it.
QByteArray withTablesAndFooter(QByteArray body)
{
    qToLittleEndian<quint64>(FooterBytes, body.data() + 40);
    return body + QByteArray(3 * 12 + 3 * 12 + 5 * 16, '\x07') + number(1) +
           QByteArray(FooterBytes - 8, '\x03');
}

/// The shape of the JavaScript client: a footer without lookup tables, all its offsets zero.
QByteArray withEmptyFooter(QByteArray body)
{
    qToLittleEndian<quint64>(FooterBytes, body.data() + 40);
    return body + number(1) + QByteArray(FooterBytes - 8, '\0');
}

} // namespace

class TestShard : public QObject {
    Q_OBJECT

private slots:
    void layout();
    void uploadShapes_data();
    void uploadShapes();
    void sectionsMayBeEmpty();
    void sha256IsStoredByWords();
    void refusesTruncation_data();
    void refusesTruncation();
    void refusesBadShards_data();
    void refusesBadShards();
    void hugeCountsAllocateNothing();
    void termsNameSoManyChunks();
    void dedupShard();
    void dedupShardWithKey();
};

void TestShard::layout()
{
    const QByteArray body = writeUploadShard(std::vector{plainFile()}, someXorbs());
    // Header; file, 3 terms, 3 range hashes, SHA-256, bookend; 2 xorbs, 3 chunks, bookend.
    QCOMPARE(body.size(), (1 + 9 + 6) * RecordBytes);
    QCOMPARE(body.first(48).toHex(), QByteArray("48465265706f4d657461446174610055696745"
                                                "6a7b815783a5bdd95ccdd14aa9"
                                                "02000000000000000000000000000000"));
    const auto record = [&](int index) { return body.mid(index * RecordBytes, RecordBytes); };
    QCOMPARE(record(1), named("a file").toBytes() + QByteArray::fromHex("000000c0030000000000000000000000"));
    QCOMPARE(record(3),
             named("xorb two").toBytes() + QByteArray::fromHex("00000000000002000500000006000000"));
    QCOMPARE(record(5), named("range 1").toBytes() + QByteArray(16, '\0'));
    QCOMPARE(record(9), QByteArray(32, '\xff') + QByteArray(16, '\0'));
    QCOMPARE(record(10),
             named("xorb one").toBytes() + QByteArray::fromHex("00000000020000006400020000000000"));
    QCOMPARE(record(12),
             named("chunk 2").toBytes() + QByteArray::fromHex("64000000000002000000000000000000"));
    QCOMPARE(record(15), record(9));
}

void TestShard::uploadShapes_data()
{
    QTest::addColumn<QByteArray>("body");
    const QByteArray bare = writeUploadShard(someFiles(), someXorbs());
    QTest::newRow("bare") << bare;
    QTest::newRow("with lookup tables and footer") << withTablesAndFooter(bare);
    QTest::newRow("with a footer of zeros") << withEmptyFooter(bare);
    QTest::newRow("with a footer announced only") << withEmptyFooter(bare).first(bare.size());
}

void TestShard::uploadShapes()
{
    QFETCH(QByteArray, body);
    const auto shard = read(body);
    QVERIFY(shard);
    QVERIFY(shard->files == someFiles());
    QVERIFY(shard->xorbs == someXorbs());
}

void TestShard::sectionsMayBeEmpty()
{
    const QByteArray onlyFiles = writeUploadShard(someFiles(), {});
    QVERIFY(read(onlyFiles)->xorbs.empty());
    QVERIFY(read(onlyFiles)->files == someFiles());
    const QByteArray onlyXorbs = writeUploadShard({}, someXorbs());
    QVERIFY(read(onlyXorbs)->files.empty());
    QVERIFY(read(onlyXorbs)->xorbs == someXorbs());
    QVERIFY(read(writeUploadShard({}, {})));
}

void TestShard::sha256IsStoredByWords()
{
    const QByteArray body = writeUploadShard(std::vector{plainFile()}, {});
    QCOMPARE(body.mid(8 * RecordBytes, 8).toHex(), QByteArray("f3360cb4b284766b"));
}

void TestShard::refusesTruncation_data()
{
    uploadShapes_data();
}

void TestShard::refusesTruncation()
{
    QFETCH(QByteArray, body);
    const qsizetype bare = writeUploadShard(someFiles(), someXorbs()).size();
    for (qsizetype size = 0; size < body.size(); ++size) {
        const auto shard = read(body.first(size));
        const bool enough = size >= bare; // what follows the sections is not read
        QVERIFY2(shard.has_value() == enough, qPrintable(QString::number(size)));
        if (!shard)
            QCOMPARE(shard.error().code(), ErrorCode::Malformed);
    }
}

void TestShard::refusesBadShards_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ErrorCode>("code");
    const QByteArray good = writeUploadShard(std::vector{plainFile()}, someXorbs());
    const auto add = [&](const char* name, auto damage, ErrorCode code = ErrorCode::Malformed) {
        QByteArray body = good;
        damage(body);
        QTest::newRow(name) << body << code;
    };
    // A number of a record: its index in the body, then 0 to 3.
    const auto at = [](qsizetype record, qsizetype index) { return record * RecordBytes + 32 + 4 * index; };

    add("wrong tag", [](QByteArray& body) { body[31] = 0; });
    add(
        "version 1", [](QByteArray& body) { body[32] = 1; }, ErrorCode::Unsupported);
    add(
        "version of more than 32 bits", [](QByteArray& body) { body[36] = 1; }, ErrorCode::Unsupported);
    add("no bookend after the files", [&](QByteArray& body) { body.remove(9 * RecordBytes, RecordBytes); });
    add("a file of more terms", [&](QByteArray& body) { put32(body, at(1, 1), 4); });
    add("a file of fewer terms", [&](QByteArray& body) { put32(body, at(1, 1), 2); });
    add("a file of terms that do not fit", [&](QByteArray& body) { put32(body, at(1, 1), 0x7fffffff); });
    add("terms, range hashes and overflow", [&](QByteArray& body) { put32(body, at(1, 1), 0x80000000); });
    add("as many terms as a number can say", [&](QByteArray& body) { put32(body, at(1, 1), 0xffffffff); });
    add("an empty file with terms",
        [&](QByteArray& body) { body.replace(RecordBytes, 32, QByteArray(32, '\0')); });
    add("a term without chunks", [&](QByteArray& body) { put32(body, at(2, 3), 0); });
    add("a term that runs backwards", [&](QByteArray& body) { put32(body, at(3, 2), 7); });
    add("a term beyond any xorb", [&](QByteArray& body) { put32(body, at(2, 3), MaxXorbChunks + 1); });
    add("a term without bytes", [&](QByteArray& body) { put32(body, at(2, 1), 0); });
    add("a term of more bytes than its chunks can have",
        [&](QByteArray& body) { put32(body, at(2, 1), 2 * MaxChunkBytes + 1); });
    add("a xorb without chunks", [&](QByteArray& body) { put32(body, at(10, 1), 0); });
    add("a xorb of more chunks", [&](QByteArray& body) { put32(body, at(10, 1), 3); });
    add("a xorb of chunks that do not fit", [&](QByteArray& body) { put32(body, at(10, 1), MaxXorbChunks); });
    add("a xorb of too many chunks", [&](QByteArray& body) { put32(body, at(10, 1), 0xffffffff); });
    add("a chunk out of place", [&](QByteArray& body) { put32(body, at(12, 0), 99); });
    add("a chunk without bytes", [&](QByteArray& body) { put32(body, at(12, 1), 0); });
    add("a chunk too large", [&](QByteArray& body) { put32(body, at(12, 1), MaxChunkBytes + 1); });
    QTest::newRow("empty") << QByteArray() << ErrorCode::Malformed;
    QTest::newRow("text") << QByteArray(1000, 'a') << ErrorCode::Malformed;
    QTest::newRow("larger than a shard may be")
        << good + QByteArray(MaxShardBodyBytes, '\0') << ErrorCode::TooLarge;
}

void TestShard::refusesBadShards()
{
    QFETCH(QByteArray, body);
    QFETCH(ErrorCode, code);
    const auto shard = read(body);
    QVERIFY(!shard);
    QCOMPARE(shard.error().code(), code);
}

void TestShard::hugeCountsAllocateNothing()
{
    // A file header that names 4 billion terms, in a body of two records: refused before anything is made of
    // it.
    QByteArray body = writeUploadShard(std::vector{plainFile()}, {}).first(2 * RecordBytes);
    for (const quint32 count : {0x0fffffffU, 0x7fffffffU, 0xffffffffU}) {
        put32(body, RecordBytes + 36, count);
        QCOMPARE(ShardReader::open(body).error().code(), ErrorCode::Malformed);
    }
}

void TestShard::termsNameSoManyChunks()
{
    static_assert(MaxShardTermChunks % MaxXorbChunks == 0);
    const auto shard = [](qint64 chunks) {
        ShardFile file;
        file.hash = named("a file");
        for (; chunks > 0; chunks -= MaxXorbChunks) {
            const auto end = quint32(std::min<qint64>(chunks, MaxXorbChunks));
            file.terms.push_back({named("xorb"), 0, end, end});
        }
        return writeUploadShard(std::vector{file}, {});
    };
    QVERIFY(ShardReader::open(shard(MaxShardTermChunks)));
    QCOMPARE(ShardReader::open(shard(MaxShardTermChunks + 1)).error().code(), ErrorCode::TooLarge);
}

void TestShard::dedupShard()
{
    const QByteArray body = writeDedupShard(someXorbs(), {1700000000, 1700600000, {}});
    QCOMPARE(body.size(), dedupShardBytes(2, 3));
    const auto shard = read(body);
    QVERIFY(shard);
    QVERIFY(shard->files.empty());
    QVERIFY(shard->xorbs == someXorbs());

    const qsizetype end = body.size() - FooterBytes;
    const auto footer = [&](qsizetype offset) {
        return qFromLittleEndian<quint64>(body.constData() + end + offset);
    };
    QCOMPARE(qFromLittleEndian<quint64>(body.constData() + 40), quint64(FooterBytes));
    QCOMPARE(footer(0), 1U);
    QCOMPARE(footer(8), 48U);
    QCOMPARE(footer(16), 96U);
    for (const qsizetype table : {24, 40, 56}) {
        QCOMPARE(footer(table), quint64(end));
        QCOMPARE(footer(table + 8), 0U);
    }
    QCOMPARE(body.mid(end + 72, 32), QByteArray(32, '\0'));
    QCOMPARE(footer(104), 1700000000U);
    QCOMPARE(footer(112), 1700600000U);
    QCOMPARE(body.mid(end + 120, 72), QByteArray(72, '\0'));
    QCOMPARE(footer(192), quint64(end));
}

void TestShard::dedupShardWithKey()
{
    HashKey key{};
    key[5] = 17;
    const QByteArray body = writeDedupShard(someXorbs(), {1, 2, key});
    QCOMPARE(body.mid(body.size() - FooterBytes + 72, 32),
             QByteArray(reinterpret_cast<const char*>(key.data()), 32));
    const auto shard = read(body);
    QVERIFY(shard);
    auto expected = someXorbs();
    for (ShardXorb& xorb : expected) {
        for (Chunk& chunk : xorb.chunks)
            chunk.hash = hiddenChunkHash(chunk.hash, key);
    }
    QVERIFY(shard->xorbs == expected);
}

QTEST_GUILESS_MAIN(TestShard)
#include "tst_shard.moc"
