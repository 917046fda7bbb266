// SPDX-License-Identifier: Apache-2.0
#include "core/http/target.h"

#include <QTest>

using namespace hublet::http;

class TestTarget : public QObject {
    Q_OBJECT

private slots:
    void parses_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("authority");

        QTest::newRow("root") << QByteArray("/") << true << QByteArray("/") << QByteArray() << QByteArray();
        QTest::newRow("query") << QByteArray("/a?b=c?d") << true << QByteArray("/a") << QByteArray("b=c?d")
                               << QByteArray();
        QTest::newRow("empty query") << QByteArray("/a?") << true << QByteArray("/a") << QByteArray()
                                     << QByteArray();
        QTest::newRow("escapes stay")
            << QByteArray("/a%2Fb%20c") << true << QByteArray("/a%2Fb%20c") << QByteArray() << QByteArray();
        QTest::newRow("asterisk") << QByteArray("*") << true << QByteArray("*") << QByteArray()
                                  << QByteArray();
        QTest::newRow("absolute") << QByteArray("http://h:1/a?b") << true << QByteArray("/a")
                                  << QByteArray("b") << QByteArray("h:1");
        QTest::newRow("absolute, capitals")
            << QByteArray("HTTPS://h/a") << true << QByteArray("/a") << QByteArray() << QByteArray("h");
        QTest::newRow("absolute, no path")
            << QByteArray("http://h?b") << true << QByteArray("/") << QByteArray("b") << QByteArray("h");
        QTest::newRow("double slash is a path")
            << QByteArray("//h/a") << true << QByteArray("//h/a") << QByteArray() << QByteArray();
        for (const char* bad : {"",     "a",     "a/b",    "?a",        "ftp://h/", "http:///a", "h:80",
                                "/a b", "/a\tb", "/a\x7f", "/\xc3\xa4", "/%",       "/%1",       "/%g0",
                                "/%0g", "/%00",  "/a?%",   "/a?b=%00",  "/a#b",     "**"})
            QTest::newRow(qPrintable(QStringLiteral("bad: %1").arg(QString::fromLatin1(bad))))
                << QByteArray(bad) << false << QByteArray() << QByteArray() << QByteArray();
    }
    void parses()
    {
        QFETCH(QByteArray, raw);
        QFETCH(bool, valid);
        const std::optional<Target> target = parseTarget(raw);
        QCOMPARE(target.has_value(), valid);
        if (!valid)
            return;
        QTEST(target->path.toByteArray(), "path");
        QTEST(target->query.toByteArray(), "query");
        QTEST(target->authority.toByteArray(), "authority");
    }

    void decodesSegmentsOnce_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QList<QByteArray>>("segments");
        using List = QList<QByteArray>;
        QTest::newRow("root") << QByteArray("/") << List{};
        QTest::newRow("plain") << QByteArray("/a/bc/d") << List{"a", "bc", "d"};
        QTest::newRow("runs of slashes") << QByteArray("//a///b//") << List{"a", "b"};
        QTest::newRow("encoded slash stays in its segment")
            << QByteArray("/r/refs%2Fpr%2f1/f") << List{"r", "refs/pr/1", "f"};
        QTest::newRow("decoded once") << QByteArray("/%2525/%252F") << List{"%25", "%2F"};
        QTest::newRow("UTF-8") << QByteArray("/%C3%A4") << List{"\xc3\xa4"};
        QTest::newRow("invalid UTF-8 is kept") << QByteArray("/%ff") << List{"\xff"};
        QTest::newRow("plus is plus") << QByteArray("/a+b") << List{"a+b"};
        QTest::newRow("dots are names") << QByteArray("/./../%2e%2E") << List{".", "..", ".."};
        QTest::newRow("space and hash") << QByteArray("/a%20b/c%23.txt") << List{"a b", "c#.txt"};
    }
    void decodesSegmentsOnce()
    {
        QFETCH(QByteArray, path);
        QByteArray storage;
        QList<QByteArray> segments;
        for (const QByteArrayView segment : decodeSegments(path, storage))
            segments.append(segment.toByteArray());
        QTEST(segments, "segments");
    }
};

QTEST_APPLESS_MAIN(TestTarget)
#include "tst_target.moc"
