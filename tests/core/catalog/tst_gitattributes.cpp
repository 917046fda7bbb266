// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/gitattributes.h"
#include "core/catalog/formats/gitignore.h"
#include "core/catalog/formats/globpattern.h"
#include "core/catalog/formats/uploadmoderule.h"
#include "core/catalog/writing/packagewriter.h"
#include "tests/core/catalog/gittool.h"

#include <QElapsedTimer>
#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

RepoPath path(const QByteArray& text)
{
    return RepoPath::parse(text).value();
}

/// Patterns and paths whose every combination is asked of git as well.
const QByteArrayList Patterns = {"*.bin",      "*.tar.*", "a/b",          "/a",         "a",
                                 "a/*",        "a/**",    "**/b",         "**/a/b",     "a/**/b",
                                 "**",         "a**b",    "a**/b",        "?",          "[ab]",
                                 "[!a]",       "[^a]*",   "[a-c]x",       "[]x]",       "[a",
                                 "a\\*b",      "\\#a",    "[[:digit:]]*", "[[:nope:]]", "saved_model/**/*",
                                 "*tfevents*", "x/",      "*.B*",         "/*.bin",     "a/*/c",
                                 "a/***/b",    "[\\]]",   "[a-]",         "*/b",        "a b",
                                 "***",        "**/",     "/**",          "a\\",        "[x-\\z]"};
const QByteArrayList Paths = {"a",
                              "b",
                              "x",
                              "1",
                              "]",
                              "-",
                              "ax",
                              "bx",
                              "a/b",
                              "a/x/b",
                              "a/x/y/b",
                              "a/x/c",
                              "x/a/b",
                              "x/a",
                              "m.bin",
                              "d/m.bin",
                              "x.tar.gz",
                              "aXb",
                              "aX/b",
                              "a*b",
                              "#a",
                              "12",
                              "saved_model/v",
                              "saved_model/1/v",
                              "events.out.tfevents.1",
                              "M.BIN",
                              "a b",
                              "y"};

} // namespace

class TestGitAttributes : public QObject {
    Q_OBJECT
private slots:
    void globEqualsGit();
    void lastMatchWins_data();
    void lastMatchWins();
    void attributesEqualGit();
    void linesCoverTheirFiles_data();
    void linesCoverTheirFiles();
    void ignoreEqualsGit();
    void ignore_data();
    void ignore();
    void uploadMode_data();
    void uploadMode();
    void hostilePatternsAreCheap();
    void budgetEndsTheSearch();
    void wildPatternsAreBounded();

private:
    MatchBudget m_budget;
};

/// git check-attr on a bare repository reads the attributes of no tree, so they come through info/attributes.
void TestGitAttributes::globEqualsGit()
{
    if (!GitTool::isInstalled())
        QSKIP("git is not installed");
    for (const QByteArray& pattern : Patterns) {
        const QByteArray line = (pattern.contains(' ') ? '"' + pattern + '"' : pattern) + " filter=lfs\n";
        const GitTool git;
        QVERIFY(git.writeFile(QStringLiteral("info/attributes"), line));
        const auto answer = git.run({QStringLiteral("check-attr"), QStringLiteral("-z"),
                                     QStringLiteral("--stdin"), QStringLiteral("filter")},
                                    Paths.join('\0') + '\0');
        const QByteArrayList fields = answer.out.split('\0');
        QCOMPARE(fields.size(), 3 * Paths.size() + 1);
        const GitAttributes attributes = GitAttributes::parse(line);
        for (int i = 0; i < Paths.size(); ++i) {
            const bool ours = attributes.lfs(path(Paths[i]), m_budget) == GitAttributes::Lfs::Yes;
            QVERIFY2(ours == (fields[3 * i + 2] == "lfs"), pattern + " on " + Paths[i]);
        }
    }
}

