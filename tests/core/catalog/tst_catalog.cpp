// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/refqueries.h"
#include "core/catalog/writing/refwriter.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QRandomGenerator>
#include <QTest>

#include <map>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

/// What the catalog reads. Every test has a catalogue of its own.
class TestCatalog : public QObject {
    Q_OBJECT
private slots:
    void revisionsAreResolvedInOrder();
    void pathsAreSplit_data();
    void pathsAreSplit();
    void commitsArePaged();
    void treePagesMeet_data();
    void treePagesMeet();
    void treeRefusesFilesAndStrangers();
    void entriesKeepTheOrder();
    void lastCommitsEqualSearching_data();
    void lastCommitsEqualSearching();
    void lfsFilesAreListedOnce();
    void changesAreFound();
    void generationGrows();
};

void TestCatalog::revisionsAreResolvedInOrder()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit second = fixture.add(package, {{"a", "b"}});
    RefWriter refs(fixture.catalog, fixture.clock);
    // A branch whose name is a prefix of a commit id, which none can get any more, wins over that commit.
    const QString prefix = QString::fromLatin1(second.oid.toHex().left(8));
    VERIFY_OK(fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
        const auto start = queries::commit(transaction, package.rowId, package.head);
        if (!start)
            return forward(start);
        const auto set = queries::setRef(transaction, package.rowId, QStringLiteral("refs/heads/") + prefix,
                                         RefKind::Branch, start->id, {}, 1);
        return set ? Result<void>() : forward(set);
    }));
    must(refs.createTag(package.rowId, {QStringLiteral("v1"), package.head, QStringLiteral("note"), {}}));
    must(refs.createBranch(package.rowId, {QStringLiteral("v2"), second.oid, false, false, {}}));
    must(refs.createTag(package.rowId, {QStringLiteral("v2"), package.head, {}, {}}));
    const auto resolved = [&](const QString& revision) {
        const auto found = fixture.catalog.resolve(package.rowId, revision);
        return found ? found->sha : QByteArray(errorCodeName(found.error().code()));
    };
    const QByteArray first = package.head.toHex();
    const QByteArray newest = second.oid.toHex();
    QCOMPARE(resolved(QStringLiteral("main")), newest);
    QCOMPARE(resolved(QStringLiteral("HEAD")), newest);
    QCOMPARE(resolved(QStringLiteral("refs/heads/main")), newest);
    QCOMPARE(resolved(prefix), first);
    QCOMPARE(resolved(QString::fromLatin1(newest.left(7))), newest);
    QCOMPARE(resolved(QString::fromLatin1(newest.left(4))), newest);
    QCOMPARE(resolved(QString::fromLatin1(newest).toUpper()), newest);
    QCOMPARE(resolved(QStringLiteral("v1")), first);
    QCOMPARE(resolved(QStringLiteral("refs/tags/v1")), first);
    QCOMPARE(resolved(QStringLiteral("v2")), newest);
    for (const char* unknown : {"", "nope", "refs/pr/1", "refs/heads/v1", "abc",
                                "ffffffffffffffffffffffffffffffffffffffff", "refs", "main/x"})
        QCOMPARE(resolved(QString::fromUtf8(unknown)), QByteArray("RevisionNotFound"));
    QVERIFY(!must(fixture.catalog.resolve(package.rowId, QStringLiteral("main"))).isImmutable());
    QVERIFY(must(fixture.catalog.resolve(package.rowId, QString::fromLatin1(newest))).isImmutable());
    const Package other = fixture.createPackage(QStringLiteral("acme/other"));
    QCOMPARE(codeOf(fixture.catalog.resolve(other.rowId, QString::fromLatin1(newest))),
             ErrorCode::RevisionNotFound);
}

