// SPDX-License-Identifier: Apache-2.0
#include "core/xet/chunker.h"
#include "core/xet/filechunker.h"
#include "core/xet/geartable.h"
#include "core/xet/keyedhash.h"
#include "xetfixture.h"

#include "core/base/hasher.h"

#include <QJsonArray>
#include <QTest>
#include <QtEndian>

using namespace hublet;
using namespace hublet::xet;

namespace {

using Ends = std::vector<qsizetype>;

Ends endsOf(QByteArrayView bytes)
{
    Ends ends;
    Chunker chunker;
    QByteArrayView rest = bytes;
    while (const qsizetype size = chunker.findEnd(rest)) {
        rest = rest.sliced(size);
        ends.push_back(bytes.size() - rest.size());
    }
    if (chunker.pending() > 0)
        ends.push_back(bytes.size());
    return ends;
}

Ends endsFromJson(const QJsonArray& array)
{
    Ends ends;
    for (const auto& end : array)
        ends.push_back(end.toInteger());
    return ends;
}

} // namespace

class TestChunker : public QObject {
    Q_OBJECT

private slots:
    void tableIsTheProtocols();
    void splitMixVectors();
    void splitMixBoundaries_data();
    void splitMixBoundaries();
    void stitchedVectors();
    void followsTheRule_data();
    void followsTheRule();
    void piecesMakeNoDifference_data();
    void piecesMakeNoDifference();
    void oneByteAtATime();
    void fileChunkerHandsOutEverything();
    void fileChunkerStopsAtTheSinksError();
    void emptyFile();
};

void TestChunker::tableIsTheProtocols()
{
    Sha256Hasher hasher;
    quint64 sum = 0;
    for (const quint64 entry : GearTable) {
        const quint64 little = qToLittleEndian(entry);
        hasher.add(QByteArrayView(reinterpret_cast<const char*>(&little), sizeof little));
        sum += entry;
    }
    QCOMPARE(hasher.finish().toHex(),
             QByteArray("e1d3936666d7ae7a977c958e9afcc75f90aaca758ce5fbe4ece61dffefe1912c"));
    QCOMPARE(sum, 0xc1acb37ef35c570aU);
    QCOMPARE(GearTable[0], 0xb088d3a9e840f559U);
}

void TestChunker::splitMixVectors()
{
    const QJsonArray vectors = testVectors()[u"splitmix"].toArray();
    QVERIFY(!vectors.isEmpty());
    for (const auto& value : vectors) {
        const QJsonObject vector = value.toObject();
        const QByteArray bytes = splitMix(quint64(vector[u"seed"].toInteger()), vector[u"n"].toInteger());
        CollectingSink sink;
        FileChunker chunker(sink);
        QVERIFY(chunker.add(bytes));
        QCOMPARE(chunker.finish()->toText(), vector[u"file_hash"].toString().toLatin1());
        QCOMPARE(qint64(sink.chunks.size()), vector[u"chunk_count"].toInteger());
        const QJsonArray chunks = vector[u"chunks"].toArray();
        for (qsizetype i = 0; i < chunks.size(); ++i) {
            QCOMPARE(sink.chunks[std::size_t(i)].hash.toText(), chunks[i][0].toString().toLatin1());
            QCOMPARE(qint64(sink.chunks[std::size_t(i)].bytes), chunks[i][1].toInteger());
        }
        if (vector.contains(u"bounds"))
            QCOMPARE(endsOf(bytes), endsFromJson(vector[u"bounds"].toArray()));
        if (vector.contains(u"verification_all"))
            QCOMPARE(rangeHash(sink.chunks).toText(), vector[u"verification_all"].toString().toLatin1());
        if (vector.contains(u"verification_1_3"))
            QCOMPARE(rangeHash(std::span(sink.chunks).subspan(1, 2)).toText(),
                     vector[u"verification_1_3"].toString().toLatin1());
    }
}

void TestChunker::splitMixBoundaries_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Ends>("ends");
    QTest::newRow("a million") << splitMix(0, 1000000)
                               << Ends{84493,  134421, 144853, 243318, 271793, 336457, 467529,
                                       494581, 582000, 596735, 616815, 653164, 678202, 724510,
                                       815591, 827760, 958832, 991092, 1000000};
    QTest::newRow("largest chunk inside") << splitMix(1, 256000) << Ends{25125, 104497, 235569, 256000};
    // Older clients, which let chunks end from 8128 bytes on, cut this twice more.
    QTest::newRow("no end below the smallest") << splitMix(3, 200000) << Ends{106960, 143414, 200000};
    QTest::newRow("one short of the smallest") << splitMix(3, 8191) << Ends{8191};
    QTest::newRow("the smallest") << splitMix(3, 8192) << Ends{8192};
    QTest::newRow("all the same") << QByteArray(1000000, char(59))
                                  << Ends{131072, 262144, 393216, 524288, 655360, 786432, 917504, 1000000};
    QTest::newRow("empty") << QByteArray() << Ends{};
}

