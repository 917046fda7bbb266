// SPDX-License-Identifier: Apache-2.0
#include "core/access/tokentext.h"

#include <QSet>
#include <QTest>

using namespace hublet::access;

class TestTokenText : public QObject {
    Q_OBJECT

private slots:
    void form_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("expected");
        // Checksums computed with zlib's crc32.
        QTest::newRow("digits and letters") << QByteArray("hf_0123456789abcdefghijABCDEFGH1cqg1P") << true;
        QTest::newRow("all 0") << QByteArray("hf_00000000000000000000000000000zwCl4") << true;
        QTest::newRow("all z") << QByteArray("hf_zzzzzzzzzzzzzzzzzzzzzzzzzzzz4LipsK") << true;
        QTest::newRow("wrong checksum") << QByteArray("hf_0000000000000000000000000000000000") << false;
        QTest::newRow("other head") << QByteArray("HF_") +
                                           QByteArray("hf_0123456789abcdefghijABCDEFGH1cqg1P").mid(3)
                                    << false;
        QTest::newRow("no head") << QByteArray("hf_0123456789abcdefghijABCDEFGH1cqg1P").mid(3) << false;
        QTest::newRow("a blank behind") << QByteArray("hf_0123456789abcdefghijABCDEFGH1cqg1P ") << false;
        QTest::newRow("cut short") << QByteArray("hf_0123456789abcdefghijABCDEFGH1cqg1P").chopped(1) << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("not base 62") << QByteArray("hf_-----------------------------------") << false;
    }
    void form()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, expected);
        QCOMPARE(isTokenText(text), expected);
    }

    void newTokensAreWellFormedAndDiffer()
    {
        constexpr int Count = 1000;
        QSet<QByteArray> seen;
        for (int i = 0; i < Count; ++i) {
            const QByteArray token = newTokenText();
            QCOMPARE(token.size(), TokenLength);
            QVERIFY2(isTokenText(token), token.constData());
            seen.insert(token);
        }
        QCOMPARE(seen.size(), Count);
    }

    void everyTypingErrorIsFound()
    {
        const QByteArray token = newTokenText();
        for (qsizetype i = 0; i < token.size(); ++i) {
            QByteArray wrong = token;
            wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
            QVERIFY2(!isTokenText(wrong), wrong.constData());
        }
        for (qsizetype i = 3; i + 1 < token.size(); ++i) {
            QByteArray swapped = token;
            std::swap(swapped[i], swapped[i + 1]);
            QCOMPARE(isTokenText(swapped), swapped == token);
        }
    }

    void prefixTellsLittle()
    {
        QCOMPARE(tokenPrefix("hf_0123456789abcdefghijABCDEFGH1cqg1P"), QStringLiteral("hf_01234"));
    }
};

QTEST_GUILESS_MAIN(TestTokenText)
#include "tst_tokentext.moc"