void TestCatalog::pathsAreSplit_data()
{
    QTest::addColumn<QByteArrayList>("segments");
    QTest::addColumn<QString>("revision"); // empty: RevisionNotFound
    QTest::addColumn<QByteArray>("rest");
    const auto row = [](const char* name, QByteArrayList segments, const char* revision, const char* rest) {
        QTest::newRow(name) << segments << QString::fromUtf8(revision) << QByteArray(rest);
    };
    row("branch", {"main", "a", "b"}, "main", "a/b");
    row("branch alone", {"main"}, "main", "");
    row("encoded pull request", {"refs/pr/1", "a"}, "refs/pr/1", "a");
    row("pull request", {"refs", "pr", "1", "a", "b"}, "refs/pr/1", "a/b");
    row("unknown pull request", {"refs", "pr", "2", "a"}, "", "");
    row("full name", {"refs", "heads", "main", "a"}, "refs/heads/main", "a");
    row("full name with slash", {"refs", "heads", "feature", "x", "a"}, "refs/heads/feature/x", "a");
    row("branch with slash", {"feature", "x", "a"}, "feature/x", "a");
    row("branch with slash, encoded", {"feature/x", "a"}, "feature/x", "a");
    row("tag with slash", {"rel", "1.0", "a"}, "rel/1.0", "a");
    row("shortest wins", {"main", "main"}, "main", "main");
    row("unknown", {"nope", "a", "b", "c"}, "", "");
    row("nothing", {}, "", "");
    row("encoded path", {"main", "a/b"}, "main", "a/b");
    row("trailing slash", {"main", "a", ""}, "main", "a/");
}

void TestCatalog::pathsAreSplit()
{
    QFETCH(const QByteArrayList, segments);
    QFETCH(const QString, revision);
    QFETCH(const QByteArray, rest);
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    RefWriter refs(fixture.catalog, fixture.clock);
    must(refs.createBranch(package.rowId, {QStringLiteral("feature/x"), {}, false, false, {}}));
    must(refs.createTag(package.rowId, {QStringLiteral("rel/1.0"), package.head, {}, {}}));
    CommitRequest pull = CatalogFixture::request(package);
    pull.createPullRequest = true;
    must(fixture.commit(pull, {{"a", "b"}}));
    const auto found = fixture.catalog.resolvePath(package.rowId, segments);
    if (revision.isEmpty()) {
        QCOMPARE(codeOf(found), ErrorCode::RevisionNotFound);
        return;
    }
    VERIFY_OK(found);
    QCOMPARE(found->revision.asked, revision);
    QCOMPARE(found->path, rest);
}

void TestCatalog::commitsArePaged()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    std::vector<GitOid> expected{package.head};
    for (int i = 0; i < 9; ++i)
        expected.insert(expected.begin(), fixture.add(package, {{"a", QByteArray::number(i)}}).oid);
    for (int limit = 1; limit <= 11; ++limit) {
        std::vector<GitOid> seen;
        QByteArray cursor;
        do {
            const auto page = fixture.catalog.commits(package.rowId, expected.front(), limit, cursor);
            VERIFY_OK(page);
            QCOMPARE(page->total, qint64(expected.size()));
            QVERIFY(int(page->commits.size()) <= limit);
            for (const Commit& commit : page->commits)
                seen.push_back(commit.oid);
            cursor = page->nextCursor;
        } while (!cursor.isEmpty());
        QCOMPARE(seen, expected);
    }
    QCOMPARE(must(fixture.catalog.commits(package.rowId, expected[4], 1)).total, 6);
    QCOMPARE(codeOf(fixture.catalog.commits(package.rowId, expected[0], 5, "nonsense")),
             ErrorCode::InvalidArgument);
}

void TestCatalog::treePagesMeet_data()
{
    QTest::addColumn<QByteArray>("folder");
    QTest::addColumn<bool>("recursive");
    QTest::addColumn<int>("count");
    QTest::newRow("root") << QByteArray() << false << 6;
    QTest::newRow("all") << QByteArray() << true << 13 + 400;
    QTest::newRow("folder") << QByteArray("d") << false << 5;
    QTest::newRow("folder with all") << QByteArray("d") << true << 6 + 400;
}

void TestCatalog::treePagesMeet()
{
    QFETCH(const QByteArray, folder);
    QFETCH(const bool, recursive);
    QFETCH(const int, count);
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    std::vector<CatalogFixture::Bytes> files{{"a.b", "x"},          {"a/b", "x"},   {"a0", "x"},
                                             {"d/a", "x"},          {"d/b/c", "x"}, {"d/b.c", "x"},
                                             {"d/\xc3\xa4 ?", "x"}, {"e", "x"}};
    for (int i = 0; i < 400; ++i)
        files.push_back({"d/many/f" + QByteArray::number(i), "x"});
    const Commit commit = fixture.add(package, files);
    TreeQuery query;
    query.folder = folder.isEmpty() ? RepoPath() : path(folder);
    query.recursive = recursive;
    const Page<TreeEntry> all = must(fixture.catalog.tree(package.rowId, commit.oid, query));
    QCOMPARE(int(all.items.size()), count);
    QVERIFY(all.nextCursor.isEmpty());
    for (const int limit : {1, 2, 3, 7, 100, count - 1, count}) {
        query.limit = limit;
        query.cursor.clear();
        std::size_t at = 0;
        do {
            const auto page = fixture.catalog.tree(package.rowId, commit.oid, query);
            VERIFY_OK(page);
            QVERIFY(!page->items.empty() && int(page->items.size()) <= limit);
            for (const TreeEntry& entry : page->items) {
                QVERIFY(at < all.items.size());
                QCOMPARE(entry.path.bytes(), all.items[at].path.bytes());
                QCOMPARE(entry.oid, all.items[at].oid);
                ++at;
            }
            query.cursor = page->nextCursor;
        } while (!query.cursor.isEmpty());
        QCOMPARE(at, all.items.size());
    }
}

