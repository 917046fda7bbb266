// SPDX-License-Identifier: Apache-2.0
#include "core/xet/keyedhash.h"
#include "core/xet/xorbreader.h"
#include "xetfixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::xet;

namespace {

using Payloads = std::vector<QByteArray>;

/// What a body is read as: a hash, or why not.
Result<XetHash> read(QByteArrayView body, CollectingSink& sink)
{
    XorbReader reader(sink);
    if (const auto added = reader.add(body); !added)
        return forward(added);
    return reader.finish();
}

Result<XetHash> read(QByteArrayView body)
{
    CollectingSink sink;
    return read(body, sink);
}

const Payloads& documented()
{
    static const Payloads payloads{"hello world", QByteArray("\0\1\2\3", 4)};
    return payloads;
}

constexpr const char* DocumentedHash = "4fd9bbb58363f9884eb8a70be42ab8e053afdd2770f2e69ac40fdcc17e87fc26";
constexpr const char* DocumentedBody = "000b0000000b000068656c6c6f20776f726c64000400000004000000010203";
constexpr const char* DocumentedFooter =
    "584554424c4f420188f96383b5bbd94fe0b82ae40ba7b84e9ae6f27027ddaf5326fc877ec1dc0fc458424c42485348000200"
    "0000119f359d8b37394e0213441f7a559081d97ba0cf5f4ea519b151e66f460bf56c20f92f1b129fcc438b85302269bc1044"
    "69f9194825266136d95099a9ff8ea19e58424c42424e44010200000013000000"
    "1f0000000b0000000f00000002000000840000003800000000000000000000000000000000000000ac000000";

QByteArray documentedXorb()
{
    return QByteArray::fromHex(DocumentedBody) + QByteArray::fromHex(DocumentedFooter);
}

/// Chunks of which one compresses, one only after regrouping, one not at all.
Payloads mixed()
{
    QByteArray floats;
    for (quint32 i = 0; i < 30000; ++i) {
        const quint32 number = 0x3f000000U | (i * 2654435761U >> 9);
        floats.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    return {QByteArray(100000, 'a'), floats, splitMix(1, 131072), QByteArray(1, 'x')};
}

} // namespace

class TestXorbReader : public QObject {
    Q_OBJECT

private slots:
    void documentedExample();
    void footersOfOldClients_data();
    void footersOfOldClients();
    void everyScheme_data();
    void everyScheme();
    void piecesMakeNoDifference();
    void oneByteAtATime();
    void refusesTruncation_data();
    void refusesTruncation();
    void refusesBadBodies_data();
    void refusesBadBodies();
    void footerContentsAreNotBelieved();
    void chunkLimit();
    void bodyLimit();
    void sinkErrorsComeThrough();
};

void TestXorbReader::documentedExample()
{
    QCOMPARE(xorbBody(documented(), Scheme::None), QByteArray::fromHex(DocumentedBody));
    QCOMPARE(footerV1(documented(), Scheme::None), QByteArray::fromHex(DocumentedFooter));
    CollectingSink sink;
    QCOMPARE(read(documentedXorb(), sink)->toText(), QByteArray(DocumentedHash));
    QCOMPARE(sink.chunks.size(), std::size_t(2));
    QCOMPARE(sink.chunks[1].bytes, 4U);
    QCOMPARE(sink.bytes, documented()[0] + documented()[1]);
    MerkleTree tree;
    tree.add(sink.chunks);
    QCOMPARE(tree.fileHash().toText(),
             QByteArray("325670bf60e2e1d49008e029fffd654f01747d4ae925e43e5a2b19206d6f75ff"));
    QCOMPARE(rangeHash(sink.chunks).toText(),
             QByteArray("8c04d42fd7264c5e0960652d7cc8576cd7ed4b4a5a3c2727a9a76176bb8d3f01"));
}

void TestXorbReader::footersOfOldClients_data()
{
    QTest::addColumn<QByteArray>("footer");
    QTest::newRow("none") << QByteArray();
    QTest::newRow("version 0") << footerV0(mixed(), Scheme::Lz4);
    QTest::newRow("version 1") << footerV1(mixed(), Scheme::Lz4);
}

void TestXorbReader::footersOfOldClients()
{
    QFETCH(QByteArray, footer);
    MerkleTree tree;
    for (const QByteArray& payload : mixed())
        tree.add({chunkHash(payload), quint32(payload.size())});
    const auto hash = read(xorbBody(mixed(), Scheme::Lz4) + footer);
    QVERIFY(hash);
    QCOMPARE(*hash, tree.root());
}

void TestXorbReader::everyScheme_data()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::newRow("none") << Scheme::None;
    QTest::newRow("LZ4") << Scheme::Lz4;
    QTest::newRow("regrouped") << Scheme::ByteGroupedLz4;
}

