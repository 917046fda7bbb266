// SPDX-License-Identifier: Apache-2.0
#include "core/xet/bytegrouping.h"
#include "core/xet/chunkrecord.h"
#include "xetfixture.h"

#include <QTest>

#include <lz4frame.h>
#include <malloc.h>

#include <vector>

using namespace hublet;
using namespace hublet::xet;

namespace {

/// Compressible and regular in steps of four bytes.
QByteArray numbers(qsizetype size)
{
    QByteArray bytes;
    for (quint32 i = 0; bytes.size() < size; ++i) {
        const quint32 number = 0x3f800000 + i % 512 * 7;
        bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    bytes.truncate(size);
    return bytes;
}

QByteArray lz4Frame(QByteArrayView raw, const LZ4F_preferences_t& preferences)
{
    QByteArray frame(qsizetype(LZ4F_compressFrameBound(std::size_t(raw.size()), &preferences)), '\0');
    const std::size_t size = LZ4F_compressFrame(frame.data(), std::size_t(frame.size()), raw.data(),
                                                std::size_t(raw.size()), &preferences);
    frame.truncate(qsizetype(size));
    return frame;
}

Result<QByteArray> decoded(Scheme scheme, QByteArrayView payload, qsizetype rawBytes)
{
    PayloadDecoder decoder;
    const auto raw = decoder.decode({scheme, quint32(payload.size()), quint32(rawBytes)}, payload);
    if (!raw)
        return forward(raw);
    return raw->toByteArray();
}

} // namespace

class TestChunkRecord : public QObject {
    Q_OBJECT

private slots:
    void headerLayout();
    void refusedHeaders_data();
    void refusedHeaders();
    void recordOffsets();
    void groupsBytes_data();
    void groupsBytes();
    void roundTrips_data();
    void roundTrips();
    void incompressibleStaysRaw();
    void readsEveryKindOfFrame_data();
    void readsEveryKindOfFrame();
    void refusesDamagedFrames();
    void refusesOtherSizes();
    void refusesWhatIsNotOneFrame();
    void holdsLittleBetweenRecords();
    void worksAfterAFailure();
};

void TestChunkRecord::headerLayout()
{
    const auto bytes = RecordHeader{Scheme::ByteGroupedLz4, 0x012345, 0x012ffe}.encode();
    QCOMPARE(QByteArray(bytes.data(), bytes.size()).toHex(), QByteArray("0045230102fe2f01"));
    const auto parsed = RecordHeader::parse(QByteArrayView(bytes.data(), bytes.size()));
    QVERIFY(parsed);
    QCOMPARE(parsed->scheme, Scheme::ByteGroupedLz4);
    QCOMPARE(parsed->storedBytes, 0x012345U);
    QCOMPARE(parsed->rawBytes, 0x012ffeU);
    const auto raw = RecordHeader::raw(11).encode();
    QCOMPARE(QByteArray(raw.data(), raw.size()).toHex(), QByteArray("000b0000000b0000"));
}

void TestChunkRecord::refusedHeaders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<ErrorCode>("code");
    const auto add = [](const char* name, const char* hex, ErrorCode code) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << code;
    };
    add("version 1", "010b0000000b0000", ErrorCode::Unsupported);
    add("scheme 3", "000b0000030b0000", ErrorCode::Unsupported);
    add("scheme 99", "000b0000630b0000", ErrorCode::Unsupported);
    add("scheme 255", "000b0000ff0b0000", ErrorCode::Unsupported);
    add("raw sizes differ", "000b0000000c0000", ErrorCode::Malformed);
    add("nothing stored", "00000000010b0000", ErrorCode::Malformed);
    add("nothing raw", "000b000001000000", ErrorCode::Malformed);
    add("empty", "0000000000000000", ErrorCode::Malformed);
    add("one byte above the largest chunk", "000b000001010002", ErrorCode::Malformed);
    add("one byte above the largest payload", "0001000401000002", ErrorCode::Malformed);
    add("largest numbers", "00ffffff01ffffff", ErrorCode::Malformed);
}

void TestChunkRecord::refusedHeaders()
{
    QFETCH(QByteArray, header);
    QFETCH(ErrorCode, code);
    const auto parsed = RecordHeader::parse(header);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code(), code);
}

