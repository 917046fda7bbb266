// SPDX-License-Identifier: Apache-2.0
#include "core/xet/requestranges.h"
#include "core/xet/xetlimits.h"

#include <QTest>

using namespace hublet;
using namespace hublet::xet;

class TestRequestRanges : public QObject {
    Q_OBJECT

private slots:
    void dirtyRanges_data();
    void dirtyRanges();
    void badDirtyRanges_data();
    void badDirtyRanges();
    void asManyAsAllowed();
    void emptyFile();
};

void TestRequestRanges::dirtyRanges_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<std::vector<ByteRange>>("ranges");
    using Ranges = std::vector<ByteRange>;
    QTest::newRow("one") << QByteArray("bytes=3-5") << Ranges{{3, 5}};
    QTest::newRow("without unit") << QByteArray("3-5") << Ranges{{3, 5}};
    QTest::newRow("several") << QByteArray("bytes=3-5,7-9, 20-30") << Ranges{{3, 5}, {7, 9}, {20, 30}};
    QTest::newRow("unsorted") << QByteArray("bytes=20-30,3-5") << Ranges{{3, 5}, {20, 30}};
    QTest::newRow("overlapping") << QByteArray("bytes=3-9,5-6,8-12") << Ranges{{3, 12}};
    QTest::newRow("touching") << QByteArray("bytes=3-5,6-8") << Ranges{{3, 8}};
    QTest::newRow("twice the same") << QByteArray("bytes=3-5,3-5") << Ranges{{3, 5}};
    QTest::newRow("open") << QByteArray("bytes=90-") << Ranges{{90, 99}};
    QTest::newRow("beyond the end") << QByteArray("bytes=90-18446744073709551614") << Ranges{{90, 99}};
    QTest::newRow("all") << QByteArray(" bytes=0-99 ") << Ranges{{0, 99}};
}

void TestRequestRanges::dirtyRanges()
{
    QFETCH(QByteArray, header);
    const auto parsed = parseDirtyRanges(header, 100);
    QVERIFY(parsed);
    QTEST(*parsed, "ranges");
}

void TestRequestRanges::badDirtyRanges_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<ErrorCode>("code");
    for (const char* header :
         {"", " ", "bytes=", "bytes=x-y", "bytes=5", "bytes=-5", "bytes=9-1", "bytes=1-2,", "bytes=,1-2",
          "bytes=1-2,,3-4", "bytes=1-2 3-4", "bytes=1-2;3-4", "lines=1-2"})
        QTest::newRow(*header ? header : "empty") << QByteArray(header) << ErrorCode::InvalidArgument;
    QTest::newRow("behind the file") << QByteArray("bytes=100-100") << ErrorCode::RangeNotSatisfiable;
    QTest::newRow("one behind the file") << QByteArray("bytes=0-1,100-") << ErrorCode::RangeNotSatisfiable;
    QTest::newRow("too many") << "bytes=0-0" + QByteArray(",0-0").repeated(qsizetype(MaxDirtyRanges))
                              << ErrorCode::InvalidArgument;
}

void TestRequestRanges::badDirtyRanges()
{
    QFETCH(QByteArray, header);
    const auto parsed = parseDirtyRanges(header, 100);
    QVERIFY(!parsed);
    QTEST(parsed.error().code(), "code");
}

void TestRequestRanges::asManyAsAllowed()
{
    QVERIFY(parseDirtyRanges("bytes=0-0" + QByteArray(",0-0").repeated(qsizetype(MaxDirtyRanges) - 1), 1));
}

/// Nothing of it can change.
void TestRequestRanges::emptyFile()
{
    const auto parsed = parseDirtyRanges("bytes=0-0", 0);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code(), ErrorCode::RangeNotSatisfiable);
}

QTEST_GUILESS_MAIN(TestRequestRanges)
#include "tst_requestranges.moc"
