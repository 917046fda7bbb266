// SPDX-License-Identifier: Apache-2.0
#include "core/base/names.h"

#include <QTest>

using namespace hublet;

class TestNames : public QObject {
    Q_OBJECT
private slots:
    void ownNamespaces();
    void pathErrorsNameThePath();
    void repositoryKeys_data();
    void repositoryKeys();
    void repositoryKeysIgnoreCase();
    void packageIds_data();
    void packageIds();
    void packageIdsIgnoreCase();
    void paths_data();
    void paths();
    void pathLengths();
    void pathParts();
    void refNames_data();
    void refNames();
    void packageTypes();
};

void TestNames::repositoryKeys_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("valid");
    const auto row = [](const char* key, bool valid) {
        QTest::newRow(key) << QString::fromUtf8(key) << valid;
    };
    row("hf-local", true);
    row("A", true);
    row("_private", true);
    row("team.models_2", true);
    row("my-cache-2", true);
    row("apis", true);
    row("", false);
    row("2nd", false);
    row("-x", false);
    row(".x", false);
    row("a b", false);
    row("a/b", false);
    row("a\nb", false);
    row("caf\xc3\xa9", false);
    row("hf-cache", false);
    row("HF-CACHE", false);
    row("api", false);
    row("UI", false);
    row("artifactory", false);
    row("auto-trashcan", false);
    QTest::newRow("64 characters") << QString(64, u'a') << true;
    QTest::newRow("65 characters") << QString(65, u'a') << false;
}

void TestNames::repositoryKeys()
{
    QFETCH(QString, key);
    QFETCH(bool, valid);
    const auto parsed = RepositoryKey::parse(key);
    QCOMPARE(parsed.has_value(), valid);
    if (valid)
        QCOMPARE(parsed->text(), key);
    else
        QCOMPARE(parsed.error().code(), ErrorCode::InvalidName);
}

void TestNames::repositoryKeysIgnoreCase()
{
    const auto lower = RepositoryKey::parse(u"hf-local");
    const auto upper = RepositoryKey::parse(u"HF-Local");
    QVERIFY(lower && upper);
    QVERIFY(*lower == *upper);
    QCOMPARE(upper->text(), QStringLiteral("HF-Local"));
    QCOMPARE(upper->folded(), lower->folded());
}

void TestNames::packageIds_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("readable");
    QTest::addColumn<bool>("creatable");
    const auto row = [](const char* id, bool readable, bool creatable) {
        QTest::newRow(id) << QString::fromUtf8(id) << readable << creatable;
    };
    row("acme/bert-tiny", true, true);
    row("Acme-2/Bert.v1_x", true, true);
    row("a/b", true, true);
    row("gpt2", true, false); // no organisation: readable only
    row("my_team/x", true, false);
    row("a.b/x", true, false);
    row("123/x", true, false);
    row("models/x", true, false);
    row("Datasets/x", true, false);
    row("api/x", true, false);
    row("v2/x", true, false);
    row("", false, false);
    row("/", false, false);
    row("a/", false, false);
    row("/b", false, false);
    row("a/b/c", false, false);
    row("a/b.git", false, false);
    row("a/b.GIT", false, false);
    row("-a/b", false, false);
    row("a-/b", false, false);
    row("a/.b", false, false);
    row("a/b.", false, false);
    row("a--b/c", false, false);
    row("a/b--c", false, false);
    row("a/b..c", false, false);
    row("../b", false, false);
    row("a/..", false, false);
    row("a/b c", false, false);
    row("a/b%20c", false, false);
    row("a\\b", false, false);
    row("\xc3\xa4/b", false, false);
    QTest::newRow("96 characters") << QStringLiteral("a/") + QString(96, u'b') << true << true;
    QTest::newRow("97 characters") << QStringLiteral("a/") + QString(97, u'b') << false << false;
}

void TestNames::packageIds()
{
    QFETCH(QString, id);
    QFETCH(bool, readable);
    QFETCH(bool, creatable);
    const auto parsed = PackageId::parse(PackageType::Dataset, id);
    QCOMPARE(parsed.has_value(), readable);
    if (!readable) {
        QCOMPARE(parsed.error().code(), ErrorCode::InvalidName);
        return;
    }
    QCOMPARE(parsed->id(), id);
    QCOMPARE(parsed->artifactPath(), QStringLiteral("datasets/") + id);
    const auto checked = parsed->checkForCreation();
    QCOMPARE(checked.has_value(), creatable);
    if (!creatable)
        QCOMPARE(checked.error().code(), ErrorCode::InvalidName);
}