void TestChunkRecord::recordOffsets()
{
    QCOMPARE(recordOffset(0, 0), 0);
    QCOMPARE(recordOffset(11, 1), 19);
    QCOMPARE(recordOffset(15, 2), 31);
    QCOMPARE(recordOffset(MaxXorbRawBytes, MaxXorbChunks), MaxXorbRawBytes + 8 * qint64(MaxXorbChunks));
}

void TestChunkRecord::groupsBytes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("grouped");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("1") << QByteArray("h") << QByteArray("h");
    QTest::newRow("3") << QByteArray("hel") << QByteArray("hel");
    QTest::newRow("4") << QByteArray("hell") << QByteArray("hell");
    QTest::newRow("5") << QByteArray("hello") << QByteArray("hoell");
    QTest::newRow("11") << QByteArray("hello world") << QByteArray("hore llwdlo");
}

void TestChunkRecord::groupsBytes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, grouped);
    QCOMPARE(groupBytes(bytes), grouped);
    QByteArray back(bytes.size(), '\0');
    ungroupBytes(grouped, back.data());
    QCOMPARE(back, bytes);
}

void TestChunkRecord::roundTrips_data()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::addColumn<qsizetype>("size");
    for (const Scheme scheme : {Scheme::None, Scheme::Lz4, Scheme::ByteGroupedLz4}) {
        for (const qsizetype size : {1, 2, 3, 4, 5, 64, 8191, 65536, 65537, 131071, 131072})
            QTest::addRow("scheme %d, %lld bytes", int(scheme), qlonglong(size)) << scheme << size;
    }
}

void TestChunkRecord::roundTrips()
{
    QFETCH(Scheme, scheme);
    QFETCH(qsizetype, size);
    const QByteArray raw = numbers(size);
    const QByteArray record = encodeRecord(raw, scheme);
    const auto header = RecordHeader::parse(record);
    QVERIFY(header);
    QCOMPARE(qsizetype(header->rawBytes), size);
    QCOMPARE(record.size(), RecordHeader::Size + qsizetype(header->storedBytes));
    if (size >= 8191)
        QCOMPARE(header->scheme, scheme);
    PayloadDecoder decoder;
    const auto back = decoder.decode(*header, QByteArrayView(record).sliced(RecordHeader::Size));
    QVERIFY(back);
    QCOMPARE(*back, QByteArrayView(raw));
}

void TestChunkRecord::incompressibleStaysRaw()
{
    const QByteArray raw = splitMix(1, 50000);
    for (const Scheme scheme : {Scheme::Lz4, Scheme::ByteGroupedLz4}) {
        const QByteArray record = encodeRecord(raw, scheme);
        QCOMPARE(RecordHeader::parse(record)->scheme, Scheme::None);
        QCOMPARE(record.sliced(RecordHeader::Size), raw);
    }
}

void TestChunkRecord::readsEveryKindOfFrame_data()
{
    QTest::addColumn<int>("blockSize");
    QTest::addColumn<int>("blockMode");
    QTest::addColumn<bool>("checksums");
    QTest::addColumn<qulonglong>("contentSize");
    for (const int blockSize : {LZ4F_default, LZ4F_max64KB, LZ4F_max256KB, LZ4F_max1MB, LZ4F_max4MB}) {
        for (const int mode : {LZ4F_blockLinked, LZ4F_blockIndependent}) {
            for (const bool full : {false, true})
                QTest::addRow("block size %d, mode %d, %s", blockSize, mode,
                              full ? "checksums and size" : "bare")
                    << blockSize << mode << full << (full ? qulonglong(131072) : 0);
        }
    }
}

void TestChunkRecord::readsEveryKindOfFrame()
{
    QFETCH(int, blockSize);
    QFETCH(int, blockMode);
    QFETCH(bool, checksums);
    QFETCH(qulonglong, contentSize);
    // Half of it does not compress, so that blocks stored raw are among them.
    const QByteArray raw = numbers(65536) + splitMix(7, 65536);
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.blockSizeID = LZ4F_blockSizeID_t(blockSize);
    preferences.frameInfo.blockMode = LZ4F_blockMode_t(blockMode);
    preferences.frameInfo.contentChecksumFlag =
        checksums ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
    preferences.frameInfo.blockChecksumFlag = checksums ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
    preferences.frameInfo.contentSize = contentSize;
    const auto back = decoded(Scheme::Lz4, lz4Frame(raw, preferences), raw.size());
    QVERIFY(back);
    QCOMPARE(*back, raw);
}

