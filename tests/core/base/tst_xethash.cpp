// SPDX-License-Identifier: Apache-2.0
#include "core/base/xethash.h"

#include <QTest>

using hublet::XetHash;

class TestXetHash : public QObject {
    Q_OBJECT

private slots:
    void textGoesByWords();
    void parsesBothCases();
    void refusesOtherText_data();
    void refusesOtherText();
    void wordsAreLittleEndian();
    void ordersByWords();
    void nullIsAllZero();
};

namespace {

QByteArray countingBytes()
{
    QByteArray bytes;
    for (int i = 0; i < 32; ++i)
        bytes.append(char(i));
    return bytes;
}

constexpr const char* CountingText = "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918";

} // namespace

void TestXetHash::textGoesByWords()
{
    const auto hash = XetHash::fromBytes(countingBytes());
    QVERIFY(hash);
    QCOMPARE(hash->toText(), QByteArray(CountingText));
    QCOMPARE(hash->toBytes(), countingBytes());
}

void TestXetHash::parsesBothCases()
{
    QCOMPARE(XetHash::fromText(CountingText)->toBytes(), countingBytes());
    QCOMPARE(XetHash::fromText(QByteArray(CountingText).toUpper())->toBytes(), countingBytes());
}

void TestXetHash::refusesOtherText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("one digit short") << QByteArray(63, 'a');
    QTest::newRow("one digit long") << QByteArray(65, 'a');
    QTest::newRow("no digit first") << QByteArray("g") + QByteArray(63, 'a');
    QTest::newRow("no digit last") << QByteArray(63, 'a') + QByteArray("/");
    QTest::newRow("sign") << QByteArray("+") + QByteArray(63, 'a');
    QTest::newRow("bytes of the right number") << QByteArray(32, 'a');
}

void TestXetHash::refusesOtherText()
{
    QFETCH(QByteArray, text);
    QVERIFY(!XetHash::fromText(text));
}

void TestXetHash::wordsAreLittleEndian()
{
    const auto hash = XetHash::fromBytes(countingBytes());
    QCOMPARE(hash->word(0), 0x0706050403020100U);
    QCOMPARE(hash->word(3), 0x1f1e1d1c1b1a1918U);
}

void TestXetHash::ordersByWords()
{
    // Comparing bytes would say the opposite: within a word the last byte counts most.
    QByteArray small(32, '\0');
    small[0] = char(0xff);
    QByteArray large(32, '\0');
    large[7] = 1;
    QVERIFY(*XetHash::fromBytes(small) < *XetHash::fromBytes(large));
    // A later word counts only when the earlier ones are equal.
    QByteArray later(32, '\0');
    later[31] = char(0xff);
    QVERIFY(*XetHash::fromBytes(later) < *XetHash::fromBytes(small));
    QVERIFY(*XetHash::fromBytes(later) > XetHash());
    QVERIFY((*XetHash::fromBytes(later) <=> *XetHash::fromBytes(later)) == std::strong_ordering::equal);
}

void TestXetHash::nullIsAllZero()
{
    QVERIFY(XetHash().isNull());
    QCOMPARE(XetHash().toText(), QByteArray(64, '0'));
    QVERIFY(!XetHash::fromBytes(countingBytes())->isNull());
    QVERIFY(!XetHash::fromBytes(QByteArray(31, '\0')));
}

QTEST_GUILESS_MAIN(TestXetHash)
#include "tst_xethash.moc"
