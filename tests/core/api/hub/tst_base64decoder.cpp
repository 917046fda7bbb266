// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/base64decoder.h"

#include <QRandomGenerator>
#include <QTest>

using namespace hublet;
using namespace hublet::api;

namespace {

std::optional<QByteArray> decode(const QByteArray& text, qsizetype step)
{
    Base64Decoder decoder;
    QByteArray out;
    for (qsizetype at = 0; at < text.size(); at += step) {
        if (!decoder.append(QByteArrayView(text).sliced(at, std::min(step, text.size() - at)), out))
            return std::nullopt;
    }
    return decoder.finish(out) ? std::optional(out) : std::nullopt;
}

} // namespace

class Base64DecoderTest : public QObject {
    Q_OBJECT

private slots:
    void roundTrip()
    {
        QRandomGenerator random(42);
        for (int size = 0; size < 300; ++size) {
            QByteArray bytes(size, Qt::Uninitialized);
            random.generate(bytes.begin(), bytes.end());
            const QByteArray text = bytes.toBase64();
            for (const qsizetype step : {1, 2, 3, 5, 64, 1000})
                QCOMPARE(decode(text, step), bytes);
            QCOMPARE(decode(bytes.toBase64(QByteArray::OmitTrailingEquals), 7), bytes);
        }
    }

    void lineBreaksAreSkipped()
    {
        for (const qsizetype step : {1, 3, 100})
            QCOMPARE(decode("aG\r\nVs\nbG8\n=\n", step), QByteArray("hello"));
    }

    void invalid_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"a",     "aGVsb", "=",        "a=",       "a===",  "aa=",  "aa===",
                                 "aaa==", "aGVs=", "aGVs====", "aa==aaaa", "aa==a", "aa=a", "aGV*",
                                 "aGV-",  "aGV_",  "aG Vs",    "ab==",     "aab=",  "ab",   "\xc3\xa9=="})
            QTest::addRow("%s", text) << QByteArray(text);
    }
    void invalid()
    {
        QFETCH(QByteArray, text);
        for (const qsizetype step : {1, 2, 100})
            QVERIFY(!decode(text, step));
    }

    void plausible()
    {
        QVERIFY(Base64Decoder::isPlausible("aGVsbG8=\r\n+/"));
        QVERIFY(!Base64Decoder::isPlausible("a b"));
        QVERIFY(!Base64Decoder::isPlausible("{}"));
    }
};

QTEST_GUILESS_MAIN(Base64DecoderTest)
#include "tst_base64decoder.moc"
