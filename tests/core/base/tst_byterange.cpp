// SPDX-License-Identifier: Apache-2.0
#include "core/base/byterange.h"

#include <QTest>

using namespace hublet;
using Kind = RangeRequest::Kind;

class TestByteRange : public QObject {
    Q_OBJECT
private slots:
    void parses_data();
    void parses();
};

void TestByteRange::parses_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("last");
    const auto row = [](const char* header, qint64 size, Kind kind, qint64 first = 0, qint64 last = 0) {
        QTest::addRow("'%s' of %lld", header, static_cast<long long>(size))
            << QByteArray(header) << size << kind << first << last;
    };
    row("", 100, Kind::Whole);
    row("bytes=0-0", 100, Kind::Partial, 0, 0);
    row("bytes=0-99", 100, Kind::Partial, 0, 99);
    row("bytes=0-100", 100, Kind::Partial, 0, 99);
    row("bytes=99-", 100, Kind::Partial, 99, 99);
    row("bytes=10-19", 100, Kind::Partial, 10, 19);
    row("BYTES=10-19", 100, Kind::Partial, 10, 19);
    row(" bytes= 10 - 19 ", 100, Kind::Partial, 10, 19);
    row("bytes=-1", 100, Kind::Partial, 99, 99);
    row("bytes=-100", 100, Kind::Partial, 0, 99);
    row("bytes=-1000", 100, Kind::Partial, 0, 99);
    row("bytes=0-99999999999999999999999999", 100, Kind::Partial, 0, 99);
    row("bytes=4294967296-4294967297", Q_INT64_C(5'000'000'000), Kind::Partial, Q_INT64_C(4294967296),
        Q_INT64_C(4294967297));
    row("bytes=100-", 100, Kind::Unsatisfiable);
    row("bytes=100-200", 100, Kind::Unsatisfiable);
    row("bytes=99999999999999999999999999-", 100, Kind::Unsatisfiable);
    row("bytes=-0", 100, Kind::Unsatisfiable);
    row("bytes=0-", 0, Kind::EmptyFile);
    row("bytes=0-0", 0, Kind::EmptyFile);
    row("bytes=-5", 0, Kind::EmptyFile);
    row("bytes=0-1,5-6", 100, Kind::Whole);
    row("bytes=", 100, Kind::Whole);
    row("bytes=-", 100, Kind::Whole);
    row("bytes=5", 100, Kind::Whole);
    row("bytes=6-5", 100, Kind::Whole);
    row("bytes=a-b", 100, Kind::Whole);
    row("bytes=1-2x", 100, Kind::Whole);
    row("bytes=+1-2", 100, Kind::Whole);
    row("bytes=0x1-2", 100, Kind::Whole);
    row("bytes=--5", 100, Kind::Whole);
    row("items=0-5", 100, Kind::Whole);
    row("bytes 0-5", 100, Kind::Whole);
    row("0-5", 100, Kind::Whole);
}

void TestByteRange::parses()
{
    QFETCH(QByteArray, header);
    QFETCH(qint64, size);
    QFETCH(Kind, kind);
    QFETCH(qint64, first);
    QFETCH(qint64, last);
    const RangeRequest request = parseRange(header, size);
    QCOMPARE(request.kind, kind);
    if (kind != Kind::Partial)
        return;
    QCOMPARE(request.range, (ByteRange{first, last}));
    QCOMPARE(request.range.length(), last - first + 1);
}

QTEST_APPLESS_MAIN(TestByteRange)
#include "tst_byterange.moc"