void TestChunker::splitMixBoundaries()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Ends, ends);
    QCOMPARE(endsOf(bytes), ends);
}

void TestChunker::stitchedVectors()
{
    const QJsonObject vectors = testVectors();
    QByteArray pattern;
    for (const auto& byte : vectors[u"pattern"].toArray())
        pattern.append(char(byte.toInt()));
    const QJsonArray rows = vectors[u"stitched"].toArray();
    QCOMPARE(rows.size(), 128);
    for (const auto& row : rows) {
        QByteArray bytes = pattern + QByteArray(row[0].toInt(), '\0');
        while (bytes.size() < 65536)
            bytes += bytes.first(std::min<qsizetype>(65536 - bytes.size(), bytes.size()));
        QCOMPARE(int(uchar(bytes[11111])), row[1].toInt());
        QCOMPARE(endsOf(bytes), endsFromJson(row[2].toArray()));
    }
}

void TestChunker::followsTheRule_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("random") << splitMix(11, 4000001);
    for (const int values : {2, 3, 5, 8, 16, 32, 64, 128})
        QTest::addRow("%d values", values) << lowEntropy(quint64(values), 1500007, uchar(values));
    QTest::newRow("constant runs") << QByteArray(300000, 'x') + splitMix(5, 300000) +
                                          QByteArray(300000, '\0');
}

void TestChunker::followsTheRule()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(endsOf(bytes), endsByTheRule(bytes));
}

void TestChunker::piecesMakeNoDifference_data()
{
    QTest::addColumn<qsizetype>("maxPiece");
    for (const qsizetype maxPiece : {7, 64, 1000, 8191, 8192, 65536, 1000000})
        QTest::addRow("up to %lld", qlonglong(maxPiece)) << maxPiece;
}

void TestChunker::piecesMakeNoDifference()
{
    QFETCH(qsizetype, maxPiece);
    std::mt19937 random(quint32(maxPiece * 31));
    const QByteArray bytes = splitMix(42, 1000000) + lowEntropy(1, 1000000, 3);
    CollectingSink whole;
    FileChunker atOnce(whole);
    QVERIFY(atOnce.add(bytes));
    const auto hash = atOnce.finish();

    CollectingSink sink;
    FileChunker chunker(sink);
    QVERIFY(inPieces(bytes, maxPiece, random,
                     [&](QByteArrayView piece) { return chunker.add(piece).has_value(); }));
    QCOMPARE(chunker.bytes(), quint64(bytes.size()));
    QCOMPARE(*chunker.finish(), *hash);
    QCOMPARE(sink.chunks, whole.chunks);
    QCOMPARE(sink.bytes, bytes);
}

void TestChunker::oneByteAtATime()
{
    const QByteArray bytes = splitMix(3, 200000);
    Ends ends;
    Chunker chunker;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (chunker.findEnd(QByteArrayView(bytes).sliced(i, 1)) == 1)
            ends.push_back(i + 1);
        QVERIFY(chunker.findEnd({}) == 0);
    }
    QCOMPARE(ends, (Ends{106960, 143414}));
    QCOMPARE(chunker.pending(), 200000U - 143414U);
}

void TestChunker::fileChunkerHandsOutEverything()
{
    const QByteArray bytes = splitMix(9, 500000);
    CollectingSink sink;
    FileChunker chunker(sink);
    QVERIFY(chunker.add(bytes));
    QVERIFY(chunker.finish());
    QCOMPARE(sink.bytes, bytes);
    qsizetype begin = 0;
    for (const Chunk& chunk : sink.chunks) {
        QCOMPARE(chunk.hash, chunkHash(QByteArrayView(bytes).sliced(begin, chunk.bytes)));
        begin += chunk.bytes;
    }
    QCOMPARE(begin, bytes.size());
}

void TestChunker::fileChunkerStopsAtTheSinksError()
{
    struct FullSink : ChunkSink {
        Result<void> addChunk(const Chunk&, QByteArrayView) override
        {
            return ++calls < 2 ? Result<void>()
                               : fail(ErrorCode::NoSpace, QStringLiteral("The disk is full."));
        }
        int calls = 0;
    };
    FullSink sink;
    FileChunker chunker(sink);
    const auto added = chunker.add(splitMix(1, 256000));
    QVERIFY(!added);
    QCOMPARE(added.error().code(), ErrorCode::NoSpace);
    QCOMPARE(sink.calls, 2);
}

void TestChunker::emptyFile()
{
    CollectingSink sink;
    FileChunker chunker(sink);
    QVERIFY(chunker.add({}));
    QVERIFY(chunker.finish()->isNull());
    QVERIFY(sink.chunks.empty());
}

QTEST_GUILESS_MAIN(TestChunker)
#include "tst_chunker.moc"