void TestXorbReader::everyScheme()
{
    QFETCH(Scheme, scheme);
    CollectingSink sink;
    const auto hash = read(xorbBody(mixed(), scheme), sink);
    QVERIFY(hash);
    QCOMPARE(*hash, *read(xorbBody(mixed(), Scheme::None)));
    QByteArray all;
    for (const QByteArray& payload : mixed())
        all += payload;
    QCOMPARE(sink.bytes, all);
}

void TestXorbReader::piecesMakeNoDifference()
{
    const QByteArray body = xorbBody(mixed(), Scheme::Lz4) + footerV1(mixed(), Scheme::Lz4);
    const auto hash = read(body);
    std::mt19937 random(1);
    for (const qsizetype maxPiece : {3, 9, 100, 10000, 100000}) {
        CollectingSink sink;
        XorbReader reader(sink);
        QVERIFY(inPieces(body, maxPiece, random,
                         [&](QByteArrayView piece) { return reader.add(piece).has_value(); }));
        QCOMPARE(reader.chunkCount(), 4U);
        QCOMPARE(reader.rawBytes(), qint64(sink.bytes.size()));
        QCOMPARE(*reader.finish(), *hash);
    }
}

void TestXorbReader::oneByteAtATime()
{
    const QByteArray body = documentedXorb();
    CollectingSink sink;
    XorbReader reader(sink);
    for (qsizetype i = 0; i < body.size(); ++i)
        QVERIFY(reader.add(QByteArrayView(body).sliced(i, 1)));
    QCOMPARE(reader.finish()->toText(), QByteArray(DocumentedHash));
}

void TestXorbReader::refusesTruncation_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QList<qsizetype>>("recordEnds");
    const Payloads payloads{QByteArray(300, 'a'), QByteArray(200, 'b')};
    const qsizetype first = encodeRecord(payloads[0], Scheme::Lz4).size();
    const QByteArray body = xorbBody(payloads, Scheme::Lz4);
    const QList<qsizetype> ends{first, body.size()};
    QTest::newRow("no footer") << body << ends;
    QTest::newRow("version 0") << body + footerV0(payloads, Scheme::Lz4) << ends;
    QTest::newRow("version 1") << body + footerV1(payloads, Scheme::Lz4) << ends;
}

void TestXorbReader::refusesTruncation()
{
    QFETCH(QByteArray, body);
    QFETCH(QList<qsizetype>, recordEnds);
    const auto whole = read(body);
    QVERIFY(whole);
    for (qsizetype size = 0; size < body.size(); ++size) {
        const auto hash = read(body.first(size));
        // Where a record ends a shorter xorb ends just as well; without its first chunk it has another name.
        QCOMPARE(hash.has_value(), recordEnds.contains(size));
        if (hash)
            QCOMPARE(*hash == *whole, size == recordEnds.last());
    }
}

void TestXorbReader::refusesBadBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ErrorCode>("code");
    const QByteArray good = QByteArray::fromHex(DocumentedBody);
    const QByteArray footer = QByteArray::fromHex(DocumentedFooter);
    const auto with = [](QByteArray bytes, qsizetype at, char value) {
        bytes[at] = value;
        return bytes;
    };
    QTest::newRow("empty") << QByteArray() << ErrorCode::Malformed;
    QTest::newRow("only a footer") << footer << ErrorCode::Malformed;
    QTest::newRow("byte after the last record") << good + '\0' << ErrorCode::Malformed;
    QTest::newRow("zeros after the last record") << good + QByteArray(8, '\0') << ErrorCode::Malformed;
    QTest::newRow("text after the last record") << good + "something else" << ErrorCode::Unsupported;
    QTest::newRow("unknown scheme") << with(good, 4, 3) << ErrorCode::Unsupported;
    QTest::newRow("unknown record version") << with(good, 0, 1) << ErrorCode::Unsupported;
    QTest::newRow("payload longer than it is") << with(with(good, 1, 100), 5, 100) << ErrorCode::Malformed;
    QTest::newRow("too large") << QByteArray::fromHex("0001000200010002") << ErrorCode::Malformed;
    QTest::newRow("LZ4 that is none") << with(good, 4, 1) << ErrorCode::Malformed;
    QTest::newRow("regrouped LZ4 that is none") << with(good, 4, 2) << ErrorCode::Malformed;
    QTest::newRow("footer with an unknown version") << good + with(footer, 7, 2) << ErrorCode::Unsupported;
    QTest::newRow("footer with the wrong version") << good + with(footer, 7, 0) << ErrorCode::Malformed;
    QTest::newRow("footer that lies about its length")
        << good + with(footer, footer.size() - 4, 1) << ErrorCode::Malformed;
    QTest::newRow("byte after the footer") << good + footer + '\0' << ErrorCode::Malformed;
    QTest::newRow("two footers") << good + footer + footer << ErrorCode::Malformed;
    QTest::newRow("footer of more chunks")
        << good + footerV1({"a", "b", "c"}, Scheme::None) << ErrorCode::Malformed;
    QTest::newRow("footer of fewer chunks") << good + footerV1({"a"}, Scheme::None) << ErrorCode::Malformed;
    QTest::newRow("record after the footer") << good + footer + good << ErrorCode::Malformed;
}