void TestChunkRecord::refusesDamagedFrames()
{
    const QByteArray raw = numbers(3000);
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    const QByteArray frame = lz4Frame(raw, preferences);
    for (qsizetype size = 1; size < frame.size(); ++size)
        QVERIFY2(!decoded(Scheme::Lz4, frame.first(size), raw.size()), qPrintable(QString::number(size)));
    for (qsizetype i = 0; i < frame.size(); ++i) {
        QByteArray damaged = frame;
        damaged[i] = char(damaged[i] ^ 0x10);
        QVERIFY2(!decoded(Scheme::Lz4, damaged, raw.size()), qPrintable(QString::number(i)));
    }
}

void TestChunkRecord::refusesOtherSizes()
{
    const QByteArray raw = numbers(5000);
    const QByteArray frame = lz4Frame(raw, {});
    QVERIFY(decoded(Scheme::Lz4, frame, 5000));
    for (const qsizetype size : {1, 4999, 5001, 131072}) {
        const auto refused = decoded(Scheme::Lz4, frame, size);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::Malformed);
    }
    // 4 MiB of zeros in a few kilobytes, and a frame that names such a size.
    const QByteArray zeros(4 << 20, '\0');
    QVERIFY(!decoded(Scheme::Lz4, lz4Frame(zeros, {}), MaxChunkBytes));
    LZ4F_preferences_t sized{};
    sized.frameInfo.contentSize = quint64(zeros.size());
    QVERIFY(!decoded(Scheme::Lz4, lz4Frame(zeros, sized), MaxChunkBytes));
}

void TestChunkRecord::refusesWhatIsNotOneFrame()
{
    const QByteArray raw = numbers(5000);
    const QByteArray frame = lz4Frame(raw, {});
    QVERIFY(!decoded(Scheme::Lz4, frame + '\0', raw.size()));
    QVERIFY(!decoded(Scheme::Lz4, frame + frame, raw.size()));
    QVERIFY(!decoded(Scheme::Lz4, frame + frame, 2 * raw.size()));
    QVERIFY(!decoded(Scheme::Lz4, QByteArray("\0", 1) + frame, raw.size()));
    QVERIFY(!decoded(Scheme::Lz4, raw, raw.size()));
    // Frames that are to be skipped have no content.
    const QByteArray skippable = QByteArray::fromHex("502a4d1803000000") + "abc";
    QVERIFY(!decoded(Scheme::Lz4, skippable, 3));
    QVERIFY(!decoded(Scheme::Lz4, skippable + frame, raw.size()));
    QVERIFY(!decoded(Scheme::ByteGroupedLz4, lz4Frame({}, {}), 1));
}

/// A frame of a few bytes may claim linked blocks of 4 MiB, for which LZ4 allocates twice as much.
void TestChunkRecord::holdsLittleBetweenRecords()
{
    const QByteArray frame = QByteArray::fromHex("04224d184070df"
                                                 "04000080"
                                                 "61626364"
                                                 "00000000");
    const auto allocated = [] {
        const struct mallinfo2 info = ::mallinfo2(); // zeros under a sanitizer
        return qint64(info.uordblks) + qint64(info.hblkhd);
    };
    constexpr int Decoders = 8;
    std::vector<PayloadDecoder> decoders(Decoders);
    const qint64 before = allocated();
    for (PayloadDecoder& decoder : decoders) {
        const auto raw = decoder.decode({Scheme::Lz4, quint32(frame.size()), 4}, frame);
        QVERIFY(raw);
        QCOMPARE(raw->toByteArray(), "abcd");
    }
    QVERIFY(allocated() - before < Decoders * qint64(1 << 20));
}

void TestChunkRecord::worksAfterAFailure()
{
    const QByteArray raw = numbers(5000);
    const QByteArray frame = lz4Frame(raw, {});
    const RecordHeader header{Scheme::Lz4, quint32(frame.size()), quint32(raw.size())};
    PayloadDecoder decoder;
    const QByteArray damaged = frame.first(frame.size() - 10);
    QVERIFY(!decoder.decode({Scheme::Lz4, quint32(damaged.size()), header.rawBytes}, damaged));
    const auto back = decoder.decode(header, frame);
    QVERIFY(back);
    QCOMPARE(*back, QByteArrayView(raw));
}

QTEST_GUILESS_MAIN(TestChunkRecord)
#include "tst_chunkrecord.moc"
