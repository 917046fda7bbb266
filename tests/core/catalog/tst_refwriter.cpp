// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/refqueries.h"
#include "core/catalog/writing/discussionwriter.h"
#include "core/catalog/writing/refwriter.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

const Signature Alice{QStringLiteral("alice"), QStringLiteral("alice@example.org")};

} // namespace

/// Branches, tags, squash, discussions and merges.
class TestRefWriter : public QObject {
    Q_OBJECT
private slots:
    void branches();
    void branchNamesAreChecked_data();
    void branchNamesAreChecked();
    void namesOfCommitsAreTaken();
    void tags();
    void squashKeepsTreeAndOldCommits();
    void refsAreListedInOrder();
    void discussionsAreNumberedTogether();
    void discussionsAreFiltered();
    void commentsCanBeEditedAndHidden();
    void merges_data();
    void merges();
    void mergeOfAMergedPullRequest();
    void mergeBases();
};

void TestRefWriter::branches()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit second = fixture.add(package, {{"a", "b"}});
    RefWriter refs(fixture.catalog, fixture.clock);
    const QString dev = QStringLiteral("dev");
    QCOMPARE(must(refs.createBranch(package.rowId, {dev, {}, false, false, Alice})).commit, second.oid);
    const auto again = refs.createBranch(package.rowId, {dev, package.head, false, false, Alice});
    QCOMPARE(codeOf(again), ErrorCode::AlreadyExists);
    QCOMPARE(again.error().detail(),
             QStringLiteral("Reference refs/heads/dev already exists (Reference already exists)"));
    QCOMPARE(must(refs.createBranch(package.rowId, {dev, package.head, false, true, Alice})).commit,
             package.head);
    const Ref empty =
        must(refs.createBranch(package.rowId, {QStringLiteral("empty"), {}, true, false, Alice}));
    QCOMPARE(must(fixture.catalog.commit(package.rowId, empty.commit)).tree.toHex(),
             QByteArray("4b825dc642cb6eb9a060e54bf8d69288fbee4904"));
    QVERIFY(fixture.filesAt(package, empty.commit).isEmpty());
    const GitOid unknown = *GitOid::fromHex("1111111111111111111111111111111111111111");
    QCOMPARE(codeOf(refs.createBranch(package.rowId, {QStringLiteral("x"), unknown, false, false, Alice})),
             ErrorCode::RevisionNotFound);
    QCOMPARE(must(fixture.catalog.deployments(package.rowId, dev, 9)).items.size(), std::size_t(2));
    VERIFY_OK(refs.deleteBranch(package.rowId, dev));
    QVERIFY(must(fixture.catalog.deployments(package.rowId, dev, 9)).items.empty());
    const auto gone = refs.deleteBranch(package.rowId, dev);
    QCOMPARE(codeOf(gone), ErrorCode::RevisionNotFound);
    QCOMPARE(gone.error().detail(),
             QStringLiteral("Invalid rev id: refs/heads/dev (Reference does not exist)"));
    const auto main = refs.deleteBranch(package.rowId, QStringLiteral("main"));
    QCOMPARE(codeOf(main), ErrorCode::Forbidden);
    QCOMPARE(main.error().detail(), QStringLiteral("Cannot delete refs/heads/main"));
}

void TestRefWriter::branchNamesAreChecked_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<ErrorCode>("code"); // Internal: it works
    for (const char* name :
         {"refs/pr/5", "refs/x/y", "a b", "a..b", "a.lock", "", "HEAD", "-x", "a//b", "a/", "x:y"})
        QTest::newRow(name) << QString::fromUtf8(name) << ErrorCode::InvalidRevision;
    for (const char* name : {"main/x", "deep", "deep/branch/more"})
        QTest::newRow(name) << QString::fromUtf8(name) << ErrorCode::AlreadyExists;
    for (const char* name : {"a/b", "v1.0", "Main", "mainx", "\xc3\xa4", "deep/other", "tagged"})
        QTest::newRow(name) << QString::fromUtf8(name) << ErrorCode::Internal;
}

