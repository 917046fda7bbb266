// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/formats/lfspointer.h"
#include "core/catalog/reading/gitexport.h"
#include "tests/core/catalog/catalogfixture.h"
#include "tests/core/catalog/gittool.h"

#include <QTest>

#include <thread>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

const QString Main = QStringLiteral("refs/heads/main");

} // namespace

/// Every test has a catalogue and a content store of its own.
class TestCommitWriter : public QObject {
    Q_OBJECT
private slots:
    void packageStartsWithOneCommit();
    void commitIdsAreGits_data();
    void commitIdsAreGits();
    void exportPassesFsck();
    void parentCommitIsChecked();
    void replayAnswersWithTheSameCommit();
    void replayBelowTheHead();
    void sameBodyLaterIsNoReplay();
    void failureLeavesNoTrace_data();
    void failureLeavesNoTrace();
    void unknownPackageIsCreated();
    void copyFromAnOlderCommit();
    void cardFollowsMain();
    void pullRequestLeavesTheBase();
    void competingCommits_data();
    void competingCommits();
    void deploymentsAreNoted();
};

void TestCommitWriter::packageStartsWithOneCommit()
{
    CatalogFixture fixture;
    for (const PackageType type : {PackageType::Model, PackageType::Dataset}) {
        const Package package = fixture.createPackage(QStringLiteral("acme/bert"), type);
        const CommitPage page = must(fixture.catalog.commits(package.rowId, package.head, 10));
        QCOMPARE(page.total, 1);
        QCOMPARE(page.commits.front().title, QStringLiteral("initial commit"));
        QVERIFY(page.commits.front().parents.empty());
        QCOMPARE(fixture.filesAt(package, package.head), QByteArrayList{".gitattributes"});
        const TreeEntry entry =
            must(fixture.catalog.entry(package.rowId, package.head, path(".gitattributes")));
        QCOMPARE(fixture.bytesOf(entry), defaultGitAttributes(type));
        QCOMPARE(package.fileCount, 1);
        QCOMPARE(package.totalSize, entry.size);
        QVERIFY(!package.hubId.isEmpty());
    }
}

void TestCommitWriter::commitIdsAreGits_data()
{
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("description");
    QTest::addColumn<QString>("author");
    QTest::addColumn<QByteArray>("gitMessage");
    QTest::addColumn<QByteArray>("gitAuthor");
    const auto row = [](const char* name, const QString& title, const QString& description,
                        const QString& author, const char* message, const char* gitAuthor) {
        QTest::newRow(name) << title << description << author << QByteArray(message) << QByteArray(gitAuthor);
    };
    const QString alice = QStringLiteral("alice");
    row("plain", QStringLiteral("Upload file"), {}, alice, "Upload file\n", "alice");
    row("description", QStringLiteral("Title"), QStringLiteral("one\n\ntwo\n"), alice,
        "Title\n\none\n\ntwo\n", "alice");
    row("title of two lines", QStringLiteral("Title\nmore"), QStringLiteral("text"), alice,
        "Title\n\nmore\n\ntext\n", "alice");
    row("Unicode", QStringLiteral("Grüße ✓"), {}, QStringLiteral("Jürgen"), "Grüße ✓\n", "Jürgen");
    row("CRLF", QStringLiteral("Title\r\n"), QStringLiteral("a\r\nb"), alice, "Title\n\na\nb\n", "alice");
    row("forbidden in names", QStringLiteral("t"), {}, QStringLiteral("<al\nice>"), "t\n", "al ice");
    row("nothing", {}, {}, {}, "\n", "unknown");
}

void TestCommitWriter::commitIdsAreGits()
{
    if (!GitTool::isInstalled())
        QSKIP("git is not installed");
    QFETCH(const QString, title);
    QFETCH(const QString, description);
    QFETCH(const QString, author);
    QFETCH(const QByteArray, gitMessage);
    QFETCH(const QByteArray, gitAuthor);
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package, title);
    request.description = description;
    request.author.name = author;
    const auto made = fixture.commit(request, {{"a", "b"}});
    VERIFY_OK(made);
    const Commit& commit = made->commit;
    const QByteArray who =
        gitAuthor + " <alice@example.org> " + QByteArray::number(commit.timeMs / 1000) + " +0000";
    const QByteArray object = "tree " + commit.tree.toHex() + "\nparent " + package.head.toHex() +
                              "\nauthor " + who + "\ncommitter " + who + "\n\n" + gitMessage;
    const auto answer = GitTool().run({QStringLiteral("hash-object"), QStringLiteral("-t"),
                                       QStringLiteral("commit"), QStringLiteral("--stdin")},
                                      object);
    QCOMPARE(commit.oid.toHex(), answer.out.trimmed());
    QCOMPARE(must(fixture.catalog.commit(package.rowId, commit.oid)).title, commit.title);
}