void TestNames::ownNamespaces()
{
    using Namespace = PackageId::Namespace;
    for (const char* id : {"john_doe/x", "12345/x", "j.d/x"}) {
        const auto parsed = PackageId::parse(PackageType::Model, QString::fromLatin1(id));
        QVERIFY(parsed && !parsed->checkForCreation());
        QVERIFY(parsed->checkForCreation(Namespace::OwnAccount));
    }
    for (const char* id : {"api/x", "x"})
        QVERIFY(!PackageId::parse(PackageType::Model, QString::fromLatin1(id))
                     ->checkForCreation(Namespace::OwnAccount));
}

void TestNames::pathErrorsNameThePath()
{
    QCOMPARE(RepoPath::parse("a/../b").error().detail(),
             QStringLiteral("Invalid path in repo: 'a/../b': it has a '.' or '..' segment"));
    QVERIFY(RepoPath::parse("a\nb").error().detail().contains(QStringLiteral("'a?b'")));
}

void TestNames::packageIdsIgnoreCase()
{
    const auto lower = PackageId::parse(PackageType::Model, u"acme/bert");
    const auto upper = PackageId::parse(PackageType::Model, u"Acme/BERT");
    const auto dataset = PackageId::parse(PackageType::Dataset, u"acme/bert");
    QVERIFY(lower && upper && dataset);
    QVERIFY(*lower == *upper);
    QVERIFY(!(*lower == *dataset));
    QCOMPARE(upper->id(), QStringLiteral("Acme/BERT"));
    QCOMPARE(upper->nameSpace(), QStringLiteral("Acme"));
    QCOMPARE(upper->name(), QStringLiteral("BERT"));
}

/// One path in 30 spellings and more: a spelling is either the path itself, byte for byte, or refused. Never
/// made to fit.
void TestNames::paths_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("valid");
    const auto row = [](const char* name, const QByteArray& path, bool valid) {
        QTest::newRow(name) << path << valid;
    };
    row("plain", "folder/file.txt", true);
    row("other case", "Folder/FILE.txt", true);
    row("percent sign kept", "folder%2Ffile.txt", true);
    row("encoded dots kept", "%2e%2e/file.txt", true);
    row("double encoded kept", "%252e%252e/file.txt", true);
    row("plus kept", "folder/a+b.txt", true);
    row("space", "folder/a b.txt", true);
    row("leading space", " folder/file.txt", true);
    row("trailing space", "folder/file.txt ", true);
    row("trailing dot", "folder/file.txt.", true);
    row("three dots", "folder/.../file.txt", true);
    row("dot file", "folder/.gitattributes", true);
    row(".gitignore", ".gitignore", true);
    row("name with git", "folder/x.git", true);
    row("tilde", "~/file.txt", true);
    row("question mark and hash", "folder/a?b#c", true);
    row("colon", "C:/file.txt", true);
    row("quotes", "folder/\"a'b`c$(x)", true);
    row("composed", "caf\xc3\xa9.txt", true);
    row("decomposed", "cafe\xcc\x81.txt", true);
    row("Chinese", "\xe6\xa8\xa1\xe5\x9e\x8b/\xe6\x9d\x83\xe9\x87\x8d.bin", true);
    row("emoji", "\xf0\x9f\xa4\x97.md", true);
    row("full-width solidus",
        "folder\xef\xbc\x8f"
        "file.txt",
        true);
    row("full-width dots", "\xef\xbc\x8e\xef\xbc\x8e/file.txt", true);
    row("right-to-left mark",
        "folder/\xe2\x80\xae"
        "txt.exe",
        true);

    row("empty", "", false);
    row("leading slash", "/folder/file.txt", false);
    row("two leading slashes", "//folder/file.txt", false);
    row("trailing slash", "folder/file.txt/", false);
    row("double slash", "folder//file.txt", false);
    row("slash", "/", false);
    row("dot", ".", false);
    row("dot segment", "./folder/file.txt", false);
    row("dot segment inside", "folder/./file.txt", false);
    row("dot segment at the end", "folder/.", false);
    row("parent", "..", false);
    row("parent first", "../folder/file.txt", false);
    row("parent inside", "folder/../file.txt", false);
    row("parent at the end", "folder/..", false);
    row("backslash", "folder\\file.txt", false);
    row("backslash parent", "..\\file.txt", false);
    row("NUL", QByteArray("folder/fi\0le.txt", 16), false);
    row("NUL at the end", QByteArray("folder/file.txt\0", 16), false);
    row("line feed", "folder/file\n.txt", false);
    row("carriage return", "folder/file\r.txt", false);
    row("tab", "folder/file\t.txt", false);
    row("escape", "folder/\x1b[31m", false);
    row("delete", "folder/\x7f.txt", false);
    row(".git", ".git/config", false);
    row(".GIT", ".GIT/config", false);
    row(".git inside", "folder/.Git/config", false);
    row("overlong slash",
        "folder\xc0\xaf"
        "file.txt",
        false);
    row("overlong dot", "\xc0\xae\xc0\xae/file.txt", false);
    row("Latin 1", "caf\xe9.txt", false);
    row("surrogate", "folder/\xed\xa0\x80.txt", false);
    row("cut off sequence", "folder/\xe6\x9d", false);
    row("beyond Unicode", "folder/\xf4\x90\x80\x80", false);
}