void TestRefWriter::branchNamesAreChecked()
{
    QFETCH(const QString, name);
    QFETCH(const ErrorCode, code);
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    RefWriter refs(fixture.catalog, fixture.clock);
    must(refs.createBranch(package.rowId, {QStringLiteral("deep/branch"), {}, false, false, Alice}));
    must(refs.createTag(package.rowId, {QStringLiteral("tagged"), package.head, {}, Alice}));
    const auto made = refs.createBranch(package.rowId, {name, {}, false, false, Alice});
    QCOMPARE(codeOf(made), code);
}

void TestRefWriter::namesOfCommitsAreTaken()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const GitOid before = package.head;
    const GitOid now = fixture.add(package, {{"a", "b"}}).oid;
    RefWriter refs(fixture.catalog, fixture.clock);
    const QString id = QString::fromLatin1(before.toHex());
    const QString unknown = QStringLiteral("0123456789abcdef0123456789abcdef01234567");
    for (const QString& name : {id, id.toUpper(), id.left(12), id.left(7), unknown}) {
        QCOMPARE(codeOf(refs.createBranch(package.rowId, {name, {}, false, false, Alice})),
                 ErrorCode::InvalidRevision);
        QCOMPARE(codeOf(refs.createTag(package.rowId, {name, now, {}, Alice})), ErrorCode::InvalidRevision);
        CommitRequest request = CatalogFixture::request(package);
        request.ref = QStringLiteral("refs/heads/") + name;
        request.createRef = true;
        QCOMPARE(codeOf(fixture.commit(request, {{"a", "c"}})),
                 name == unknown ? ErrorCode::Internal : ErrorCode::InvalidRevision);
    }
    // Only part of an id: too short to stand for it.
    VERIFY_OK(refs.createBranch(package.rowId, {id.left(6), {}, false, false, Alice}));

    // A ref that has such a name all the same does not hide the commit.
    VERIFY_OK(fixture.database->write([&](db::Transaction& transaction) -> Result<void> {
        const auto head = queries::commit(transaction, package.rowId, now);
        if (!head)
            return forward(head);
        const auto set = queries::setRef(transaction, package.rowId, QStringLiteral("refs/heads/") + id,
                                         RefKind::Branch, head->id, {}, 1);
        return set ? Result<void>() : forward(set);
    }));
    QCOMPARE(must(fixture.catalog.resolve(package.rowId, id)).commit.oid, before);
}

void TestRefWriter::tags()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    RefWriter refs(fixture.catalog, fixture.clock);
    const QString v1 = QStringLiteral("v1");
    const Ref tag = must(refs.createTag(package.rowId, {v1, package.head, QStringLiteral("first"), Alice}));
    QCOMPARE(tag.kind, RefKind::Tag);
    QCOMPARE(tag.fullName, QStringLiteral("refs/tags/v1"));
    QCOMPARE(codeOf(refs.createTag(package.rowId, {v1, package.head, {}, Alice})), ErrorCode::AlreadyExists);
    const GitOid unknown = *GitOid::fromHex("1111111111111111111111111111111111111111");
    QCOMPARE(codeOf(refs.createTag(package.rowId, {QStringLiteral("invalid tag"), unknown, {}, Alice})),
             ErrorCode::RevisionNotFound);
    QCOMPARE(codeOf(refs.createTag(package.rowId, {QStringLiteral("invalid tag"), package.head, {}, Alice})),
             ErrorCode::InvalidRevision);
    const QString message(RefWriter::MaxMessageBytes + 1, u'm');
    QCOMPARE(codeOf(refs.createTag(package.rowId, {QStringLiteral("v2"), package.head, message, Alice})),
             ErrorCode::InvalidArgument);
    VERIFY_OK(refs.createTag(package.rowId, {QStringLiteral("v2"), package.head, message.chopped(1), Alice}));
    QCOMPARE(codeOf(refs.squash(package.rowId, QStringLiteral("refs/heads/main"), message, Alice)),
             ErrorCode::InvalidArgument);
    QCOMPARE(codeOf(refs.deleteBranch(package.rowId, v1)), ErrorCode::RevisionNotFound);
    fixture.clock.advance(1000);
    VERIFY_OK(refs.deleteTag(package.rowId, v1));
    QCOMPARE(must(fixture.catalog.package(package.rowId)).modifiedMs, package.modifiedMs);
    QCOMPARE(codeOf(refs.deleteTag(package.rowId, v1)), ErrorCode::RevisionNotFound);
}

