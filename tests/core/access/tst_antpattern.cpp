// SPDX-License-Identifier: Apache-2.0
#include "core/access/antpattern.h"

#include <QElapsedTimer>
#include <QTest>

using hublet::ErrorCode;
using hublet::access::AntPattern;

class TestAntPattern : public QObject {
    Q_OBJECT

private slots:
    void isWholeBelow_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("expected");
        for (const char* whole :
             {"**", "**/*", "models/**", "models/acme/", "models/acme/*", "models/acme/bert", "*/*/b?rt-*/**",
              "models/acme/bert/**/*", "models/acme/bert/*/**", "models"})
            QTest::newRow(whole) << QString::fromLatin1(whole) << true;
        for (const char* divides :
             {"**/bert", "**/acme/**", "**/*.bin", "models/**/bert", "models/acme/bert/*",
              "models/acme/bert/x", "models/acme/bert/**/x", "models/acme/bert/main/**"})
            QTest::newRow(divides) << QString::fromLatin1(divides) << false;
    }
    void isWholeBelow()
    {
        QFETCH(QString, pattern);
        QFETCH(bool, expected);
        QCOMPARE(AntPattern::parse(pattern)->isWholeBelow(3), expected);
    }

    void covers_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("expected");
        int row = 0;
        const auto add = [&row](const char* pattern, const char* path, bool expected) {
            QTest::addRow("%02d %s on '%s'", ++row, pattern, path)
                << QString::fromUtf8(pattern) << QString::fromUtf8(path) << expected;
        };
        // A whole package, from above, at and below it.
        add("**", "models/acme/bert", true);
        add("models/**", "models/acme/bert", true);
        add("models/acme/**", "models/acme/bert", true);
        add("models/acme/bert/**", "models/acme/bert", true);
        add("models/acme/bert/", "models/acme/bert", true);
        add("models/acme/bert", "models/acme/bert", true);
        add("models/acme/bert/**/*", "models/acme/bert", true);
        add("models/acme/bert/*/**", "models/acme/bert", true);
        add("models/acme/bert/*", "models/acme/bert", false);
        add("models/acme/bert/*.json", "models/acme/bert", false);
        add("models/acme/bert/**/*.json", "models/acme/bert", false);
        add("models/acme/bert/*/*/**", "models/acme/bert", false);
        add("models/acme/bert/main/**", "models/acme/bert", false);
        add("models/acme/bert2/**", "models/acme/bert", false);
        add("models/acme/ber", "models/acme/bert", false);
        add("datasets/**", "models/acme/bert", false);
        // `**` in the middle and at the front.
        add("**/bert", "models/acme/bert", true);
        add("**/bert", "bert", true);
        add("**/acme/**", "models/acme/bert", true);
        add("**/acme/**", "models/other/bert", false);
        add("models/**/bert", "models/bert", true);
        add("models/**/bert", "models/a/b/c/bert", true);
        add("models/**/bert", "models/a/b/c/bart", false);
        add("**/**/bert", "models/acme/bert", true);
        add("**/a/**/a/b", "a/x/a/a/b", true);
        add("**/a/**/a/b", "a/b/a/c/b", false);
        // Inside one segment.
        add("models/*/bert", "models/acme/bert", true);
        add("models/*/bert", "models/a/b/bert", false);
        add("models/acme/b?rt", "models/acme/bert", true);
        add("models/acme/b?rt", "models/acme/brt", false);
        add("models/ac*e/*", "models/acme/bert", true);
        add("models/a*c*e", "models/aXXcYYe", true);
        add("models/a*c*e", "models/aXXcYY", false);
        add("models/a**e/x", "models/acme/x", true);
        add("*", "models", true);
        add("*", "models/acme", false);
        add("?", "", false);
        // Below a package.
        add("models/acme/bert/**/*.json", "models/acme/bert/main/config.json", true);
        add("models/acme/bert/**/*.json", "models/acme/bert/main/model.bin", false);
        add("models/acme/bert", "models/acme/bert/main", false);
        // The repository as a whole.
        add("**", "", true);
        add("**/*", "", true);
        add("*/**", "", true);
        add("models/**", "", false);
        add("*", "", false);
        // Case, and text beyond ASCII.
        add("Models/ACME/Bert", "models/acme/bert", true);
        add("models/größe/*", "models/größe/x", true);
        // Characters that other languages treat as special.
        add("models/a.b/[x]", "models/aXb/x", false);
        add("models/a+(b)", "models/a+(b)", true);
    }
    void covers()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, path);
        QFETCH(bool, expected);
        const auto parsed = AntPattern::parse(pattern);
        QVERIFY(parsed);
        QCOMPARE(parsed->text(), pattern);
        QCOMPARE(parsed->covers(path.toLower()), expected);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::newRow("empty") << QString();
        QTest::newRow("leading slash") << QStringLiteral("/models/**");
        QTest::newRow("only a slash") << QStringLiteral("/");
        QTest::newRow("empty segment") << QStringLiteral("models//**");
        QTest::newRow("two slashes at the end") << QStringLiteral("models//");
        QTest::newRow("line feed") << QStringLiteral("models\n**");
        QTest::newRow("nul") << QString(QChar(u'\0'));
        QTest::newRow("too long") << QString(AntPattern::MaxLength + 1, u'a');
        QTest::newRow("too deep") << QStringLiteral("a/").repeated(AntPattern::MaxSegments) + u'b';
    }
    void refused()
    {
        QFETCH(QString, pattern);
        const auto parsed = AntPattern::parse(pattern);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code(), ErrorCode::InvalidArgument);
    }

    void deepestPatternCoversDeepPath()
    {
        const QString path = QStringLiteral("a/").repeated(AntPattern::MaxSegments - 1) + u'a';
        const auto exact = AntPattern::parse(path);
        QVERIFY(exact);
        QVERIFY(exact->covers(path));
        QVERIFY(!exact->covers(path.chopped(2)));
    }

    /// Patterns made to defeat backtracking stay cheap.
    void hostilePatternIsCheap()
    {
        const auto doubleStars =
            AntPattern::parse(QStringLiteral("**/a/").repeated(20) + QStringLiteral("b"));
        const auto stars = AntPattern::parse(QStringLiteral("a*").repeated(100) + QStringLiteral("b"));
        QVERIFY(doubleStars && stars);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!doubleStars->covers(QStringLiteral("a/").repeated(400) + u'a'));
        QVERIFY(!stars->covers(QString(1000, u'a')));
        QVERIFY2(timer.elapsed() < 1000, "matching must not take exponential time");
    }
};

QTEST_GUILESS_MAIN(TestAntPattern)
#include "tst_antpattern.moc"
