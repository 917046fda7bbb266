// SPDX-License-Identifier: Apache-2.0
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestDiscussions : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));

    static NewPackage content()
    {
        NewPackage what;
        what.files = {{path("a.txt"), "1\n2\n3\n"}, {path("gone.txt"), "old\n"}};
        return what;
    }

private slots:
    void talks()
    {
        ServiceFixture hublet;
        const Principal alice = hublet.user(QStringLiteral("alice"), {Action::Read, Action::Write});
        (void)hublet.createPackage(alice, m_bert);
        const auto writing = hublet.permit(alice, Action::Write, m_bert);
        const auto reading = hublet.permit(alice, Action::Read, m_bert);
        QList<int> changed;
        QObject::connect(&hublet->events(), &EventBus::discussionChanged,
                         [&](const QString&, PackageType, const QString&, int number) { changed += number; });
        Discussions& discussions = hublet->discussions();
        const auto first =
            must(discussions.create(writing, m_bert, QStringLiteral("Title"), QStringLiteral("Text"), false));
        QCOMPARE(first.number, 1);
        const auto comment = must(discussions.comment(writing, m_bert, 1, QStringLiteral("Hello")));
        QCOMPARE(comment.author, alice.name);
        must(discussions.editComment(writing, m_bert, 1, comment.hubId, QStringLiteral("Hello!")));
        must(discussions.rename(writing, m_bert, 1, QStringLiteral("Better title")));
        must(discussions.setStatus(writing, m_bert, 1, catalog::DiscussionStatus::Closed, {}));
        const auto details = must(discussions.details(reading, m_bert, 1));
        QCOMPARE(details.title, QStringLiteral("Better title"));
        QCOMPARE(details.status, catalog::DiscussionStatus::Closed);
        QVERIFY(details.events.empty());
        const auto events = must(discussions.events(reading, m_bert, 1, {}));
        QCOMPARE(events.items.size(), std::size_t(4));
        QCOMPARE(events.items.at(1).text, QStringLiteral("Hello!"));
        QVERIFY(events.nextCursor.isEmpty());
        QVERIFY(must(discussions.hideComment(writing, m_bert, 1, comment.hubId)).hidden);
        QCOMPARE(changed, QList<int>({1, 1, 1, 1, 1, 1}));
        QCOMPARE(errorName(discussions.details(reading, m_bert, 2)), QStringLiteral("NotFound"));
        QCOMPARE(must(discussions.diff(reading, m_bert, 1)), QString());

        must(discussions.create(writing, m_bert, QStringLiteral("PR"), {}, true));
        Discussions::Filter filter;
        QCOMPARE(must(discussions.list(reading, m_bert, filter)).count, 2);
        filter.pullRequests = true;
        QCOMPARE(must(discussions.list(reading, m_bert, filter)).items.at(0).number, 2);
        filter = {};
        filter.status = Discussions::Filter::Status::Open; // drafts count as open
        QCOMPARE(must(discussions.list(reading, m_bert, filter)).count, 1);
        filter.status = Discussions::Filter::Status::Closed;
        QCOMPARE(must(discussions.list(reading, m_bert, filter)).items.at(0).number, 1);
        filter = {};
        filter.page = 1;
        QCOMPARE(must(discussions.list(reading, m_bert, filter)).start, Discussions::PageSize);
    }

    void boundsTheTexts()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        Discussions& discussions = hublet->discussions();
        const QString title(255, u't');
        const QString text(64 * 1024 / 2, u'\u00e4');
        const QString longTitle = title + u't';
        const QString longText = text + u'.';
        const QString invalid = QStringLiteral("InvalidArgument");
        QCOMPARE(errorName(discussions.create(writing, m_bert, longTitle, text, false)), invalid);
        QCOMPARE(errorName(discussions.create(writing, m_bert, title, longText, false)), invalid);
        must(discussions.create(writing, m_bert, title, text, true));
        const auto comment = must(discussions.comment(writing, m_bert, 1, text));
        QCOMPARE(errorName(discussions.comment(writing, m_bert, 1, longText)), invalid);
        QCOMPARE(errorName(discussions.editComment(writing, m_bert, 1, comment.hubId, longText)), invalid);
        const auto renamed = discussions.rename(writing, m_bert, 1, longTitle);
        QCOMPARE(errorName(renamed), invalid);
        QCOMPARE(renamed.error().detail(), QStringLiteral("A title has at most 255 characters, not 256"));
        QCOMPARE(
            errorName(discussions.setStatus(writing, m_bert, 1, catalog::DiscussionStatus::Open, longText)),
            invalid);
        const auto merged = discussions.merge(writing, m_bert, 1, longText);
        QCOMPARE(errorName(merged), invalid);
        QCOMPARE(merged.error().detail(), QStringLiteral("A comment has at most 65536 bytes, not 65537"));
    }

    /// What a commit says may be longer: it stays whole in the commit.
    void cutsTheTextsOfCommits()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        CommitOptions options;
        options.createPullRequest = true;
        auto session = must(hublet->uploads().commit(hublet.permit(hublet.owner(), Action::Write, m_bert),
                                                     m_bert, QStringLiteral("main"), options));
        // Where it is cut stands a character of two units, or of two bytes.
        const QString summary = QString(253, u's') + QStringLiteral("\U0001F917") + u's';
        const QString description = QString(64 * 1024 - 4, u'd') + QString(100'000, u'\u00e4');
        must(session->header({summary, description, {}}));
        must(session->beginFile());
        must(session->append("b"));
        must(session->endFile(path("b.txt"), std::nullopt));
        const auto outcome = must(session->finish(Sha256()));
        QCOMPARE(outcome.commit.title, summary);
        QCOMPARE(outcome.commit.message, description);
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        const auto details = must(hublet->discussions().details(reading, m_bert, 1));
        QCOMPARE(details.title, QString(253, u's') + QChar(u'\u2026'));
        const auto events = must(hublet->discussions().events(reading, m_bert, 1, {}));
        QCOMPARE(events.items.at(0).text, QString(64 * 1024 - 4, u'd') + QChar(u'\u2026'));
        QCOMPARE(events.items.at(1).text, details.title);
    }

    void diffsAndMerges()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert, content());
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"),
                           {{"a.txt", "1\nx\n3\n"}, {"new.txt", "n\n"}, {"w.bin", someBytes(1000)}}, {},
                           true));
        // main goes on meanwhile; the diff is about the pull request only.
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"other.txt", "o\n"}}));
        Discussions& discussions = hublet->discussions();
        const QString diff = must(discussions.diff(reading, m_bert, 1));
        QVERIFY2(diff.contains(QStringLiteral("--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n 1\n-2\n+x\n 3\n")),
                 qPrintable(diff));
        QVERIFY(diff.contains(QStringLiteral("new file mode 100644")));
        QVERIFY(diff.contains(QStringLiteral("--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,1 @@\n+n\n")));
        QVERIFY(diff.contains(QStringLiteral("Binary files /dev/null and b/w.bin differ\n")));
        QVERIFY(!diff.contains(QStringLiteral("other.txt")));
        QVERIFY(must(discussions.conflicts(reading, m_bert, 1)).empty());

        const auto merged = must(discussions.merge(writing, m_bert, 1, QStringLiteral("Thanks")));
        QCOMPARE(merged.status, catalog::DiscussionStatus::Merged);
        QVERIFY(merged.mergeCommit);
        const auto files = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        QCOMPARE(files.at("a.txt"), QByteArray("1\nx\n3\n"));
        QCOMPARE(files.at("other.txt"), QByteArray("o\n"));
        QCOMPARE(must(discussions.diff(reading, m_bert, 1)), diff); // the same after the merge
        QCOMPARE(errorName(discussions.merge(writing, m_bert, 1, {})), QStringLiteral("Conflict"));
    }

    void namesConflicts()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert, content());
        must(
            hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a.txt", "theirs\n"}}, {}, true));
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a.txt", "ours\n"}}));
        const auto conflicts = must(
            hublet->discussions().conflicts(hublet.permit(hublet.owner(), Action::Read, m_bert), m_bert, 1));
        QCOMPARE(conflicts.size(), 1U);
        QCOMPARE(conflicts[0].bytes(), QByteArray("a.txt"));
        const auto merged =
            hublet->discussions().merge(hublet.permit(hublet.owner(), Action::Write, m_bert), m_bert, 1, {});
        QCOMPARE(errorName(merged), QStringLiteral("Conflict"));
        QVERIFY(merged.error().detail().contains(QStringLiteral("a.txt")));
    }

    /// The base of a pull request may go, and may be another pull request.
    void outlivesItsBase()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert, content());
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        const QString dev = QStringLiteral("dev");
        must(hublet->packages().createBranch(writing, m_bert, {dev, {}, false, false}));
        must(hublet.commit(hublet.owner(), m_bert, dev, {{"one.txt", "1\n"}}, {}, true));
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("refs/pr/1"), {{"two.txt", "2\n"}}, {},
                           true));
        Discussions& discussions = hublet->discussions();
        const QString second = must(discussions.diff(reading, m_bert, 2));
        QVERIFY(second.contains(QStringLiteral("two.txt")) && !second.contains(QStringLiteral("one.txt")));
        QVERIFY(must(discussions.conflicts(reading, m_bert, 2)).empty());
        must(discussions.merge(writing, m_bert, 2, {}));
        const QString first = must(discussions.diff(reading, m_bert, 1));
        QVERIFY(first.contains(QStringLiteral("one.txt")) && first.contains(QStringLiteral("two.txt")));

        must(hublet.commit(hublet.owner(), m_bert, dev, {{"three.txt", "3\n"}}, {}, true));
        must(discussions.merge(writing, m_bert, 3, {}));
        must(hublet->packages().deleteBranch(writing, m_bert, QStringLiteral("refs/heads/dev")));
        QVERIFY(must(discussions.diff(reading, m_bert, 3)).contains(QStringLiteral("three.txt")));
        QCOMPARE(errorName(discussions.diff(reading, m_bert, 1)), QStringLiteral("RevisionNotFound"));
        QCOMPARE(errorName(discussions.conflicts(reading, m_bert, 1)), QStringLiteral("RevisionNotFound"));
    }

    void onlyAuthorsEdit()
    {
        ServiceFixture hublet;
        const Principal alice = hublet.user(QStringLiteral("alice"), {Action::Read, Action::Write});
        const Principal bob = hublet.user(QStringLiteral("bob"), {Action::Read, Action::Write});
        (void)hublet.createPackage(alice, m_bert);
        const auto writing = hublet.permit(alice, Action::Write, m_bert);
        const auto other = hublet.permit(bob, Action::Write, m_bert);
        const auto owner = hublet.permit(hublet.owner(), Action::Write, m_bert);
        Discussions& discussions = hublet->discussions();
        must(discussions.create(writing, m_bert, QStringLiteral("Title"), {}, false));
        const QByteArray comment =
            must(discussions.comment(writing, m_bert, 1, QStringLiteral("Hello"))).hubId;
        const QString text = QStringLiteral("Changed");
        QCOMPARE(errorName(discussions.editComment(other, m_bert, 1, comment, text)),
                 QStringLiteral("Forbidden"));
        QCOMPARE(errorName(discussions.editComment(other, m_bert, 1, "no such", text)),
                 QStringLiteral("NotFound"));
        QCOMPARE(must(discussions.editComment(writing, m_bert, 1, comment, text)).text, text);
        QCOMPARE(must(discussions.editComment(owner, m_bert, 1, comment, text)).text, text);
        must(discussions.hideComment(writing, m_bert, 1, comment));
        QCOMPARE(errorName(discussions.editComment(writing, m_bert, 1, comment, text)),
                 QStringLiteral("Conflict"));
    }

    void keepsGatedTextFromReaders()
    {
        ServiceFixture hublet;
        const Principal reader = hublet.user(QStringLiteral("reader"), {Action::Read});
        (void)hublet.createPackage(hublet.owner(), m_bert, content());
        must(
            hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a.txt", "secret\n"}}, {}, true));
        PackageSettings settings;
        settings.gating = catalog::Gating::Automatic;
        must(hublet->packages().changeSettings(hublet.permit(hublet.owner(), Action::Write, m_bert), m_bert,
                                               settings));
        QCOMPARE(
            errorName(hublet->discussions().diff(hublet.permit(reader, Action::Read, m_bert), m_bert, 1)),
            QStringLiteral("Gated"));
        const Permit owning = hublet.permit(hublet.owner(), Action::Read, m_bert);
        QVERIFY(hublet->discussions().diff(owning, m_bert, 1));
        settings.disabled = true;
        must(hublet->packages().changeSettings(hublet.permit(hublet.owner(), Action::Write, m_bert), m_bert,
                                               settings));
        QCOMPARE(errorName(hublet->discussions().diff(owning, m_bert, 1)), QStringLiteral("Blocked"));
    }
};

QTEST_GUILESS_MAIN(TestDiscussions)
#include "tst_discussions.moc"