void TestCommitWriter::exportPassesFsck()
{
    if (!GitTool::isInstalled())
        QSKIP("git is not installed");
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    std::vector<CatalogFixture::Bytes> files{{"a.b", "1"},
                                             {"a/b", "2"},
                                             {"a0", "3"},
                                             {"a b/c?.txt", "4"},
                                             {"\xc3\xa4/\xc3\xb6", "5"},
                                             {"model.safetensors", "6"},
                                             {"odd.lfs", "\0\1"},
                                             {"empty", ""},
                                             {"README.md", "---\na: b\n---\n"}};
    for (int i = 0; i < 800; ++i)
        files.push_back({"data/part-" + QByteArray::number(i) + ".txt", QByteArray::number(i)});
    fixture.add(package, files, QStringLiteral("many"));
    fixture.change(package, {DeletePath{path("a/b")}, RenamePath{path("data"), path("moved/data")},
                             CopyPath{path("model.safetensors"), std::nullopt, path("copy/model.odd")}});
    CommitRequest release = CatalogFixture::request(package, QStringLiteral("release"));
    release.ref = QStringLiteral("refs/heads/v1.0");
    release.createRef = true;
    VERIFY_OK(fixture.commit(release, {{"only", "this"}}));
    const Commit last = fixture.add(package, {{"moved/data/part-3.txt", "changed"}});

    const QString folder = fixture.database.path(QStringLiteral("export.git"));
    const auto blobs = [&](const TreeEntry& entry) -> Result<QByteArray> { return fixture.bytesOf(entry); };
    VERIFY_OK(GitExport(fixture.catalog).write(package.rowId, folder, blobs, {}, {}));
    const GitTool git(folder);
    const auto check =
        git.run({QStringLiteral("fsck"), QStringLiteral("--full"), QStringLiteral("--strict")});
    QVERIFY2(check.status == 0 && check.err.isEmpty() && check.out.isEmpty(), check.out + check.err);
    const auto head = git.run({QStringLiteral("rev-parse"), QStringLiteral("HEAD")});
    QCOMPARE(head.out.trimmed(), last.oid.toHex());
    const auto listed = git.run({QStringLiteral("ls-tree"), QStringLiteral("-r"), QStringLiteral("-z"),
                                 QStringLiteral("--name-only"), QStringLiteral("HEAD")});
    QByteArrayList names = listed.out.split('\0');
    names.removeLast();
    QCOMPARE(names, fixture.filesAt(package, last.oid));
    const auto pointer = git.run({QStringLiteral("show"), QStringLiteral("HEAD:model.safetensors")});
    QCOMPARE(pointer.out, (LfsPointer{Sha256Hasher::hash("6"), 1}.text()));
    const auto again = GitExport(fixture.catalog).write(package.rowId, folder, blobs, {}, {});
    QCOMPARE(codeOf(again), ErrorCode::Conflict);
}

void TestCommitWriter::parentCommitIsChecked()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const auto commitOn = [&](const QByteArray& parent) {
        CommitRequest request = CatalogFixture::request(package);
        request.parentCommit = parent;
        return fixture.commit(request, {{"f", parent}});
    };
    const auto first = commitOn(package.head.toHex());
    VERIFY_OK(first);
    const auto stale = commitOn(package.head.toHex());
    QCOMPARE(codeOf(stale), ErrorCode::ParentMoved);
    QVERIFY(stale.error().detail().startsWith(
        QLatin1String("The branch was updated since you opened this page. ")));
    VERIFY_OK(commitOn(first->commit.oid.toHex().left(7).toUpper()));
    QCOMPARE(codeOf(commitOn(first->commit.oid.toHex().left(7))), ErrorCode::ParentMoved);
    QCOMPARE(codeOf(commitOn("123")), ErrorCode::InvalidArgument);
    QCOMPARE(codeOf(commitOn("nonsense")), ErrorCode::ParentMoved);
}