void TestGitAttributes::lastMatchWins_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<GitAttributes::Lfs>("expected");
    using Lfs = GitAttributes::Lfs;
    const auto row = [](const char* name, const char* text, const char* file, Lfs expected) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(file) << expected;
    };
    row("empty", "", "a.bin", Lfs::Unspecified);
    row("plain", "*.bin filter=lfs diff=lfs merge=lfs -text\n", "a.bin", Lfs::Yes);
    row("no newline at the end", "*.bin filter=lfs", "a.bin", Lfs::Yes);
    row("CRLF", "*.bin filter=lfs\r\n*.x -filter\r\n", "a.bin", Lfs::Yes);
    row("byte order mark", "\xef\xbb\xbf*.bin filter=lfs\n", "a.bin", Lfs::Yes);
    row("taken back", "*.bin filter=lfs\na.bin -filter\n", "a.bin", Lfs::No);
    row("unset", "*.bin filter=lfs\na.bin !filter\n", "a.bin", Lfs::No);
    row("other filter", "*.bin filter=lfs\na.bin filter=crypt\n", "a.bin", Lfs::No);
    row("literal then wildcard", "a.bin -filter\n*.bin filter=lfs\n", "a.bin", Lfs::Yes);
    row("path after name", "a.bin -filter\nd/a.bin filter=lfs\n", "d/a.bin", Lfs::Yes);
    row("name after path", "d/a.bin filter=lfs\na.bin -filter\n", "d/a.bin", Lfs::No);
    row("other attributes do not count", "*.bin filter=lfs\na.bin text\n", "a.bin", Lfs::Yes);
    row("last in line", "*.bin filter=lfs -filter\n", "a.bin", Lfs::No);
    row("comment", "#*.bin filter=lfs\n", "a.bin", Lfs::Unspecified);
    row("folder pattern", "d/ filter=lfs\n", "d/a.bin", Lfs::Unspecified);
    row("negative pattern", "!*.bin filter=lfs\n", "a.bin", Lfs::Unspecified);
    row("macro", "[attr]lfs filter=lfs\n*.bin lfs\n", "a.bin", Lfs::Unspecified);
    row("quoted", "\"a b.bin\" filter=lfs\n", "a b.bin", Lfs::Yes);
    row("quoted escapes", "\"a\\\"\\101.bin\" filter=lfs\n", "a\"A.bin", Lfs::Yes);
    row("broken quoting", "\"a.bin filter=lfs\n", "\"a.bin", Lfs::Yes);
    row("tabs", "*.bin\tfilter=lfs\t-text\n", "a.bin", Lfs::Yes);
    row("case matters", "*.bin filter=lfs\n", "a.BIN", Lfs::Unspecified);
}

void TestGitAttributes::lastMatchWins()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, file);
    QFETCH(const GitAttributes::Lfs, expected);
    QCOMPARE(GitAttributes::parse(text).lfs(path(file), m_budget), expected);
}

void TestGitAttributes::attributesEqualGit()
{
    if (!GitTool::isInstalled())
        QSKIP("git is not installed");
    QByteArray text = defaultGitAttributes(PackageType::Dataset);
    text += "\"a b\" filter=lfs\n*.bin -filter\n/a.tar.x !filter\nd/*.gz filter=other\n  x filter=lfs\n";
    const GitTool git;
    QVERIFY(git.writeFile(QStringLiteral("info/attributes"), text));
    QByteArrayList names = Paths;
    names += {"a.tar.x",           "d/a.tar.x",           "d/x.gz",    "e/x.gz",
              "model.safetensors", "data/train.parquet",  "README.md", "saved_model/a/b/c.txt",
              "saved_model/c.txt", "x/saved_model/c.txt", "image.png"};
    const auto answer = git.run({QStringLiteral("check-attr"), QStringLiteral("-z"),
                                 QStringLiteral("--stdin"), QStringLiteral("filter")},
                                names.join('\0') + '\0');
    const QByteArrayList fields = answer.out.split('\0');
    const GitAttributes attributes = GitAttributes::parse(text);
    for (int i = 0; i < names.size(); ++i) {
        const bool ours = attributes.lfs(path(names[i]), m_budget) == GitAttributes::Lfs::Yes;
        QVERIFY2(ours == (fields.value(3 * i + 2) == "lfs"), names[i]);
    }
}

void TestGitAttributes::linesCoverTheirFiles_data()
{
    QTest::addColumn<QByteArray>("file");
    for (const char* name : {"model.dat", "d/e/model.dat", "a b", "a\"b", "*", "a?b[c]", "#x", "!x", "[attr]",
                             "\xc3\xa4.dat", "d/#x", "a'b", "\"q\""})
        QTest::newRow(name) << QByteArray(name);
}

