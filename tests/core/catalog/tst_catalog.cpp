// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/claimwriter.h"
#include "core/catalog/refwriter.h"
#include "core/catalog/treesweep.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QRandomGenerator>
#include <QTest>

#include <map>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

RepoPath path(const QByteArray& text)
{
    return CatalogFixture::path(text);
}

template <typename T>
ErrorCode codeOf(const Result<T>& result)
{
    return result ? ErrorCode::Internal : result.error().code();
}

QStringList idsOf(const std::vector<Package>& packages)
{
    QStringList ids;
    for (const Package& package : packages)
        ids += package.id.id();
    return ids;
}

} // namespace

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
    void packagesAreFiltered();
    void packagesArePaged_data();
    void packagesArePaged();
    void namespacesAreCounted();
    void movedPackagesAreFound();
    void removedPackagesAreGone();
    void repositoriesHaveTheirRules();
    void contentMayBeClaimed();
    void contentUsesAreNamed();
    void sweepsKeepWhatIsNeeded();
    void generationGrows();
};

void TestCatalog::revisionsAreResolvedInOrder()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit second = fixture.add(package, {{"a", "b"}});
    RefWriter refs(fixture.catalog, fixture.clock);
    // A branch whose name is a prefix of a commit id wins over that commit.
    const QString prefix = QString::fromLatin1(second.oid.toHex().left(8));
    must(refs.createBranch(package.rowId, {prefix, package.head, false, false, {}}));
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