void TestCommitWriter::replayAnswersWithTheSameCommit()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    request.requestDigest = Sha256Hasher::hash("body");
    const auto first = fixture.commit(request, {{"f", "x"}});
    VERIFY_OK(first);
    QVERIFY(!first->replayed);
    const auto second = fixture.commit(request, {{"f", "x"}});
    VERIFY_OK(second);
    QVERIFY(second->replayed);
    QCOMPARE(second->commit.oid, first->commit.oid);
    request.createPullRequest = true;
    const auto pull = fixture.commit(request, {{"f", "y"}});
    VERIFY_OK(pull);
    QVERIFY(!pull->replayed);
    const auto pullAgain = fixture.commit(request, {{"f", "y"}});
    VERIFY_OK(pullAgain);
    QCOMPARE(pullAgain->pullRequest, pull->pullRequest);
    QCOMPARE(pullAgain->ref.fullName, QStringLiteral("refs/pr/1"));
}

/// The answer was lost, somebody else committed on top, then the client sends its request again.
void TestCommitWriter::replayBelowTheHead()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    request.requestDigest = Sha256Hasher::hash("body");
    request.parentCommit = package.head.toHex();
    const auto first = fixture.commit(request, {{"f", "x"}});
    VERIFY_OK(first);
    fixture.add(package, {{"g", "y"}});
    const auto second = fixture.commit(request, {{"f", "x"}});
    VERIFY_OK(second);
    QVERIFY(second->replayed);
    QCOMPARE(second->commit.oid, first->commit.oid);
}

void TestCommitWriter::sameBodyLaterIsNoReplay()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    request.requestDigest = Sha256Hasher::hash("body");
    VERIFY_OK(fixture.commit(request, {{"f", "x"}}));
    fixture.change(package, {DeletePath{path("f")}});
    const auto again = fixture.commit(request, {{"f", "x"}});
    VERIFY_OK(again);
    QVERIFY(!again->replayed);
    QVERIFY(fixture.filesAt(package, again->commit.oid).contains("f"));
}

void TestCommitWriter::failureLeavesNoTrace_data()
{
    QTest::addColumn<int>("operation");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("delete nothing") << 0 << ErrorCode::EntryNotFound;
    QTest::newRow("delete file as folder") << 1 << ErrorCode::EntryNotFound;
    QTest::newRow("copy nothing") << 2 << ErrorCode::EntryNotFound;
    QTest::newRow("copy from an unknown commit") << 3 << ErrorCode::RevisionNotFound;
    QTest::newRow("rename nothing") << 4 << ErrorCode::EntryNotFound;
    QTest::newRow("content never uploaded") << 5 << ErrorCode::ContentMissing;
    QTest::newRow("file over folder") << 6 << ErrorCode::Conflict;
    QTest::newRow("file over the root") << 7 << ErrorCode::InvalidPath;
    QTest::newRow("delete the root") << 8 << ErrorCode::EntryNotFound;
}

void TestCommitWriter::failureLeavesNoTrace()
{
    QFETCH(const int, operation);
    QFETCH(const ErrorCode, code);
    CatalogFixture fixture;
    Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    fixture.add(package, {{"folder/file", "x"}});
    package = must(fixture.catalog.package(package.rowId));
    const AddFile missing{path("m.bin"), {Sha256Hasher::hash("never"), {}, 5}, StoreAs::Lfs, {}};
    AddFile overFolder = missing;
    overFolder.path = path("folder");
    overFolder.content = {Sha256Hasher::hash("x"), gitObjectOid("blob", "x"), 1};
    overFolder.storeAs = StoreAs::Regular;
    AddFile overRoot = overFolder;
    overRoot.path = RepoPath();
    const std::vector<Operation> operations{DeletePath{path("nothing")},
                                            DeleteFolder{path("folder/file")},
                                            CopyPath{path("nothing"), std::nullopt, path("x")},
                                            CopyPath{path("folder"), gitObjectOid("blob", "?"), path("x")},
                                            RenamePath{path("nothing"), path("x")},
                                            missing,
                                            overFolder,
                                            overRoot,
                                            DeletePath{RepoPath()}};
    CommitRequest request = CatalogFixture::request(package);
    request.operations = {DeletePath{path("folder/file")},
                          RenamePath{path(".gitattributes"), path("folder/x")},
                          operations[std::size_t(operation)]};
    const auto made = fixture.commit(request, {});
    QCOMPARE(codeOf(made), code);
    const Package after = must(fixture.catalog.package(package.rowId));
    QCOMPARE(after.head, package.head);
    QCOMPARE(after.modifiedMs, package.modifiedMs);
    QCOMPARE(must(fixture.catalog.commits(package.rowId, after.head, 10)).total, 2);
}