void TestGitAttributes::linesCoverTheirFiles()
{
    QFETCH(const QByteArray, file);
    const QByteArray line = GitAttributes::lineFor(path(file));
    QVERIFY(line.endsWith(" filter=lfs diff=lfs merge=lfs -text\n"));
    const GitAttributes attributes = GitAttributes::parse(line);
    QCOMPARE(attributes.lfs(path(file), m_budget), GitAttributes::Lfs::Yes);
    QCOMPARE(attributes.lfs(path("z" + file + "z"), m_budget), GitAttributes::Lfs::Unspecified);
    if (!GitTool::isInstalled())
        return;
    const GitTool git;
    QVERIFY(git.writeFile(QStringLiteral("info/attributes"), line));
    const auto answer = git.run({QStringLiteral("check-attr"), QStringLiteral("-z"),
                                 QStringLiteral("--stdin"), QStringLiteral("filter")},
                                file + '\0');
    QCOMPARE(answer.out.split('\0').value(2), QByteArray("lfs"));
}

void TestGitAttributes::ignoreEqualsGit()
{
    if (!GitTool::isInstalled())
        QSKIP("git is not installed");
    for (const QByteArray& pattern : Patterns) {
        const QByteArray text = pattern + "\n!a/x/b\n!d/m.bin\n";
        const GitTool git;
        QVERIFY(git.writeFile(QStringLiteral("info/exclude"), text));
        // Nothing of the paths exists, so git cannot know folders; it takes every path for a file.
        const auto answer =
            git.run({QStringLiteral("-c"), QStringLiteral("core.bare=false"), QStringLiteral("--work-tree"),
                     git.emptyFolder(), QStringLiteral("check-ignore"), QStringLiteral("-z"),
                     QStringLiteral("--no-index"), QStringLiteral("--stdin")},
                    Paths.join('\0') + '\0');
        const QByteArrayList ignored = answer.out.split('\0');
        const GitIgnore ignore = GitIgnore::parse(text);
        for (const QByteArray& name : Paths)
            QVERIFY2(ignore.ignores(path(name), m_budget) == ignored.contains(name), pattern + " on " + name);
    }
}

void TestGitAttributes::ignore_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* name, const char* text, const char* file, bool expected) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(file) << expected;
    };
    row("empty", "", "a", false);
    row("comment", "#a\n", "#a", false);
    row("folder pattern, file", "x/\n", "x", false);
    row("folder pattern, inside", "x/\n", "x/a", true);
    row("deep folder pattern", "x/\n", "d/x/e/a", true);
    row("negated", "*.log\n!keep.log\n", "keep.log", false);
    row("negated below ignored folder", "x/\n!x/keep\n", "x/keep", true);
    row("negated below ignored content", "x/*\n!x/keep\n", "x/keep", false);
    row("CRLF", "*.log\r\n", "a.log", true);
    row("blanks at the end", "a  \n", "a", true);
    row("quoted blank at the end", "a\\ \n", "a ", true);
    row("quoted mark", "\\!a\n", "!a", true);
    row("anchored", "/a\n", "d/a", false);
}

void TestGitAttributes::ignore()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, file);
    QFETCH(const bool, expected);
    QCOMPARE(GitIgnore::parse(text).ignores(path(file), m_budget), expected);
}