void TestRefWriter::squashKeepsTreeAndOldCommits()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit before = fixture.add(package, {{"a", "b"}});
    fixture.clock.advance(1000);
    RefWriter refs(fixture.catalog, fixture.clock);
    const auto squashed = refs.squash(package.rowId, QStringLiteral("refs/heads/main"), {}, Alice);
    VERIFY_OK(squashed);
    QVERIFY(squashed->parents.empty());
    QCOMPARE(squashed->tree, before.tree);
    QCOMPARE(squashed->title, QStringLiteral("Super-squash branch 'main'"));
    QCOMPARE(must(fixture.catalog.commits(package.rowId, squashed->oid, 9)).total, 1);
    QCOMPARE(must(fixture.catalog.package(package.rowId)).head, squashed->oid);
    QCOMPARE(must(fixture.catalog.commits(package.rowId, before.oid, 9)).total, 2);
    QCOMPARE(fixture.filesAt(package, before.oid), (QByteArrayList{".gitattributes", "a"}));
    QCOMPARE(codeOf(refs.squash(package.rowId, QStringLiteral("refs/heads/no"), {}, Alice)),
             ErrorCode::RevisionNotFound);
}

void TestRefWriter::refsAreListedInOrder()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    RefWriter refs(fixture.catalog, fixture.clock);
    for (const char* name : {"zeta", "alpha"})
        must(refs.createBranch(package.rowId, {QString::fromUtf8(name), {}, false, false, Alice}));
    must(refs.createTag(package.rowId, {QStringLiteral("a-tag"), package.head, {}, Alice}));
    DiscussionWriter discussions(fixture.catalog, fixture.clock);
    for (int i = 0; i < 11; ++i)
        must(discussions.create(package.rowId, {QStringLiteral("t"), {}, QStringLiteral("bob"), true}));
    QStringList names;
    for (const Ref& ref : must(fixture.catalog.refs(package.rowId, true)))
        names += ref.name;
    QCOMPARE(names.mid(0, 4), (QStringList{QStringLiteral("main"), QStringLiteral("alpha"),
                                           QStringLiteral("zeta"), QStringLiteral("a-tag")}));
    QCOMPARE(names.mid(13), (QStringList{QStringLiteral("refs/pr/10"), QStringLiteral("refs/pr/11")}));
    QCOMPARE(must(fixture.catalog.refs(package.rowId, false)).size(), std::size_t(4));
}