void TestCommitWriter::unknownPackageIsCreated()
{
    CatalogFixture fixture;
    CommitRequest request;
    request.newPackage = NewPackage{fixture.repository->id,
                                    CatalogFixture::id(QStringLiteral("acme/new")),
                                    false,
                                    {QStringLiteral("bob"), {}}};
    request.author = request.newPackage->creator;
    request.ref = Main;
    request.createRef = true;
    request.title = QStringLiteral("deploy");
    request.operations.push_back(DeletePath{path("nothing")});
    QCOMPARE(codeOf(fixture.commit(request, {})), ErrorCode::EntryNotFound);
    QCOMPARE(codeOf(fixture.catalog.package(fixture.repository->id, request.newPackage->id)),
             ErrorCode::PackageNotFound);
    request.operations.clear();
    const auto made = fixture.commit(request, {{"config.json", "{}"}});
    VERIFY_OK(made);
    QVERIFY(made->packageCreated);
    QCOMPARE(made->package.creator, QStringLiteral("bob"));
    QCOMPARE(made->ref.kind, RefKind::Branch);
    QCOMPARE(fixture.filesAt(made->package, made->commit.oid), QByteArrayList{"config.json"});
    const auto again = fixture.commit(request, {{"other", "x"}});
    VERIFY_OK(again);
    QVERIFY(!again->packageCreated);
    QCOMPARE(again->package.rowId, made->package.rowId);
    QCOMPARE(again->package.fileCount, 2);
}

void TestCommitWriter::copyFromAnOlderCommit()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit old = fixture.add(package, {{"d/a", "1"}, {"d/b", "2"}});
    fixture.change(package, {DeleteFolder{path("d")}});
    const Commit back = fixture.change(package, {CopyPath{path("d"), old.oid, path("e/f")}});
    QCOMPARE(fixture.filesAt(package, back.oid), (QByteArrayList{".gitattributes", "e/f/a", "e/f/b"}));
    QCOMPARE(must(fixture.catalog.entry(package.rowId, back.oid, path("e/f"))).oid,
             must(fixture.catalog.entry(package.rowId, old.oid, path("d"))).oid);
}

void TestCommitWriter::cardFollowsMain()
{
    CatalogFixture fixture;
    Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit first =
        fixture.add(package, {{"README.md", "---\nlicense: mit\npipeline_tag: fill-mask\n---\n"}});
    package = must(fixture.catalog.package(package.rowId));
    QCOMPARE(package.card.pipelineTag, QStringLiteral("fill-mask"));
    QVERIFY(package.card.tags.contains(QStringLiteral("license:mit")));
    fixture.add(package, {{"README.md", "---\nlicense: [\n---\n"}});
    package = must(fixture.catalog.package(package.rowId));
    QVERIFY(package.card.data.isEmpty() && package.card.tags.isEmpty());
    QCOMPARE(must(fixture.catalog.card(package.rowId, first.oid)).pipelineTag, QStringLiteral("fill-mask"));
    CommitRequest other = CatalogFixture::request(package);
    other.ref = QStringLiteral("refs/heads/dev");
    other.createRef = true;
    VERIFY_OK(fixture.commit(other, {{"README.md", "---\nlicense: gpl\n---\n"}}));
    QVERIFY(must(fixture.catalog.package(package.rowId)).card.tags.isEmpty());
    fixture.change(package, {CopyPath{path("README.md"), first.oid, path("README.md")}});
    QCOMPARE(must(fixture.catalog.package(package.rowId)).card.pipelineTag, QStringLiteral("fill-mask"));
}

void TestCommitWriter::pullRequestLeavesTheBase()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package, QStringLiteral("Better"));
    request.description = QStringLiteral("because");
    request.createPullRequest = true;
    const auto made = fixture.commit(request, {{"a", "b"}});
    VERIFY_OK(made);
    QCOMPARE(made->pullRequest, std::optional(1));
    QCOMPARE(made->ref.fullName, QStringLiteral("refs/pr/1"));
    QCOMPARE(made->package.head, package.head);
    const Discussion discussion = must(fixture.catalog.discussion(package.rowId, 1));
    QVERIFY(discussion.isPullRequest);
    QCOMPARE(discussion.status, DiscussionStatus::Draft);
    QCOMPARE(discussion.title, QStringLiteral("Better"));
    QCOMPARE(discussion.events.size(), std::size_t(2));
    QCOMPARE(discussion.events[0].text, QStringLiteral("because"));
    QCOMPARE(discussion.events[1].commit, made->commit.oid);
    CommitRequest more = CatalogFixture::request(package, QStringLiteral("More"));
    more.ref = QStringLiteral("refs/pr/1");
    VERIFY_OK(fixture.commit(more, {{"c", "d"}}));
    QCOMPARE(must(fixture.catalog.discussion(package.rowId, 1)).events.size(), std::size_t(3));
    request.parentCommit = "ffffffffff";
    QCOMPARE(codeOf(fixture.commit(request, {{"a", "x"}})), ErrorCode::ParentMoved);
    request.parentCommit = package.head.toHex();
    fixture.add(package, {{"later", "x"}});
    const auto onOld = fixture.commit(request, {{"a", "x"}});
    VERIFY_OK(onOld);
    QCOMPARE(onOld->commit.parents, std::vector<GitOid>{package.head});
    request.parentCommit = package.head.toHex().left(10);
    VERIFY_OK(fixture.commit(request, {{"a", "z"}}));
}

