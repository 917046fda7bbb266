// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/linediff.h"

#include <QRandomGenerator>
#include <QTest>

using namespace hublet::service;

class TestLineDiff : public QObject {
    Q_OBJECT

    static QList<QByteArray> linesOf(const QByteArray& text)
    {
        QList<QByteArray> lines;
        for (qsizetype start = 0; start < text.size();) {
            const qsizetype newline = text.indexOf('\n', start);
            const qsizetype end = newline < 0 ? text.size() : newline + 1;
            lines.append(text.mid(start, end - start));
            start = end;
        }
        return lines;
    }

    /// Applies hunks as patch(1) would without fuzz; nothing when they do not fit. Texts must end in a
    /// newline.
    static std::optional<QByteArray> applied(const QByteArray& before, const QByteArray& hunks)
    {
        const QList<QByteArray> source = linesOf(before);
        QByteArray result;
        qsizetype at = 0;
        for (const QByteArray& line : linesOf(hunks)) {
            if (line.startsWith("@@ -")) {
                const QList<QByteArray> range = line.mid(4, line.indexOf(' ', 4) - 4).split(',');
                const qsizetype start = range[0].toLongLong() - (range[1] == "0" ? 0 : 1);
                while (at < start)
                    result += source.value(at++);
                continue;
            }
            if (line.startsWith('+')) {
                result += line.mid(1);
                continue;
            }
            if (source.value(at++) != line.mid(1))
                return std::nullopt;
            if (line.startsWith(' '))
                result += line.mid(1);
        }
        while (at < source.size())
            result += source[at++];
        return result;
    }

private slots:
    void makesHunks_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QByteArray>("hunks");
        QTest::newRow("equal") << QByteArray("a\nb\n") << QByteArray("a\nb\n") << QByteArray();
        QTest::newRow("new file") << QByteArray() << QByteArray("a\nb\n")
                                  << QByteArray("@@ -0,0 +1,2 @@\n+a\n+b\n");
        QTest::newRow("deleted file")
            << QByteArray("a\n") << QByteArray() << QByteArray("@@ -1,1 +0,0 @@\n-a\n");
        QTest::newRow("changed line") << QByteArray("a\nb\nc\n") << QByteArray("a\nx\nc\n")
                                      << QByteArray("@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
        QTest::newRow("newline lost")
            << QByteArray("a\nb\n") << QByteArray("a\nb")
            << QByteArray("@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n");
        QTest::newRow("three lines of context")
            << QByteArray("1\n2\n3\n4\n5\n6\n7\n8\n9\n") << QByteArray("1\n2\n3\n4\nx\n6\n7\n8\n9\n")
            << QByteArray("@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
        QTest::newRow("two hunks")
            << QByteArray("a\n1\n2\n3\n4\n5\n6\n7\nb\n") << QByteArray("1\n2\n3\n4\n5\n6\n7\n")
            << QByteArray("@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-b\n");
        QTest::newRow("one hunk when near")
            << QByteArray("a\n1\n2\n3\n4\n5\n6\nb\n") << QByteArray("1\n2\n3\n4\n5\n6\n")
            << QByteArray("@@ -1,8 +1,6 @@\n-a\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n");
    }
    void makesHunks()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QByteArray, hunks);
        QCOMPARE(unifiedHunks(before, after), hunks);
    }

    void turnsOneTextIntoTheOther()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 500; ++round) {
            QByteArray texts[2];
            for (QByteArray& text : texts) {
                for (quint32 lines = random.bounded(40U); lines > 0; --lines)
                    text += char('a' + random.bounded(5)) + QByteArray("\n");
            }
            const QByteArray hunks = unifiedHunks(texts[0], texts[1]);
            const auto result = applied(texts[0], hunks);
            QVERIFY2(result, hunks.constData());
            QCOMPARE(*result, texts[1]);
        }
    }

    void staysFastOnHopelessTexts()
    {
        QByteArray before;
        QByteArray after;
        for (int i = 0; i < 60'000; ++i) {
            before += "b" + QByteArray::number(i) + '\n';
            after += "a" + QByteArray::number(i) + '\n';
        }
        const QByteArray hunks = unifiedHunks("same\n" + before, "same\n" + after);
        QVERIFY(hunks.startsWith("@@ -1,60001 +1,60001 @@\n same\n-b0\n"));
        QCOMPARE(applied("same\n" + before, hunks), std::optional<QByteArray>("same\n" + after));
    }
};

QTEST_GUILESS_MAIN(TestLineDiff)
#include "tst_linediff.moc"