void TestXorbReader::refusesBadBodies()
{
    QFETCH(QByteArray, body);
    QFETCH(ErrorCode, code);
    const auto hash = read(body);
    QVERIFY(!hash);
    QCOMPARE(hash.error().code(), code);
}

void TestXorbReader::footerContentsAreNotBelieved()
{
    // Other chunks of the same number: every hash and every offset in the footer is wrong.
    const QByteArray forged = footerV1({"other", "chunks"}, Scheme::None);
    const auto hash = read(QByteArray::fromHex(DocumentedBody) + forged);
    QVERIFY(hash);
    QCOMPARE(hash->toText(), QByteArray(DocumentedHash));
}

void TestXorbReader::chunkLimit()
{
    const QByteArray record = encodeRecord(QByteArray("x"), Scheme::None);
    CollectingSink sink;
    XorbReader reader(sink);
    QVERIFY(reader.add(record.repeated(MaxXorbChunks)));
    QCOMPARE(reader.chunkCount(), MaxXorbChunks);
    const auto refused = reader.add(record);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), ErrorCode::Malformed);

    // The footer of a full xorb is not one record more.
    const Payloads payloads(MaxXorbChunks, "x");
    QVERIFY(read(xorbBody(payloads, Scheme::None) + footerV1(payloads, Scheme::None)));
}

void TestXorbReader::bodyLimit()
{
    // Highly compressed chunks: 1 GiB of raw bytes is within the limits, the 8,192 chunks and the body are
    // not exceeded.
    struct CountingSink : ChunkSink {
        Result<void> addChunk(const Chunk&, QByteArrayView payload) override
        {
            bytes += payload.size();
            return {};
        }
        qint64 bytes = 0;
    };
    CountingSink sink;
    XorbReader compressed(sink);
    const QByteArray zeros = encodeRecord(QByteArray(MaxChunkBytes, '\0'), Scheme::Lz4);
    constexpr int Chunks = 1024;
    QVERIFY(compressed.add(zeros.repeated(Chunks)));
    QCOMPARE(compressed.rawBytes(), qint64(Chunks) * MaxChunkBytes);
    QCOMPARE(sink.bytes, compressed.rawBytes());

    XorbReader reader(sink);
    const QByteArray record = encodeRecord(splitMix(1, MaxChunkBytes), Scheme::None);
    Result<void> added;
    qint64 bytes = 0;
    while (added && bytes <= MaxXorbBodyBytes) {
        added = reader.add(record);
        bytes += record.size();
    }
    QVERIFY(!added);
    QCOMPARE(added.error().code(), ErrorCode::TooLarge);
    QVERIFY(bytes > MaxXorbBodyBytes);
}

void TestXorbReader::sinkErrorsComeThrough()
{
    struct FullSink : ChunkSink {
        Result<void> addChunk(const Chunk&, QByteArrayView) override
        {
            return fail(ErrorCode::NoSpace, QStringLiteral("The disk is full."));
        }
    };
    FullSink sink;
    XorbReader reader(sink);
    const auto added = reader.add(QByteArray::fromHex(DocumentedBody));
    QVERIFY(!added);
    QCOMPARE(added.error().code(), ErrorCode::NoSpace);
}

QTEST_GUILESS_MAIN(TestXorbReader)
#include "tst_xorbreader.moc"