void TestGitAttributes::uploadMode_data()
{
    QTest::addColumn<QByteArray>("attributes");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QByteArray>("sample");
    QTest::addColumn<bool>("expected");
    const QByteArray standard = defaultGitAttributes(PackageType::Model);
    const qint64 large = UploadModeRule::RegularLimit + 1;
    QTest::newRow("by name") << standard << QByteArray("a.safetensors") << qint64(5) << QByteArray("text")
                             << true;
    QTest::newRow("text") << standard << QByteArray("config.json") << qint64(5) << QByteArray("{\"a\"}")
                          << false;
    QTest::newRow("at the limit") << standard << QByteArray("a.txt") << UploadModeRule::RegularLimit
                                  << QByteArray("x") << false;
    QTest::newRow("large text") << standard << QByteArray("a.txt") << large << QByteArray("x") << true;
    QTest::newRow("binary") << standard << QByteArray("a.dat") << qint64(5) << QByteArray("a\0b", 3) << true;
    QTest::newRow("not UTF-8") << standard << QByteArray("a.dat") << qint64(5)
                               << QByteArray("\xff\xfe\xfd\xfc zz") << true;
    QTest::newRow("UTF-8 cut short") << standard << QByteArray("a.txt") << qint64(900)
                                     << QByteArray("ab\xe2\x82") << false;
    QTest::newRow("empty file") << standard << QByteArray("a.bin") << qint64(0) << QByteArray() << false;
    QTest::newRow("unknown sample") << standard << QByteArray("a.txt") << qint64(5) << QByteArray() << false;
    QTest::newRow("exempt") << QByteArray("*.bin -filter") << QByteArray("a.bin") << qint64(5)
                            << QByteArray("\0", 1) << false;
    QTest::newRow("exempt but large")
        << QByteArray("*.bin -filter") << QByteArray("a.bin") << large << QByteArray() << true;
    QTest::newRow("attributes themselves") << QByteArray("* filter=lfs") << QByteArray(".gitattributes")
                                           << qint64(5) << QByteArray("x") << false;
}

void TestGitAttributes::uploadMode()
{
    QFETCH(const QByteArray, attributes);
    QFETCH(const QByteArray, file);
    QFETCH(const qint64, size);
    QFETCH(const QByteArray, sample);
    QFETCH(const bool, expected);
    QCOMPARE(UploadModeRule(GitAttributes::parse(attributes)).isLfs(path(file), size, sample, m_budget),
             expected);
}

void TestGitAttributes::hostilePatternsAreCheap()
{
    const QByteArray text = QByteArray("*a").repeated(1000);
    const RepoPath file = path(QByteArray("a").repeated(250) + '/' + QByteArray("a").repeated(250) + "/b");
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!GlobPattern(text + 'c').matches(file.bytes(), m_budget));
    QVERIFY(!GlobPattern(QByteArray("**/").repeated(1000) + "*c*").matches(file.bytes(), m_budget));
    QVERIFY(
        !GlobPattern(QByteArray("*").repeated(GlobPattern::MaxBytes + 1)).matches(file.bytes(), m_budget));
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
}

void TestGitAttributes::budgetEndsTheSearch()
{
    const GitAttributes attributes = GitAttributes::parse("*a*a filter=lfs\n*b*c filter=lfs\n");
    const RepoPath file = path(QByteArray("a").repeated(100));
    MatchBudget enough(1000);
    QCOMPARE(attributes.lfs(file, enough), GitAttributes::Lfs::Yes);
    QVERIFY(!enough.isSpent());
    MatchBudget little(100);
    QCOMPARE(attributes.lfs(file, little), GitAttributes::Lfs::Unspecified);
    QVERIFY(little.isSpent());
    MatchBudget left(110); // one that is spent stays so, even if something cheap would still fit
    QVERIFY(!left.spend(111));
    QVERIFY(!left.spend(1));
    MatchBudget littleForFolders(100);
    QVERIFY(!GitIgnore::parse("*a*a\n").ignores(path(file.bytes() + "/b"), littleForFolders));
    QVERIFY(littleForFolders.isSpent());
}

void TestGitAttributes::wildPatternsAreBounded()
{
    const QByteArray many = QByteArray("?x filter=lfs\n").repeated(PathRules<int>::MaxWildBytes / 2);
    QCOMPARE(GitAttributes::parse(many + "*.bin filter=lfs\n").lfs(path("a.bin"), m_budget),
             GitAttributes::Lfs::Unspecified);
    QCOMPARE(GitAttributes::parse("*.bin filter=lfs\n" + many).lfs(path("a.bin"), m_budget),
             GitAttributes::Lfs::Yes);
    QCOMPARE(GitAttributes::parse(many + "a.bin filter=lfs\n").lfs(path("a.bin"), m_budget),
             GitAttributes::Lfs::Yes);
}

QTEST_GUILESS_MAIN(TestGitAttributes)
#include "tst_gitattributes.moc"