void TestCatalog::packagesAreFiltered()
{
    CatalogFixture fixture;
    fixture.createPackage(QStringLiteral("acme/bert-large"));
    const Package gated = fixture.createPackage(QStringLiteral("Acme/bert_small"));
    fixture.createPackage(QStringLiteral("other/gpt"));
    fixture.createPackage(QStringLiteral("acme/squad"), PackageType::Dataset);
    fixture.add(gated, {{"README.md", "---\nlicense: mit\npipeline_tag: fill-mask\ntags: [nice]\n---\n"}});
    PackageWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    must(writer.change(gated.rowId, {std::nullopt, Gating::Automatic, std::nullopt}));
    const auto listed = [&](const PackageQuery& query, const PackageFilter& visible = {}) {
        return idsOf(must(fixture.catalog.packages(fixture.repository->id, query, visible)).items);
    };
    PackageQuery query;
    query.sort = PackageQuery::Sort::Id;
    query.descending = false;
    const QStringList all{QStringLiteral("acme/bert-large"), QStringLiteral("Acme/bert_small"),
                          QStringLiteral("acme/squad"), QStringLiteral("other/gpt")};
    QCOMPARE(listed(query), all);
    QCOMPARE(listed(query, [](const Package& package) { return package.id.name() == u"gpt"; }), all.mid(3));
    query.type = PackageType::Model;
    QCOMPARE(listed(query).size(), 3);
    query.author = QStringLiteral("ACME");
    QCOMPARE(listed(query), all.mid(0, 2));
    query.search = {QStringLiteral("BERT"), QStringLiteral("small")};
    QCOMPARE(listed(query), all.mid(1, 1));
    query.search = {QStringLiteral("t_s")}; // no wildcard
    QCOMPARE(listed(query), all.mid(1, 1));
    query.search = {QStringLiteral("%")};
    QCOMPARE(listed(query), QStringList());
    query.search.clear();
    query.tags = {QStringLiteral("license:mit"), QStringLiteral("nice")};
    QCOMPARE(listed(query), all.mid(1, 1));
    query.tags = {QStringLiteral("license:mit"), QStringLiteral("bad")};
    QCOMPARE(listed(query), QStringList());
    query.tags.clear();
    query.gated = true;
    QCOMPARE(listed(query), all.mid(1, 1));
    query.gated = false;
    QCOMPARE(listed(query), all.mid(0, 1));
    query.gated.reset();
    query.pipelineTag = QStringLiteral("fill-mask");
    QCOMPARE(listed(query), all.mid(1, 1));
    query = PackageQuery();
    QCOMPARE(listed(query).first(), QStringLiteral("Acme/bert_small")); // modified last
    must(writer.addDownloads({{gated.rowId, 5}, {987'654, 1}}));
    must(writer.addDownloads({{gated.rowId, 2}}));
    query.sort = PackageQuery::Sort::Downloads;
    QCOMPARE(must(fixture.catalog.packages(std::nullopt, query)).items.front().downloads, 7);
}

void TestCatalog::packagesArePaged_data()
{
    QTest::addColumn<PackageQuery::Sort>("sort");
    QTest::addColumn<bool>("descending");
    using Sort = PackageQuery::Sort;
    for (const Sort sort : {Sort::Modified, Sort::Created, Sort::Downloads, Sort::Id}) {
        for (const bool descending : {false, true})
            QTest::addRow("%d %d", int(sort), int(descending)) << sort << descending;
    }
}

void TestCatalog::packagesArePaged()
{
    QFETCH(const PackageQuery::Sort, sort);
    QFETCH(const bool, descending);
    CatalogFixture fixture;
    for (int i = 0; i < 12; ++i) {
        const Package package = fixture.createPackage(QStringLiteral("acme/p%1").arg(i * 7 % 12));
        must(PackageWriter(fixture.catalog, *fixture.store, fixture.clock)
                 .addDownloads({{package.rowId, i % 3}}));
    }
    PackageQuery query;
    query.sort = sort;
    query.descending = descending;
    const QStringList all = idsOf(must(fixture.catalog.packages(fixture.repository->id, query)).items);
    QCOMPARE(all.size(), 12);
    for (int limit = 1; limit <= 12; ++limit) {
        query.limit = limit;
        query.cursor.clear();
        QStringList seen;
        do {
            const auto page = fixture.catalog.packages(fixture.repository->id, query);
            VERIFY_OK(page);
            seen += idsOf(page->items);
            query.cursor = page->nextCursor;
        } while (!query.cursor.isEmpty());
        QCOMPARE(seen, all);
    }
    query.cursor = "nonsense!";
    QCOMPARE(codeOf(fixture.catalog.packages(fixture.repository->id, query)), ErrorCode::InvalidArgument);
}

void TestCatalog::namespacesAreCounted()
{
    CatalogFixture fixture;
    for (const char* name : {"acme/a", "Acme/b", "zoo/c", "acme/secret"})
        fixture.createPackage(QString::fromUtf8(name));
    const auto visible = [](const Package& package) { return package.id.name() != u"secret"; };
    const auto found = fixture.catalog.namespaces(fixture.repository->id, PackageType::Model, visible);
    VERIFY_OK(found);
    using Counts = std::vector<std::pair<QString, qint64>>;
    QCOMPARE(*found, (Counts{{QStringLiteral("acme"), 2}, {QStringLiteral("zoo"), 1}}));
    QVERIFY(must(fixture.catalog.namespaces(fixture.repository->id, PackageType::Dataset)).empty());
}

void TestCatalog::movedPackagesAreFound()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/old"));
    PackageWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    const qint64 repository = fixture.repository->id;
    const PackageId oldId = CatalogFixture::id(QStringLiteral("acme/old"));
    const PackageId newId = CatalogFixture::id(QStringLiteral("Other/New"));
    const auto moved = writer.move(package.rowId, repository, newId);
    VERIFY_OK(moved);
    QCOMPARE(moved->id.id(), QStringLiteral("Other/New"));
    QCOMPARE(codeOf(fixture.catalog.package(repository, oldId)), ErrorCode::PackageNotFound);
    const auto forwarded =
        fixture.catalog.movedTo(repository, CatalogFixture::id(QStringLiteral("ACME/old")));
    VERIFY_OK(forwarded);
    QCOMPARE((*forwarded)->rowId, package.rowId);
    QVERIFY(!must(fixture.catalog.movedTo(repository, newId)));
    VERIFY_OK(fixture.catalog.commit(package.rowId, package.head));
    // Only the spelling changes.
    QCOMPARE(
        must(writer.move(package.rowId, repository, CatalogFixture::id(QStringLiteral("other/new")))).id.id(),
        QStringLiteral("other/new"));
    const Package taken = fixture.createPackage(QStringLiteral("acme/taken"));
    QCOMPARE(codeOf(writer.move(taken.rowId, repository, newId)), ErrorCode::AlreadyExists);
    // A new package takes the old name over.
    fixture.createPackage(QStringLiteral("acme/old"));
    QVERIFY(!must(fixture.catalog.movedTo(repository, oldId)));
    VERIFY_OK(fixture.catalog.package(repository, oldId));
}

void TestCatalog::removedPackagesAreGone()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest pull = CatalogFixture::request(package);
    pull.createPullRequest = true;
    must(fixture.commit(pull, {{"a.bin", "b"}}));
    PackageWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    must(
        writer.move(package.rowId, fixture.repository->id, CatalogFixture::id(QStringLiteral("acme/moved"))));
    VERIFY_OK(writer.remove(package.rowId));
    QCOMPARE(codeOf(fixture.catalog.package(package.rowId)), ErrorCode::PackageNotFound);
    QCOMPARE(codeOf(fixture.catalog.commit(package.rowId, package.head)), ErrorCode::RevisionNotFound);
    QVERIFY(!must(
        fixture.catalog.movedTo(fixture.repository->id, CatalogFixture::id(QStringLiteral("acme/bert")))));
    QVERIFY(must(fixture.catalog.contentUses(Sha256Hasher::hash("b"), 5)).empty());
    QCOMPARE(codeOf(writer.remove(package.rowId)), ErrorCode::PackageNotFound);
}

void TestCatalog::repositoriesHaveTheirRules()
{
    CatalogFixture fixture;
    const RepositoryKey key = RepositoryKey::parse(u"HF-Local").value();
    QCOMPARE(codeOf(fixture.repositories.create(key, RepositoryClass::Local, Layout::Legacy, {})),
             ErrorCode::AlreadyExists);
    RepositorySettings settings = fixture.repository->settings;
    settings.strictRevisionNames = true;
    settings.quotaBytes = 5;
    settings.description = QStringLiteral("text");
    const Repository changed = must(fixture.repositories.change(fixture.repository->id, settings));
    QCOMPARE(changed.settings.quotaBytes, 5);
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    RefWriter refs(fixture.catalog, fixture.clock);
    const auto branch = [&](const char* name) {
        return codeOf(refs.createBranch(package.rowId, {QString::fromUtf8(name), {}, false, false, {}}));
    };
    QCOMPARE(branch("a_b"), ErrorCode::InvalidRevision);
    QCOMPARE(branch("a/b"), ErrorCode::InvalidRevision);
    QCOMPARE(branch("a-b.1"), ErrorCode::Internal);
    const RepositoryTotals totals = must(fixture.catalog.totals(fixture.repository->id));
    QCOMPARE(totals.packages, 1);
    QCOMPARE(totals.files, 1);
    QCOMPARE(codeOf(fixture.repositories.remove(fixture.repository->id, false)), ErrorCode::Conflict);
    VERIFY_OK(fixture.repositories.remove(fixture.repository->id, true));
    QCOMPARE(codeOf(fixture.catalog.repository(key)), ErrorCode::RepositoryNotFound);
    QCOMPARE(codeOf(fixture.catalog.package(package.rowId)), ErrorCode::PackageNotFound);
}

void TestCatalog::contentMayBeClaimed()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    fixture.add(package, {{"m.bin", "committed"}});
    store::ContentWriter writer = fixture.store->writer();
    const Sha256 uploaded = CatalogFixture::file(writer, "x", "uploaded").content.sha256;
    must(writer.publish());
    ClaimWriter claims(fixture.catalog, fixture.clock);
    must(claims.claim(7, uploaded, writer));
    const Sha256 committed = Sha256Hasher::hash("committed");
    const auto may = [&](qint64 user, const Sha256& content, bool visible) {
        return must(fixture.catalog.mayClaim(user, content, fixture.clock.nowMs(),
                                             [&](const Package&) { return visible; }));
    };
    QVERIFY(may(7, uploaded, false));
    QVERIFY(!may(8, uploaded, true));
    QVERIFY(may(8, committed, true));
    QVERIFY(!may(8, committed, false));
    QVERIFY(!may(8, Sha256Hasher::hash("?"), true));
    fixture.clock.advance(ClaimWriter::LifeMs - 1);
    QVERIFY(may(7, uploaded, false));
    must(claims.renew(7, uploaded));
    fixture.clock.advance(ClaimWriter::LifeMs - 1);
    QVERIFY(may(7, uploaded, false));
    fixture.clock.advance(1);
    QVERIFY(!may(7, uploaded, false));
    VERIFY_OK(claims.dropExpired());
    QCOMPARE(codeOf(claims.renew(7, Sha256Hasher::hash("?"))), ErrorCode::ContentMissing);
}

void TestCatalog::contentUsesAreNamed()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Package other = fixture.createPackage(QStringLiteral("acme/other"));
    fixture.add(package, {{"a.bin", "x"}, {"d/b.bin", "x"}});
    const Commit old = fixture.add(other, {{"c.bin", "x"}});
    fixture.change(other, {DeletePath{path("c.bin")}});
    const auto uses = fixture.catalog.contentUses(Sha256Hasher::hash("x"), 10);
    VERIFY_OK(uses);
    QStringList lines;
    for (const ContentUse& use : *uses)
        lines += use.package.id.id() + u' ' + use.revision + u' ' + use.path.text();
    QCOMPARE(lines,
             (QStringList{QStringLiteral("acme/bert main a.bin"), QStringLiteral("acme/bert main d/b.bin"),
                          QStringLiteral("acme/other ") + QString::fromLatin1(old.oid.toHex()) +
                              QStringLiteral(" c.bin")}));
    QCOMPARE(must(fixture.catalog.contentUses(Sha256Hasher::hash("x"), 1)).size(), std::size_t(1));
}