void TestCatalog::treeRefusesFilesAndStrangers()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit commit = fixture.add(package, {{"d/a", "x"}});
    TreeQuery query;
    for (const char* name : {"d/a", "nope", "d/a/b"}) {
        query.folder = path(name);
        QCOMPARE(codeOf(fixture.catalog.tree(package.rowId, commit.oid, query)), ErrorCode::EntryNotFound);
    }
    query.folder = RepoPath();
    QCOMPARE(codeOf(fixture.catalog.tree(package.rowId, gitObjectOid("blob", "x"), query)),
             ErrorCode::RevisionNotFound);
    query.cursor = "?";
    QCOMPARE(codeOf(fixture.catalog.tree(package.rowId, commit.oid, query)), ErrorCode::InvalidArgument);
    const Package other = fixture.createPackage(QStringLiteral("acme/other"));
    QCOMPARE(codeOf(fixture.catalog.entry(other.rowId, commit.oid, path("d/a"))),
             ErrorCode::RevisionNotFound);
}

void TestCatalog::entriesKeepTheOrder()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit commit = fixture.add(package, {{"d/a", "xx"}, {"d/b", "yyy"}, {"c", ""}});
    const auto found =
        fixture.catalog.entries(package.rowId, commit.oid, {path("d/b"), path("no"), path("d"), path("c")});
    VERIFY_OK(found);
    QCOMPARE(found->size(), std::size_t(3));
    QCOMPARE((*found)[0].path.bytes(), QByteArray("d/b"));
    QCOMPARE((*found)[0].etag(), gitObjectOid("blob", "yyy").toHex());
    QCOMPARE((*found)[1].kind, TreeEntry::Kind::Directory);
    QCOMPARE((*found)[1].size, 5);
    QCOMPARE((*found)[1].fileCount, 2);
    QCOMPARE((*found)[2].size, 0);
    const TreeEntry root = must(fixture.catalog.entry(package.rowId, commit.oid, RepoPath()));
    QCOMPARE(root.oid, commit.tree);
    QCOMPARE(root.fileCount, 4);
}

void TestCatalog::lastCommitsEqualSearching_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 4; ++seed)
        QTest::addRow("%u", seed) << seed;
}

/// Compared with looking at every commit for every path.
void TestCatalog::lastCommitsEqualSearching()
{
    QFETCH(const quint32, seed);
    QRandomGenerator random(seed);
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    std::vector<CatalogFixture::Bytes> first;
    for (int i = 0; i < 120; ++i)
        first.push_back({"flat/f" + QByteArray::number(i), "start"});
    fixture.add(package, first);
    std::map<QByteArray, GitOid> expected; // path -> newest commit that touched it
    std::vector<Commit> history;
    for (int round = 0; round < 20; ++round) {
        std::vector<CatalogFixture::Bytes> files;
        for (int i = random.bounded(1, 4); i > 0; --i) {
            const QByteArray name = random.bounded(2) ? "flat/f" + QByteArray::number(random.bounded(130))
                                                      : "d" + QByteArray::number(random.bounded(3)) + "/e/f" +
                                                            QByteArray::number(random.bounded(3));
            files.push_back({name, QByteArray::number(random.bounded(3))});
        }
        const Commit commit = fixture.add(package, files, QString::number(round));
        history.push_back(commit);
    }
    const Package after = must(fixture.catalog.package(package.rowId));
    for (const GitOid& start : {after.head, history[10].oid, after.head}) { // the third time from the cache
        std::vector<RepoPath> paths{path("nope"), path("flat"), path("d0"), path("d0/e"),
                                    path(".gitattributes")};
        for (const QByteArray& name : fixture.filesAt(package, start))
            paths.push_back(path(name));
        const auto found = fixture.catalog.lastCommits(package.rowId, start, paths);
        VERIFY_OK(found);
        const CommitPage page = must(fixture.catalog.commits(package.rowId, start, 100));
        for (std::size_t i = 0; i < paths.size(); ++i) {
            const auto at = [&](const GitOid& commit) {
                const auto entry = fixture.catalog.entry(package.rowId, commit, paths[i]);
                return entry ? entry->oid : GitOid();
            };
            std::optional<GitOid> touched;
            for (std::size_t c = 0; c < page.commits.size() && !at(start).isNull() && !touched; ++c) {
                if (c + 1 == page.commits.size() || at(page.commits[c].oid) != at(page.commits[c + 1].oid))
                    touched = page.commits[c].oid;
            }
            const auto ours = (*found)[i] ? std::optional((*found)[i]->oid) : std::nullopt;
            QVERIFY2(ours == touched, paths[i].bytes());
        }
    }
}

