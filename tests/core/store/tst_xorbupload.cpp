// SPDX-License-Identifier: Apache-2.0
#include "tests/core/store/xetfixture.h"

#include <QStorageInfo>
#include <QTest>

using namespace hublet;
using namespace hublet::store;
using namespace hublet::test;

namespace {

/// A xorb of so many chunks of zeros, each a body of some hundred bytes.
ClientXorb zeros(std::size_t chunks)
{
    const QByteArray payload(xet::MaxChunkBytes, '\0');
    ClientXorb xorb;
    xorb.chunks.resize(chunks, {xet::chunkHash(payload), xet::MaxChunkBytes});
    xorb.body = xet::encodeRecord(payload, xet::Scheme::Lz4).repeated(qsizetype(chunks));
    return xorb;
}

} // namespace

/// How much a xorb may bring along.
class TestXorbUpload : public QObject {
    Q_OBJECT
private slots:
    void takesXorbsThatUnpackToMuch();
    void xorbsStopWhereThereIsNoRoom_data();
    void xorbsStopWhereThereIsNoRoom();
    void knownXorbsAreNotReadForEver();
};

void TestXorbUpload::takesXorbsThatUnpackToMuch()
{
    XetFixture fixture;
    const ClientXorb xorb = zeros(600);
    QVERIFY(xorb.chunks.size() * xet::MaxChunkBytes > xet::FullXorbBytes);
    QVERIFY(fixture.post(xorb).value());
    xet::MerkleTree tree;
    tree.add(xorb.chunks);
    const xet::ShardFile claimed{tree.fileHash(), {xorb.term(0, 600)}, {xet::rangeHash(xorb.chunks)}, {}};
    const auto outcome = fixture.registerShard({claimed}, {xorb.entry()});
    QVERIFY(outcome);
    QCOMPARE(fixture.get(outcome->files.front().sha256).value(), QByteArray(600 * xet::MaxChunkBytes, '\0'));
}

void TestXorbUpload::xorbsStopWhereThereIsNoRoom_data()
{
    QTest::addColumn<bool>("isQuota");
    QTest::newRow("quota") << true;
    QTest::newRow("disk") << false;
}

void TestXorbUpload::xorbsStopWhereThereIsNoRoom()
{
    QFETCH(const bool, isQuota);
    constexpr qint64 Room = 200LL << 20; // there is enough at the beginning
    XetFixture fixture;
    RawBytesCheck mayHold;
    if (isQuota) {
        mayHold = [](qint64 rawBytes) -> Result<void> {
            if (rawBytes <= Room)
                return {};
            return fail(ErrorCode::QuotaExceeded, QStringLiteral("no more"));
        };
    } else {
        fixture.options.keepFreeBytes = QStorageInfo(fixture.root).bytesAvailable() - Room;
        fixture.reopen();
    }
    const ClientXorb xorb = zeros(xet::MaxXorbChunks); // 1 GiB
    auto upload = fixture.xet().putXorb(xorb.hash(), mayHold);
    QVERIFY(upload);
    const auto added = upload->append(xorb.body);
    QVERIFY(!added);
    QCOMPARE(added.error().code(), isQuota ? ErrorCode::QuotaExceeded : ErrorCode::NoSpace);
    QVERIFY(isQuota || !fixture.xet().checkSpace(2 * Room));
}

void TestXorbUpload::knownXorbsAreNotReadForEver()
{
    XetFixture fixture;
    const ClientXorb xorb(CutFile(testBytes(300'000, 5)));
    QVERIFY(fixture.post(xorb));
    auto upload = fixture.xet().putXorb(xorb.hash());
    QVERIFY(upload);
    const QByteArray piece(1 << 20, 'x');
    qint64 sent = 0;
    Result<void> added;
    while (added && sent < 2 * xet::MaxXorbBodyBytes) {
        added = upload->append(piece);
        sent += piece.size();
    }
    QVERIFY(!added);
    QCOMPARE(added.error().code(), ErrorCode::TooLarge);
    QVERIFY(sent > xet::MaxXorbBodyBytes);
}

QTEST_GUILESS_MAIN(TestXorbUpload)
#include "tst_xorbupload.moc"
