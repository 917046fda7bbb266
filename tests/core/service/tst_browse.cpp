// SPDX-License-Identifier: Apache-2.0
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestBrowse : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));
    std::unique_ptr<ServiceFixture> m_hublet;

    [[nodiscard]] Permit reading() const { return m_hublet->permit(m_hublet->owner(), Action::Read, m_bert); }
    [[nodiscard]] Browse& browse() const { return (*m_hublet)->browse(); }
    [[nodiscard]] catalog::Revision main() const
    {
        return must(browse().revision(reading(), m_bert, QStringLiteral("main")));
    }

private slots:
    void initTestCase()
    {
        m_hublet = std::make_unique<ServiceFixture>();
        NewPackage what;
        what.files = {{path("a.txt"), "a\n"}, {path("dir/b.txt"), "b\n"}, {path("dir/sub/c.txt"), "c\n"}};
        (void)m_hublet->createPackage(m_hublet->owner(), m_bert, what);
        must(m_hublet->commit(m_hublet->owner(), m_bert, QStringLiteral("main"),
                              {{"dir/b.txt", "changed\n"}}));
    }
    void cleanupTestCase() { m_hublet.reset(); }

    void answersResolve_data()
    {
        QTest::addColumn<QList<QByteArray>>("segments");
        QTest::addColumn<QString>("error");
        QTest::addColumn<bool>("knowsSha");
        using List = QList<QByteArray>;
        QTest::newRow("file") << List{"main", "a.txt"} << QStringLiteral("no error") << false;
        QTest::newRow("nested") << List{"main", "dir", "sub", "c.txt"} << QStringLiteral("no error") << false;
        QTest::newRow("full ref, split")
            << List{"refs", "heads", "main", "a.txt"} << QStringLiteral("no error") << false;
        QTest::newRow("full ref, joined")
            << List{"refs/heads/main", "a.txt"} << QStringLiteral("no error") << false;
        QTest::newRow("no such file") << List{"main", "b.txt"} << QStringLiteral("EntryNotFound") << true;
        QTest::newRow("folder") << List{"main", "dir"} << QStringLiteral("EntryNotFound") << true;
        QTest::newRow("root") << List{"main"} << QStringLiteral("EntryNotFound") << true;
        QTest::newRow("bad path") << List{"main", "..", "a.txt"} << QStringLiteral("EntryNotFound") << true;
        QTest::newRow("no such revision")
            << List{"absent", "a.txt"} << QStringLiteral("RevisionNotFound") << false;
    }
    void answersResolve()
    {
        QFETCH(QList<QByteArray>, segments);
        QFETCH(QString, error);
        QFETCH(bool, knowsSha);
        for (int round = 0; round < 2; ++round) { // the second from memory
            QByteArray sha;
            const auto answer = browse().file(reading(), m_bert, segments, &sha);
            QCOMPARE(errorName(answer), error);
            QCOMPARE(sha, knowsSha ? main().sha : QByteArray());
            if (answer) {
                QCOMPARE((*answer)->revision.commit.oid, main().commit.oid);
                QCOMPARE((*answer)->entry.path.name(), segments.last());
            }
        }
    }

    void cachedAnswersFollowChanges()
    {
        const QList<QByteArray> segments{"main", "moving.txt"};
        QByteArray sha;
        QCOMPARE(errorName(browse().file(reading(), m_bert, segments, &sha)),
                 QStringLiteral("EntryNotFound"));
        must(m_hublet->commit(m_hublet->owner(), m_bert, QStringLiteral("main"), {{"moving.txt", "1"}}));
        const auto first = must(browse().file(reading(), m_bert, segments, nullptr));
        QCOMPARE(must(browse().file(reading(), m_bert, segments, nullptr)), first); // the same object
        must(m_hublet->commit(m_hublet->owner(), m_bert, QStringLiteral("main"), {{"moving.txt", "2"}}));
        const auto second = must(browse().file(reading(), m_bert, segments, nullptr));
        QVERIFY(second->entry.oid != first->entry.oid);
        QCOMPARE(second->revision.commit.oid, main().commit.oid);
    }

    void listsTrees()
    {
        Browse::TreeRequest request;
        request.folder = path("dir");
        request.detail.lastCommit = true;
        const auto page = must(browse().tree(reading(), m_bert, main(), request));
        QCOMPARE(page.items.size(), 2U);
        QCOMPARE(page.items[0].entry.path.bytes(), QByteArray("dir/b.txt"));
        QCOMPARE(page.items[0].lastCommit->title, QStringLiteral("Upload"));
        QCOMPARE(page.items[1].entry.path.bytes(), QByteArray("dir/sub"));
        QCOMPARE(page.items[1].lastCommit->title, QStringLiteral("initial commit"));

        request = {};
        request.recursive = true;
        request.limit = 2;
        QList<QByteArray> paths;
        do {
            const auto part = must(browse().tree(reading(), m_bert, main(), request));
            QVERIFY(part.items.size() <= 2);
            for (const auto& item : part.items)
                paths += item.entry.path.bytes();
            request.cursor = part.nextCursor;
        } while (!request.cursor.isEmpty());
        QVERIFY(paths.contains("dir") && paths.contains("dir/sub/c.txt") && paths.contains("a.txt"));
        QVERIFY(paths.indexOf("dir") < paths.indexOf("dir/b.txt"));

        request = {};
        request.folder = path("a.txt");
        QCOMPARE(errorName(browse().tree(reading(), m_bert, main(), request)),
                 QStringLiteral("EntryNotFound"));
    }

    void findsPaths()
    {
        const auto items = must(browse().paths(
            reading(), m_bert, main(), {path("dir"), path("absent"), path("a.txt")}, {.lastCommit = true}));
        QCOMPARE(items.size(), 2U);
        QCOMPARE(items[0].entry.kind, catalog::TreeEntry::Kind::Directory);
        QCOMPARE(items[1].entry.path.bytes(), QByteArray("a.txt"));
        QVERIFY(items[1].lastCommit);
    }

    void splitsRevisionAndPath()
    {
        const auto [revision, folder] =
            must(browse().revisionAndPath(reading(), m_bert, {"main", "dir", "sub"}));
        QCOMPARE(revision.commit.oid, main().commit.oid);
        QCOMPARE(folder.bytes(), QByteArray("dir/sub"));
        QVERIFY(must(browse().revisionAndPath(reading(), m_bert, {"main"})).second.isRoot());
        QCOMPARE(errorName(browse().revisionAndPath(reading(), m_bert, {"main", ".."})),
                 QStringLiteral("EntryNotFound"));
    }

    void readsSmallFiles()
    {
        QCOMPARE(must(browse().readFile(reading(), m_bert, main(), path("dir/b.txt"), 100)),
                 QByteArray("changed\n"));
        QCOMPARE(errorName(browse().readFile(reading(), m_bert, main(), path("dir/b.txt"), 3)),
                 QStringLiteral("TooLarge"));
        QCOMPARE(errorName(browse().readFile(reading(), m_bert, main(), path("dir"), 3)),
                 QStringLiteral("EntryNotFound"));
    }

    void cachedResolveIsFast()
    {
        const QList<QByteArray> segments{"main", "dir", "sub", "c.txt"};
        const Permit permit = reading();
        QBENCHMARK
        {
            const auto answer = browse().file(permit, m_bert, segments, nullptr);
            QVERIFY(answer);
        }
    }
};

QTEST_GUILESS_MAIN(TestBrowse)
#include "tst_browse.moc"