void TestRefWriter::discussionsAreNumberedTogether()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    DiscussionWriter discussions(fixture.catalog, fixture.clock);
    const QString bob = QStringLiteral("bob");
    const Discussion first =
        must(discussions.create(package.rowId, {QStringLiteral("Question"), QStringLiteral("why?"), bob}));
    QCOMPARE(first.number, 1);
    QCOMPARE(first.status, DiscussionStatus::Open);
    const Discussion pull = must(discussions.create(package.rowId, {QStringLiteral("Fix"), {}, bob, true}));
    QCOMPARE(pull.number, 2);
    QCOMPARE(pull.status, DiscussionStatus::Draft);
    QCOMPARE(must(fixture.catalog.resolve(package.rowId, QStringLiteral("refs/pr/2"))).commit.oid,
             package.head);
    QCOMPARE(codeOf(discussions.create(package.rowId,
                                       {QStringLiteral("x"), {}, bob, true, QStringLiteral("nope")})),
             ErrorCode::RevisionNotFound);
    QCOMPARE(must(discussions.create(package.rowId, {QStringLiteral("Next"), {}, bob})).number, 3);
    const auto renamed = discussions.rename(package.rowId, 1, bob, QStringLiteral("Better"));
    VERIFY_OK(renamed);
    QCOMPARE(renamed->formerText, QStringLiteral("Question"));
    must(discussions.setStatus(package.rowId, 1, bob, DiscussionStatus::Closed, QStringLiteral("bye")));
    const Discussion after = must(fixture.catalog.discussion(package.rowId, 1));
    QCOMPARE(after.title, QStringLiteral("Better"));
    QCOMPARE(after.status, DiscussionStatus::Closed);
    QCOMPARE(after.commentCount, 2);
    QCOMPARE(after.events.size(), std::size_t(4));
    QCOMPARE(codeOf(fixture.catalog.discussion(package.rowId, 9)), ErrorCode::NotFound);
}

void TestRefWriter::discussionsAreFiltered()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    DiscussionWriter discussions(fixture.catalog, fixture.clock);
    for (int i = 1; i <= 6; ++i)
        must(discussions.create(
            package.rowId,
            {QString::number(i), {}, i % 3 ? QStringLiteral("Bob") : QStringLiteral("eve"), i % 2 == 0}));
    must(discussions.setStatus(package.rowId, 1, QStringLiteral("bob"), DiscussionStatus::Closed, {}));
    must(discussions.merge(package.rowId, 2, Alice, {}));
    const auto numbers = [&](const DiscussionQuery& query) {
        const DiscussionPage page = must(fixture.catalog.discussions(package.rowId, query));
        QList<int> found{page.count};
        for (const Discussion& item : page.items)
            found += item.number;
        return found;
    };
    DiscussionQuery query;
    QCOMPARE(numbers(query), (QList<int>{6, 6, 5, 4, 3, 2, 1}));
    query.pullRequests = true;
    QCOMPARE(numbers(query), (QList<int>{3, 6, 4, 2}));
    query.status = DiscussionQuery::Status::Open;
    QCOMPARE(numbers(query), (QList<int>{2, 6, 4}));
    query.pullRequests.reset();
    query.status = DiscussionQuery::Status::Closed;
    QCOMPARE(numbers(query), (QList<int>{2, 2, 1}));
    query.status = DiscussionQuery::Status::All;
    query.author = QStringLiteral("BOB");
    QCOMPARE(numbers(query), (QList<int>{4, 5, 4, 2, 1}));
    query.offset = 1;
    query.limit = 2;
    QCOMPARE(numbers(query), (QList<int>{4, 4, 2}));
}

void TestRefWriter::commentsCanBeEditedAndHidden()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    DiscussionWriter discussions(fixture.catalog, fixture.clock);
    must(discussions.create(package.rowId,
                            {QStringLiteral("t"), QStringLiteral("first"), QStringLiteral("bob")}));
    const DiscussionEvent comment =
        must(discussions.comment(package.rowId, 1, QStringLiteral("eve"), QStringLiteral("secret")));
    fixture.clock.advance(5);
    const auto edited = discussions.editComment(package.rowId, 1, comment.hubId, QStringLiteral("other"));
    VERIFY_OK(edited);
    QVERIFY(edited->edited && edited->updatedMs == comment.createdMs + 5);
    VERIFY_OK(discussions.hideComment(package.rowId, 1, comment.hubId));
    const Discussion after = must(fixture.catalog.discussion(package.rowId, 1));
    QVERIFY(after.events[1].hidden && after.events[1].text.isEmpty());
    QCOMPARE(after.events[0].text, QStringLiteral("first"));
    QCOMPARE(codeOf(discussions.editComment(package.rowId, 1, "000000000000000000000000", {})),
             ErrorCode::NotFound);
}