void TestCommitWriter::competingCommits_data()
{
    QTest::addColumn<store::StorageForm>("form");
    QTest::newRow("whole") << store::StorageForm::Whole;
    QTest::newRow("segments") << store::StorageForm::Segments;
}

/// Commits to one branch from several threads, each with an LFS file that .gitattributes must come to cover.
void TestCommitWriter::competingCommits()
{
    QFETCH(const store::StorageForm, form);
    constexpr int Threads = 4;
    constexpr int Commits = 12;
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < Threads; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < Commits; ++i) {
                const QByteArray name = QByteArray::number(thread) + '-' + QByteArray::number(i);
                store::ContentWriter writer = fixture.store->writer(form);
                CommitRequest request = CatalogFixture::request(package, QString::fromLatin1(name));
                request.operations.push_back(
                    CatalogFixture::file(writer, name, name, i % 3 ? StoreAs::Auto : StoreAs::Lfs));
                if (!CommitWriter(fixture.catalog, *fixture.store, fixture.clock).commit(request, &writer))
                    ++failures;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    const Package after = must(fixture.catalog.package(package.rowId));
    QCOMPARE(must(fixture.catalog.commits(package.rowId, after.head, 1)).total, 1 + Threads * Commits);
    QCOMPARE(after.fileCount, 1 + Threads * Commits);
    const QByteArray text =
        must(fixture.catalog.text(package.rowId, after.head, path(".gitattributes"))).value();
    for (int thread = 0; thread < Threads; ++thread) {
        for (int i = 0; i < Commits; ++i) {
            const QByteArray name = QByteArray::number(thread) + '-' + QByteArray::number(i);
            QVERIFY(i % 3 != 0 || text.contains('\n' + name + " filter=lfs"));
            QCOMPARE(fixture.bytesOf(must(fixture.catalog.entry(package.rowId, after.head, path(name)))),
                     name);
        }
    }
}

void TestCommitWriter::deploymentsAreNoted()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    request.operations.push_back(RenamePath{path(".gitattributes"), path("x")});
    const qint64 nowMs = fixture.clock.nowMs();
    CommitWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    for (int i = 0; i < 5; ++i) { // within one millisecond
        const auto made = writer.commit(request, nullptr);
        VERIFY_OK(made);
        request.operations = {RenamePath{path(i % 2 ? "y" : "x"), path(i % 2 ? "x" : "y")}};
    }
    const auto first = fixture.catalog.deployments(package.rowId, QStringLiteral("main"), 4);
    VERIFY_OK(first);
    QCOMPARE(first->items.size(), std::size_t(4));
    const auto second = fixture.catalog.deployments(package.rowId, std::nullopt, 4, first->nextCursor);
    VERIFY_OK(second);
    QCOMPARE(second->items.size(), std::size_t(2));
    QVERIFY(second->nextCursor.isEmpty());
    std::vector<Deployment> all = first->items;
    all.insert(all.end(), second->items.begin(), second->items.end());
    for (std::size_t i = 1; i < all.size(); ++i)
        QVERIFY(all[i].publishedMs < all[i - 1].publishedMs);
    QCOMPARE(all.back().publishedMs, nowMs);
    QCOMPARE(all.front().publisher, QStringLiteral("alice"));
    const auto found = fixture.catalog.deployment(package.rowId, all[2].publishedMs);
    VERIFY_OK(found);
    QCOMPARE((*found)->commit, all[2].commit);
    QVERIFY(must(fixture.catalog.deployments(package.rowId, QStringLiteral("v1"), 4)).items.empty());
}

QTEST_GUILESS_MAIN(TestCommitWriter)
#include "tst_commitwriter.moc"