void TestCatalog::sweepsKeepWhatIsNeeded()
{
    CatalogFixture fixture;
    const Package kept = fixture.createPackage(QStringLiteral("acme/kept"));
    const Package removed = fixture.createPackage(QStringLiteral("acme/removed"));
    fixture.add(kept, {{"d/shared.bin", "shared"}, {"d/old.bin", "old"}});
    fixture.add(removed, {{"d/shared.bin", "shared"}, {"d/own/gone.bin", "gone"}});
    fixture.change(kept, {DeletePath{path("d/old.bin")}});
    must(PackageWriter(fixture.catalog, *fixture.store, fixture.clock).remove(removed.rowId));
    const auto before = TreeSweep(fixture.catalog).run({}, {});
    VERIFY_OK(before);
    QVERIFY(before->trees >= 3 && before->pages >= 3);
    const auto again = TreeSweep(fixture.catalog).run({}, {});
    VERIFY_OK(again);
    QCOMPARE(again->trees + again->pages, 0);

    const auto live = fixture.catalog.liveContents(fixture.clock);
    must(fixture.store->sweep(live, false, {}, {}));
    fixture.clock.advance(10LL * 24 * 3600 * 1000);
    must(fixture.store->sweep(live, false, {}, {}));
    const auto isStored = [&](const char* bytes) {
        return must(fixture.store->size(Sha256Hasher::hash(bytes))).has_value();
    };
    QVERIFY(isStored("shared"));
    QVERIFY(isStored("old")); // an older commit holds it
    QVERIFY(!isStored("gone"));
    // What was removed can come back.
    const Package back = fixture.createPackage(QStringLiteral("acme/removed"));
    const Commit commit = fixture.add(back, {{"d/shared.bin", "shared"}, {"d/own/gone.bin", "gone"}});
    QCOMPARE(fixture.filesAt(back, commit.oid),
             (QByteArrayList{".gitattributes", "d/own/gone.bin", "d/shared.bin"}));
    QCOMPARE(must(TreeSweep(fixture.catalog).run({}, {})).trees, 0);
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