void TestRefWriter::merges_data()
{
    QTest::addColumn<QByteArrayList>("ours"); // "+path=bytes" or "-path"
    QTest::addColumn<QByteArrayList>("theirs");
    QTest::addColumn<QByteArrayList>("result"); // path=bytes; or "!" and conflicts
    const auto row = [](const char* name, QByteArrayList ours, QByteArrayList theirs, QByteArrayList result) {
        QTest::newRow(name) << ours << theirs << result;
    };
    row("only theirs", {}, {"+a=2"}, {"a=2", "d/b=1", "d/c=1"});
    row("different files", {"+a=2"}, {"+d/b=2"}, {"a=2", "d/b=2", "d/c=1"});
    row("both alike", {"+a=2"}, {"+a=2"}, {"a=2", "d/b=1", "d/c=1"});
    row("both differently", {"+a=2"}, {"+a=3", "+n=1"}, {"!", "a"});
    row("removed there", {}, {"-a", "+n=1"}, {"d/b=1", "d/c=1", "n=1"});
    row("removed there, changed here", {"+a=2"}, {"-a"}, {"!", "a"});
    row("removed here, changed there", {"-a"}, {"+a=2"}, {"!", "a"});
    row("removed on both sides", {"-a"}, {"-a"}, {"d/b=1", "d/c=1"});
    row("folder removed there", {}, {"-d"}, {"a=1"});
    row("added on both sides", {"+n=1"}, {"+n=2"}, {"!", "n"});
    row("file there becomes folder", {}, {"-a", "+a/x=1"}, {"a/x=1", "d/b=1", "d/c=1"});
    row("folder there becomes file", {}, {"-d", "+d=1"}, {"a=1", "d=1"});
    row("folder there becomes file, changed here", {"+d/n=1"}, {"-d", "+d=1"}, {"!", "d"});
    row("file here becomes folder, removed there", {"-a", "+a/x=1"}, {"-a"}, {"a/x=1", "d/b=1", "d/c=1"});
    row("file here becomes folder, changed there", {"-a", "+a/x=1"}, {"+a=2"}, {"!", "a"});
    row("file here, folder there", {"+n=1"}, {"+n/x=1"}, {"!", "n/x"});
    row("folder here, file there", {"+n/x=1"}, {"+n=1"}, {"!", "n"});
}

void TestRefWriter::merges()
{
    QFETCH(const QByteArrayList, ours);
    QFETCH(const QByteArrayList, theirs);
    QFETCH(const QByteArrayList, result);
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    fixture.change(package, {DeletePath{path(".gitattributes")}});
    fixture.add(package, {{"a", "1"}, {"d/b", "1"}, {"d/c", "1"}});
    DiscussionWriter discussions(fixture.catalog, fixture.clock);
    must(discussions.create(package.rowId, {QStringLiteral("Fix"), {}, QStringLiteral("bob"), true}));
    const auto apply = [&](const QString& ref, const QByteArrayList& steps) {
        for (const QByteArray& step : steps) {
            CommitRequest request = CatalogFixture::request(package);
            request.ref = ref;
            const QByteArrayList parts = step.mid(1).split('=');
            if (step.startsWith('-'))
                request.operations.push_back(DeletePath{path(parts[0])});
            must(fixture.commit(request, step.startsWith('+')
                                             ? std::vector<CatalogFixture::Bytes>{{parts[0], parts[1]}}
                                             : std::vector<CatalogFixture::Bytes>{}));
        }
    };
    apply(QStringLiteral("refs/heads/main"), ours);
    apply(QStringLiteral("refs/pr/1"), theirs);
    QByteArrayList conflicts;
    for (const RepoPath& conflict : must(fixture.catalog.mergeConflicts(package.rowId, 1)))
        conflicts += conflict.bytes();
    const Package before = must(fixture.catalog.package(package.rowId));
    fixture.clock.advance(1000);
    const auto merged = discussions.merge(package.rowId, 1, Alice, QStringLiteral("thanks"));
    const Package after = must(fixture.catalog.package(package.rowId));
    if (result.front() == "!") {
        QCOMPARE(conflicts, result.mid(1));
        QCOMPARE(codeOf(merged), ErrorCode::Conflict);
        for (const QByteArray& conflict : result.mid(1))
            QVERIFY(merged.error().detail().toUtf8().contains(conflict));
        QCOMPARE(after.head, before.head);
        return;
    }
    QVERIFY(conflicts.isEmpty());
    VERIFY_OK(merged);
    std::vector<TreeEntry> entries;
    must(fixture.catalog.forEachFile(package.rowId, after.head, RepoPath(), [&](const TreeEntry& entry) {
        entries.push_back(entry);
        return true;
    }));
    QByteArrayList files; // contents are read after the listing: reads do not nest
    for (const TreeEntry& entry : entries)
        files += entry.path.bytes() + '=' + fixture.bytesOf(entry);
    QCOMPARE(files, result);
    const Commit commit = must(fixture.catalog.commit(package.rowId, after.head));
    QCOMPARE(commit.parents.size(), std::size_t(2));
    QCOMPARE(commit.parents.front(), before.head);
    QCOMPARE(commit.title, QStringLiteral("Fix (#1)"));
    QCOMPARE(merged->mergeCommit, std::optional(after.head));
    QCOMPARE(must(fixture.catalog.discussion(package.rowId, 1)).status, DiscussionStatus::Merged);
}