void TestNames::paths()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, valid);
    const auto parsed = RepoPath::parse(path);
    QCOMPARE(parsed.has_value(), valid);
    if (valid)
        QCOMPARE(parsed->bytes(), path);
    else
        QCOMPARE(parsed.error().code(), ErrorCode::InvalidPath);
}

void TestNames::pathLengths()
{
    QVERIFY(RepoPath::parse(QByteArray(255, 'a')));
    QVERIFY(!RepoPath::parse(QByteArray(256, 'a')));
    const QByteArray full = (QByteArray(255, 'a') + '/').repeated(4);
    QCOMPARE(full.size(), 1024);
    QVERIFY(RepoPath::parse(full.chopped(1)));
    QVERIFY(!RepoPath::parse(full + 'b'));
}

void TestNames::pathParts()
{
    const auto path = RepoPath::parse("a/b/c.txt");
    QVERIFY(path);
    QCOMPARE(path->name(), QByteArray("c.txt"));
    QCOMPARE(path->segments(), (QList<QByteArray>{"a", "b", "c.txt"}));
    QCOMPARE(path->parent().bytes(), QByteArray("a/b"));
    QCOMPARE(path->parent().parent().bytes(), QByteArray("a"));
    const RepoPath root = path->parent().parent().parent();
    QVERIFY(root.isRoot());
    QVERIFY(root == RepoPath());
    QCOMPARE(root.segments(), QList<QByteArray>());
    QCOMPARE(root.name(), QByteArray());
    QVERIFY(*RepoPath::parse("a/b") < *RepoPath::parse("a/c"));
}

void TestNames::refNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<bool>("creatable");
    const auto row = [](const char* name, bool valid, bool creatable) {
        QTest::newRow(name) << QString::fromUtf8(name) << valid << creatable;
    };
    row("main", true, true);
    row("v1.0", true, true);
    row("feature/x", true, true);
    row("a.b/c-d_e", true, true);
    row("caf\xc3\xa9", true, true);
    row("@x", true, true);
    row("0123456789012345678901234567890123456789", true, true);
    row("HEAD", true, false);
    row("refs", true, false);
    row("refs/heads/main", true, false);
    row("", false, false);
    row("@", false, false);
    row("a@{b", false, false);
    row(".a", false, false);
    row("a/.b", false, false);
    row("a.", false, false);
    row("a..b", false, false);
    row("a.lock", false, false);
    row("a.lock/b", false, false);
    row("/a", false, false);
    row("a/", false, false);
    row("a//b", false, false);
    row("-a", false, false);
    row("a b", false, false);
    row("a\tb", false, false);
    row("a\x7f", false, false);
    row("a~1", false, false);
    row("a^", false, false);
    row("a:b", false, false);
    row("a?", false, false);
    row("a*", false, false);
    row("a[b", false, false);
    row("a\\b", false, false);
    QTest::newRow("250 characters") << QString(250, u'a') << true << true;
    QTest::newRow("251 characters") << QString(251, u'a') << false << false;
}

void TestNames::refNames()
{
    QFETCH(QString, name);
    QFETCH(bool, valid);
    QFETCH(bool, creatable);
    QCOMPARE(isValidRefName(name), valid);
    QCOMPARE(isCreatableRefName(name), creatable);
}

void TestNames::packageTypes()
{
    for (const PackageType type : {PackageType::Model, PackageType::Dataset}) {
        QCOMPARE(packageTypeFromName(packageTypeName(type)), type);
        QCOMPARE(packageTypeFromName(packageTypePlural(type)), type);
    }
    for (const QStringView name : {u"", u"Model", u"space", u"spaces", u"modelss"})
        QVERIFY(!packageTypeFromName(name));
}

QTEST_APPLESS_MAIN(TestNames)
#include "tst_names.moc"
