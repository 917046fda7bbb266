// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "tests/core/service/servicefixture.h"

#include <atomic>
#include <thread>

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestCommits : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));

    static std::unique_ptr<CommitSession> session(ServiceFixture& hublet, const PackageId& id,
                                                  const QString& revision = QStringLiteral("main"))
    {
        auto session = must(
            hublet->uploads().commit(hublet.permit(hublet.owner(), Action::Write, id), id, revision, {}));
        must(session->header({QStringLiteral("Change"), QString(), QByteArray()}));
        return session;
    }
    static Result<void> put(CommitSession& session, const QByteArray& name, const QByteArray& bytes)
    {
        must(session.beginFile());
        must(session.append(bytes));
        return session.endFile(path(name), std::nullopt);
    }
    static qint64 commitCount(ServiceFixture& hublet, const PackageId& id, const QString& revision)
    {
        const auto reading = hublet.permit(hublet.owner(), Action::Read, id);
        const auto head = must(hublet->browse().revision(reading, id, revision));
        return must(hublet->browse().commits(reading, id, head, 1, {})).total;
    }

private slots:
    void bringsFilesBackByteForByte_data()
    {
        QTest::addColumn<bool>("isDataset");
        QTest::newRow("model") << false;
        QTest::newRow("dataset") << true;
    }
    void bringsFilesBackByteForByte()
    {
        QFETCH(bool, isDataset);
        ServiceFixture hublet;
        const PackageId id = isDataset ? dataset(QStringLiteral("acme/data")) : m_bert;
        (void)hublet.createPackage(hublet.owner(), id);
        const ServiceFixture::Files files{{"empty", ""},
                                          {"nested/deep/a.txt", "text\n"},
                                          {"awkward # %20 'n\"ame ü.txt", "x"},
                                          {"w.safetensors", someBytes(5000)},
                                          {"big.bin", someBytes(12'000'000)}};
        QVERIFY(hublet.commit(hublet.owner(), id, QStringLiteral("main"), files));
        hublet.reopen();
        auto found = hublet.files(hublet.owner(), id, QStringLiteral("main"));
        QCOMPARE(found.erase(".gitattributes"), 1U);
        QVERIFY(found == files);

        // What belongs into LFS is stored so, though it came inline.
        const auto reading = hublet.permit(hublet.owner(), Action::Read, id);
        for (const auto& [name, lfs] :
             std::map<QByteArray, bool>{{"big.bin", true}, {"w.safetensors", true}, {"empty", false}}) {
            const auto answer = must(hublet->browse().file(reading, id, {"main", name}, nullptr));
            QCOMPARE(answer->entry.lfs, lfs);
            QCOMPARE(answer->entry.size, files.at(name).size());
            QCOMPARE(answer->entry.content, Sha256Hasher::hash(files.at(name)));
        }
    }

    void appliesOperationsInOrder()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"),
                           {{"a", "1"}, {"dir/b", "2"}, {"dir/c", "3"}, {"old/d", "4"}, {"e", "5"}}));
        const auto first = must(hublet->browse().revision(hublet.permit(hublet.owner(), Action::Read, m_bert),
                                                          m_bert, QStringLiteral("main")));
        auto commit = session(hublet, m_bert);
        QVERIFY(put(*commit, "a", "changed"));
        QVERIFY(commit->deletePath(path("dir")));
        QVERIFY(commit->deleteFolder(path("old")));
        QVERIFY(commit->rename(path("e"), path("f")));
        QVERIFY(commit->copy(path("dir/b"), QString::fromLatin1(first.sha), path("copied")));
        QVERIFY(put(*commit, "gone", "x"));
        QVERIFY(commit->deletePath(path("gone")));
        QVERIFY(commit->finish(Sha256Hasher::hash("operations")));
        auto files = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        files.erase(".gitattributes");
        QVERIFY((files == ServiceFixture::Files{{"a", "changed"}, {"f", "5"}, {"copied", "2"}}));
        // Earlier commits stay as they were.
        QCOMPARE(hublet.files(hublet.owner(), m_bert, QString::fromLatin1(first.sha)).size(), 6U);
    }

    void renamesWithNewContent()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", "1"}}));
        auto commit = session(hublet, m_bert);
        must(commit->beginFile());
        must(commit->append("2"));
        QVERIFY(commit->endFile(path("b"), path("a")));
        QVERIFY(commit->finish(Sha256Hasher::hash("rename")));
        auto files = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        files.erase(".gitattributes");
        QVERIFY((files == ServiceFixture::Files{{"b", "2"}}));
    }

    void takesPathsAwayOnlyWithTheDeleteRight()
    {
        ServiceFixture hublet;
        const ServiceFixture::Files before{{"a", "1"}, {"dir/b", "2"}};
        (void)hublet.createPackage(hublet.owner(), m_bert);
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), before));
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        for (const bool pullRequest : {false, true}) {
            CommitOptions options;
            options.createPullRequest = pullRequest;
            auto commit = must(hublet->uploads().commit(hublet.permit(writer, Action::Write, m_bert), m_bert,
                                                        QStringLiteral("main"), options));
            must(commit->header({QStringLiteral("Delete"), QString(), QByteArray()}));
            QCOMPARE(errorName(commit->deletePath(path("a"))), QStringLiteral("Forbidden"));
            QCOMPARE(errorName(commit->deleteFolder(path("dir"))), QStringLiteral("Forbidden"));
            QCOMPARE(errorName(commit->rename(path("a"), path("c"))), QStringLiteral("Forbidden"));
            must(commit->beginFile());
            const auto moved = commit->endFile(path("c"), path("a"));
            QCOMPARE(errorName(moved), QStringLiteral("Forbidden"));
            QCOMPARE(moved.error().detail(),
                     QStringLiteral("Deleting or renaming files of acme/bert needs the Delete/Overwrite "
                                    "permission on hf-local"));
        }
        // New content for a file is another matter: the old one stays in the history.
        QVERIFY(hublet.commit(writer, m_bert, QStringLiteral("main"), {{"a", "changed"}}));
        auto files = hublet.files(writer, m_bert, QStringLiteral("main"));
        files.erase(".gitattributes");
        QVERIFY((files == ServiceFixture::Files{{"a", "changed"}, {"dir/b", "2"}}));

        const Principal deleter =
            hublet.user(QStringLiteral("deleter"), {Action::Read, Action::Write, Action::Delete});
        auto commit = must(hublet->uploads().commit(hublet.permit(deleter, Action::Write, m_bert), m_bert,
                                                    QStringLiteral("main"), {}));
        must(commit->header({QStringLiteral("Delete"), QString(), QByteArray()}));
        QVERIFY(commit->deleteFolder(path("dir")));
        QVERIFY(commit->rename(path("a"), path("c")));
        QVERIFY(commit->deletePath(path("c")));
        QVERIFY(commit->finish(Sha256Hasher::hash("removals")));
        QCOMPARE(hublet.files(deleter, m_bert, QStringLiteral("main")).size(), 1U);
    }

    void failsWithoutATrace_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("error");
        QTest::newRow("delete") << QStringLiteral("delete") << QStringLiteral("EntryNotFound");
        QTest::newRow("folder") << QStringLiteral("folder") << QStringLiteral("EntryNotFound");
        QTest::newRow("rename") << QStringLiteral("rename") << QStringLiteral("EntryNotFound");
        QTest::newRow("parent") << QStringLiteral("parent") << QStringLiteral("ParentMoved");
        QTest::newRow("abandon") << QStringLiteral("abandon") << QStringLiteral("no error");
    }
    void failsWithoutATrace()
    {
        QFETCH(QString, what);
        QFETCH(QString, error);
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const auto contents = must(hublet->maintenance().status()).store.contents;
        {
            auto commit = session(hublet, m_bert);
            QVERIFY(put(*commit, "new.txt", someBytes(300'000)));
            if (what == QStringLiteral("delete"))
                must(commit->deletePath(path("absent")));
            else if (what == QStringLiteral("folder"))
                must(commit->deleteFolder(path("absent")));
            else if (what == QStringLiteral("rename"))
                must(commit->rename(path("absent"), path("x")));
            else if (what == QStringLiteral("parent"))
                must(commit->header({QStringLiteral("t"), QString(), "1234567890abcdef"}));
            if (what != QStringLiteral("abandon"))
                QCOMPARE(errorName(commit->finish(Sha256Hasher::hash("x"))), error);
        }
        QCOMPARE(commitCount(hublet, m_bert, QStringLiteral("main")), 1);
        QCOMPARE(must(hublet->maintenance().status()).store.contents, contents);
        QVERIFY(!hublet->transfers().snapshot().front().error.isEmpty());
    }

    void refusesOddParents_data()
    {
        QTest::addColumn<QByteArray>("parent");
        QTest::newRow("short") << QByteArray("1234");
        QTest::newRow("long") << QByteArray(41, 'a');
        QTest::newRow("no hex") << QByteArray("main5");
    }
    void refusesOddParents()
    {
        QFETCH(QByteArray, parent);
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        QCOMPARE(errorName(session(hublet, m_bert)->header({QString(), QString(), parent})),
                 QStringLiteral("InvalidHash"));
    }

    void createsPackageAndReleaseOnDeploy()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        QStringList seen;
        QObject::connect(&hublet->events(), &EventBus::packageAdded,
                         [&](const QString&, PackageType, const QString& id) { seen += u'+' + id; });
        QObject::connect(&hublet->events(), &EventBus::refChanged,
                         [&](const QString&, PackageType, const QString& id, const QString& ref) {
                             seen += id + u'@' + ref;
                         });
        QVERIFY(hublet.commit(writer, m_bert, QStringLiteral("v1"), {{"a.txt", "1"}}));
        QCOMPARE(seen, QStringList({QStringLiteral("+acme/bert"), QStringLiteral("acme/bert@v1")}));
        auto files = hublet.files(writer, m_bert, QStringLiteral("v1"));
        QVERIFY((files == ServiceFixture::Files{{"a.txt", "1"}}));
        const auto refs =
            must(hublet->browse().refs(hublet.permit(writer, Action::Read, m_bert), m_bert, true));
        QCOMPARE(refs.size(), 1U);
        QCOMPARE(refs[0].kind, catalog::RefKind::Release);
        // main is never a release: everybody who may deploy goes on committing to it.
        QVERIFY(hublet.commit(writer, m_bert, QStringLiteral("main"), {{"a", "1"}}));
        QVERIFY(hublet.commit(writer, m_bert, QStringLiteral("main"), {{"b", "2"}}));
    }

    void keepsReleasesFromThoseWithoutDelete()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const Principal master =
            hublet.user(QStringLiteral("master"), {Action::Read, Action::Write, Action::Delete});
        const auto first = must(hublet.commit(writer, m_bert, QStringLiteral("v1"), {{"a", "1"}}));
        hublet.clock().advance(3'600'000);
        QCOMPARE(errorName(hublet->uploads().commit(hublet.permit(writer, Action::Write, m_bert), m_bert,
                                                    QStringLiteral("v1"), {})),
                 QStringLiteral("Conflict"));
        QCOMPARE(hublet.files(writer, m_bert, QStringLiteral("v1")).at("a"), QByteArray("1"));
        QVERIFY(hublet.commit(master, m_bert, QStringLiteral("v1"), {{"a", "3"}}));
        QCOMPARE(hublet.files(writer, m_bert, QStringLiteral("v1")).at("a"), QByteArray("3"));
        // What was replaced stays retrievable by its id.
        QCOMPARE(hublet.files(writer, m_bert, QString::fromLatin1(first.commit.oid.toHex())).at("a"),
                 QByteArray("1"));
    }

    /// A large folder comes in several commits.
    void whoMakesAReleaseGoesOnWithIt()
    {
        ServiceFixture hublet;
        const Principal maker = hublet.user(QStringLiteral("maker"), {Action::Read, Action::Write});
        const Principal other = hublet.user(QStringLiteral("other"), {Action::Read, Action::Write});
        const Principal master =
            hublet.user(QStringLiteral("master"), {Action::Read, Action::Write, Action::Delete});
        const QString v1 = QStringLiteral("v1");
        const QString v2 = QStringLiteral("v2");
        const auto ask = [&](const Principal& principal, const QString& release) {
            const auto permit = hublet.permit(principal, Action::Write, m_bert);
            const auto preupload =
                errorName(hublet->uploads().preupload(permit, m_bert, release, PreuploadRequest()));
            const auto token = errorName(hublet->xetAccess().grantWrite(permit, m_bert, release, false));
            return preupload == token ? preupload : preupload + u'/' + token;
        };
        QVERIFY(hublet.commit(maker, m_bert, v1, {{"a", "1"}}));
        QVERIFY(hublet.commit(maker, m_bert, v2, {{"a", "1"}}));
        hublet.clock().advance(14 * 60 * 1000);
        QCOMPARE(ask(maker, v1), QStringLiteral("no error"));
        QVERIFY(hublet.commit(maker, m_bert, v1, {{"b", "2"}}));
        QCOMPARE(ask(other, v1), QStringLiteral("Conflict"));
        QCOMPARE(errorName(hublet.commit(other, m_bert, v1, {{"c", "3"}})), QStringLiteral("Conflict"));
        hublet.clock().advance(14 * 60 * 1000); // each deployment begins the time anew
        QVERIFY(hublet.commit(maker, m_bert, v1, {{"c", "3"}}));
        QCOMPARE(ask(maker, v2), QStringLiteral("Conflict"));
        QCOMPARE(errorName(hublet.commit(maker, m_bert, v2, {{"c", "3"}})), QStringLiteral("Conflict"));
        QCOMPARE(hublet.files(maker, m_bert, v1).size(), std::size_t(3));

        // Somebody else's deployment ends it, also while an upload is coming in.
        auto session = must(hublet->uploads().commit(hublet.permit(maker, Action::Write, m_bert), m_bert, v1,
                                                     CommitOptions()));
        must(session->header({QStringLiteral("late"), {}, {}}));
        must(session->copy(path("a"), QString(), path("late")));
        QVERIFY(hublet.commit(master, m_bert, v1, {{"d", "4"}}));
        QCOMPARE(errorName(session->finish(Sha256())), QStringLiteral("Conflict"));
        QCOMPARE(ask(maker, v1), QStringLiteral("Conflict"));
        hublet.clock().advance(16 * 60 * 1000);
        QCOMPARE(ask(master, v1), QStringLiteral("no error"));
    }

    void answersReplaysWithTheSameCommit()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const ServiceFixture::Files files{{"a", "1"}, {"big", someBytes(300'000)}};
        const auto release = must(hublet.commit(writer, m_bert, QStringLiteral("v1"), files));
        const auto again =
            hublet.commit(writer, m_bert, QStringLiteral("v1"), files); // without the right to overwrite
        QVERIFY2(again, qPrintable(errorName(again)));
        QCOMPARE(again->commit.oid, release.commit.oid);

        (void)must(hublet.commit(writer, m_bert, QStringLiteral("main"), {{"x", "0"}}));
        const auto head = must(hublet->browse().revision(hublet.permit(writer, Action::Read, m_bert), m_bert,
                                                         QStringLiteral("main")));
        const auto made =
            must(hublet.commit(writer, m_bert, QStringLiteral("main"), files, head.commit.oid.toHex()));
        const auto replayed =
            hublet.commit(writer, m_bert, QStringLiteral("main"), files, head.commit.oid.toHex());
        QVERIFY2(replayed, qPrintable(errorName(replayed)));
        QCOMPARE(replayed->commit.oid, made.commit.oid);
        QCOMPARE(commitCount(hublet, m_bert, QStringLiteral("main")), 2);
        // Another body with the same parent is no replay.
        QCOMPARE(errorName(hublet.commit(writer, m_bert, QStringLiteral("main"), {{"y", "0"}},
                                         head.commit.oid.toHex())),
                 QStringLiteral("ParentMoved"));
    }

    void opensPullRequests()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        int number = 0;
        QObject::connect(&hublet->events(), &EventBus::discussionChanged,
                         [&](const QString&, PackageType, const QString&, int changed) { number = changed; });
        const auto outcome = must(
            hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", "1"}}, QByteArray(), true));
        QCOMPARE(outcome.pullRequest, std::optional(1));
        QCOMPARE(number, 1);
        QVERIFY(!hublet.files(hublet.owner(), m_bert, QStringLiteral("main")).contains("a"));
        QVERIFY(hublet.files(hublet.owner(), m_bert, QStringLiteral("refs/pr/1")).contains("a"));
        QVERIFY(hublet.commit(hublet.owner(), m_bert, QStringLiteral("refs/pr/1"), {{"b", "2"}}));
        QCOMPARE(hublet.files(hublet.owner(), m_bert, QStringLiteral("refs/pr/1")).size(), 3U);
    }

    void parallelCommitsToOneRefAllLand()
    {
        constexpr int Threads = 4;
        constexpr int Rounds = 10;
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        std::atomic_int failures{0};
        std::vector<std::thread> threads;
        for (int thread = 0; thread < Threads; ++thread) {
            threads.emplace_back([&, thread] {
                for (int round = 0; round < Rounds; ++round) {
                    const QByteArray name = QByteArray::number(thread) + '/' + QByteArray::number(round);
                    if (!hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{name, name}}))
                        ++failures;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(commitCount(hublet, m_bert, QStringLiteral("main")), 1 + Threads * Rounds);
        QCOMPARE(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")).size(),
                 std::size_t(1 + Threads * Rounds));
    }

    void ofParallelCommitsWithOneParentOneWins()
    {
        constexpr int Threads = 4;
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const auto head = must(hublet->browse().revision(hublet.permit(hublet.owner(), Action::Read, m_bert),
                                                         m_bert, QStringLiteral("main")));
        std::atomic_int won{0};
        std::atomic_int moved{0};
        std::vector<std::thread> threads;
        for (int thread = 0; thread < Threads; ++thread) {
            threads.emplace_back([&, thread] {
                const auto outcome = hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"),
                                                   {{QByteArray::number(thread), "x"}}, head.sha);
                if (outcome)
                    ++won;
                else if (outcome.error().code() == ErrorCode::ParentMoved)
                    ++moved;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(won.load(), 1);
        QCOMPARE(moved.load(), Threads - 1);
    }
};

QTEST_GUILESS_MAIN(TestCommits)
#include "tst_commits.moc"