void TestRefWriter::mergeOfAMergedPullRequest()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    DiscussionWriter discussions(fixture.catalog, fixture.clock);
    must(discussions.create(package.rowId, {QStringLiteral("Fix"), {}, QStringLiteral("bob"), true}));
    VERIFY_OK(discussions.merge(package.rowId, 1, Alice, {}));
    QCOMPARE(codeOf(discussions.merge(package.rowId, 1, Alice, {})), ErrorCode::Conflict);
    QCOMPARE(
        codeOf(discussions.setStatus(package.rowId, 1, QStringLiteral("bob"), DiscussionStatus::Open, {})),
        ErrorCode::Conflict);
    must(discussions.create(package.rowId, {QStringLiteral("Question"), {}, QStringLiteral("bob")}));
    QCOMPARE(codeOf(discussions.merge(package.rowId, 2, Alice, {})), ErrorCode::Conflict);
    QVERIFY(must(fixture.catalog.mergeConflicts(package.rowId, 1)).empty());
}

void TestRefWriter::mergeBases()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const GitOid root = package.head;
    CommitRequest request = CatalogFixture::request(package);
    request.createPullRequest = true;
    const GitOid theirs = must(fixture.commit(request, {{"theirs", "1"}})).commit.oid;
    const GitOid ours = fixture.add(package, {{"ours", "2"}}).oid;
    const auto base = [&](const GitOid& left, const GitOid& right) {
        return must(fixture.catalog.mergeBase(package.rowId, left, right));
    };
    QCOMPARE(base(ours, theirs), std::optional(root));
    QCOMPARE(base(root, theirs), std::optional(root));
    const GitOid merged =
        *must(DiscussionWriter(fixture.catalog, fixture.clock).merge(package.rowId, 1, Alice, {}))
             .mergeCommit;
    QCOMPARE(base(merged, theirs), std::optional(theirs)); // by the second parent
    QCOMPARE(base(theirs, merged), std::optional(theirs));
    const GitOid later = fixture.add(package, {{"later", "3"}}).oid;
    QCOMPARE(base(later, merged), std::optional(merged));
    const Ref empty =
        must(RefWriter(fixture.catalog, fixture.clock)
                 .createBranch(package.rowId, {QStringLiteral("empty"), {}, true, false, Alice}));
    QCOMPARE(base(later, empty.commit), std::optional<GitOid>());
}

QTEST_GUILESS_MAIN(TestRefWriter)
#include "tst_refwriter.moc"