void TestCatalog::lfsFilesAreListedOnce()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    fixture.add(package, {{"a.bin", "1"}, {"b.bin", "2"}, {"text", "3"}});
    const Commit main = fixture.add(package, {{"d/c.bin", "1"}});
    RefWriter refs(fixture.catalog, fixture.clock);
    must(refs.createTag(package.rowId, {QStringLiteral("same"), main.oid, {}, {}}));
    must(refs.createBranch(package.rowId, {QStringLiteral("dev"), main.oid, false, false, {}}));
    CommitRequest request = CatalogFixture::request(package);
    request.ref = QStringLiteral("refs/heads/dev");
    must(fixture.commit(request, {{"a.bin", "new"}, {"e.bin", "1"}}));
    must(refs.createBranch(package.rowId, {QStringLiteral("zeta"), {}, false, false, {}}));
    request.ref = QStringLiteral("refs/heads/zeta");
    must(fixture.commit(request, {{"a.bin", "new"}, {"z.bin", "9"}}));
    const QByteArrayList expected{"a.bin main", "b.bin main", "d/c.bin main",
                                  "a.bin dev",  "e.bin dev",  "z.bin zeta"};
    for (int limit = 1; limit <= 7; ++limit) {
        QByteArrayList listed;
        QByteArray cursor;
        do {
            const auto page = fixture.catalog.lfsFiles(package.rowId, limit, cursor);
            VERIFY_OK(page);
            QVERIFY(int(page->items.size()) <= limit);
            for (const LfsFile& file : page->items) {
                listed += file.path.bytes() + ' ' + file.ref.name.toUtf8();
                QVERIFY(file.pushedMs > 0 && !file.fileOid.isNull());
            }
            cursor = page->nextCursor;
        } while (!cursor.isEmpty());
        QCOMPARE(listed, expected);
    }
}

void TestCatalog::changesAreFound()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit before = fixture.add(package, {{"a", "1"}, {"d/b", "2"}, {"d/c", "3"}, {"f", "4"}});
    fixture.change(package, {DeletePath{path("d/b")}, RenamePath{path("f"), path("g")}});
    const Commit after = fixture.add(package, {{"a", "one"}, {"d/e/x", "5"}});
    const auto changes = fixture.catalog.changes(package.rowId, before.oid, after.oid, 10);
    VERIFY_OK(changes);
    QByteArrayList lines;
    for (const PathChange& change : *changes)
        lines += QByteArray(!change.before ? "A" : !change.after ? "D" : "M") + ' ' + change.path.bytes();
    QCOMPARE(lines, (QByteArrayList{"M a", "D d/b", "A d/e/x", "D f", "A g"}));
    QCOMPARE(codeOf(fixture.catalog.changes(package.rowId, before.oid, after.oid, 4)), ErrorCode::TooLarge);
    VERIFY_OK(fixture.catalog.changes(package.rowId, before.oid, after.oid, 5));
}

void TestCatalog::generationGrows()
{
    CatalogFixture fixture;
    const quint64 before = fixture.catalog.generation();
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const quint64 created = fixture.catalog.generation();
    QVERIFY(created > before);
    must(fixture.catalog.refs(package.rowId, true));
    QCOMPARE(fixture.catalog.generation(), created);
}

QTEST_GUILESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
