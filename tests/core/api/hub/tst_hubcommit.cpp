// SPDX-License-Identifier: Apache-2.0
#include "commitclient.h"
#include "quoted.h"

#include <QJsonArray>
#include <QTest>

#include <array>
#include <thread>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::test;

class HubCommitTest : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    std::unique_ptr<CommitClient> m_client;

private slots:
    void initTestCase()
    {
        m_hub = std::make_unique<HubFixture>();
        m_client = std::make_unique<CommitClient>(*m_hub);
    }
    void cleanupTestCase()
    {
        m_client.reset();
        m_hub.reset();
    }

    void everyOperation()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray awkward = "data/a b \xc3\xa4 #%41?.txt";
        auto answer = m_client->commit(id, Header + fileLine("dir/one.txt", "one") +
                                               fileLine("dir/two.txt", "two") + fileLine(awkward, "awkward") +
                                               fileLine("empty", "") + fileLine("old.txt", "moved"));
        QCOMPARE(answer.status, 200);
        answer = m_client->commit(
            id, Header + deletion("dir/one.txt") +
                    quoted("{'key':'file','value':{'path':'new.txt','oldPath':'old.txt'}}\n"
                           "{'key':'copyFile','value':{'path':'copy.txt','srcPath':'first.txt','"
                           "srcRevision':'main'}}\n"
                           "{'key':'file','value':{'content':'gr\\u00fc\\u00df','path':'utf8.txt'"
                           ",'encoding':'utf-8'}}"));
        QCOMPARE(answer.status, 200);
        const QJsonObject json = objectOf(answer);
        QCOMPARE(json.value(u"success").toBool(), true);
        QCOMPARE(json.value(u"hookOutput").toString(), QString());
        QVERIFY(json.contains(u"hookOutput"));
        QVERIFY(!json.contains(u"pullRequestUrl"));
        const QByteArray oid = json.value(u"commitOid").toString().toLatin1();
        QCOMPARE(m_client->head(id), oid);

        QCOMPARE(m_client->content(id, "first.txt"), "first\n");
        QCOMPARE(m_client->content(id, "dir/one.txt"), "status 404");
        QCOMPARE(m_client->content(id, "dir/two.txt"), "two");
        QCOMPARE(m_client->content(id, awkward.toPercentEncoding("/")), "awkward");
        QCOMPARE(m_client->content(id, "empty"), "");
        QCOMPARE(m_client->content(id, "old.txt"), "status 404");
        QCOMPARE(m_client->content(id, "new.txt"), "moved");
        QCOMPARE(m_client->content(id, "copy.txt"), "first\n");
        QCOMPARE(m_client->content(id, "utf8.txt"), "gr\xc3\xbc\xc3\x9f");

        QCOMPARE(
            m_client->commit(id, Header + quoted("{'key':'deletedFolder','value':{'path':'dir/'}}")).status,
            200);
        QCOMPARE(m_client->content(id, "dir/two.txt"), "status 404");
        QCOMPARE(m_client->content(id, "dir/two.txt", oid), "two"); // older commits stay
    }

    void commitUrls_data()
    {
        QTest::addColumn<PackageType>("type");
        QTest::addColumn<QByteArray>("userAgent");
        QTest::addColumn<QByteArray>("middle"); ///< between endpoint and id
        QTest::newRow("model, new") << PackageType::Model << QByteArray("x; hf_hub/1.2.0; python/3")
                                    << QByteArray("/");
        QTest::newRow("model, old") << PackageType::Model << QByteArray("x; hf_hub/1.1.7; python/3")
                                    << QByteArray("/models/");
        QTest::newRow("model, other client") << PackageType::Model << QByteArray("node") << QByteArray("/");
        QTest::newRow("dataset, old")
            << PackageType::Dataset << QByteArray("hf_hub/0.25.0") << QByteArray("/datasets/");
    }

    void commitUrls()
    {
        QFETCH(PackageType, type);
        QFETCH(QByteArray, userAgent);
        QFETCH(QByteArray, middle);
        const QByteArray id = m_client->newPackage(type);
        const auto answer = m_client->post(
            "/api/" + packageTypePlural(type).toUtf8() + '/' + id.toLower() + "/commit/main?create_pr=1",
            Header + fileLine("a", "b"), m_hub->admin() + "User-Agent: " + userAgent + "\r\n");
        QCOMPARE(answer.status, 200);
        const QJsonObject json = objectOf(answer);
        // The stored spelling of the id, not the one of the request.
        const QByteArray url = "http://localhost" + HubFixture::Prefix + middle + id;
        QCOMPARE(json.value(u"commitUrl").toString().toUtf8(),
                 url + "/commit/" + json.value(u"commitOid").toString().toUtf8());
        QCOMPARE(json.value(u"pullRequestUrl").toString().toUtf8(), url + "/discussions/1");
    }

    void pullRequestLeavesTheBaseAlone()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray before = m_client->head(id);
        const auto answer = m_client->post("/api/models/" + id + "/commit/main?create_pr=1&hot_reload=1",
                                           Header + fileLine("pr.txt", "pr"), m_hub->admin());
        QCOMPARE(answer.status, 200);
        QCOMPARE(m_client->head(id), before);
        QCOMPARE(m_client->content(id, "pr.txt", "refs%2Fpr%2F1"), "pr");
        QCOMPARE(m_client->content(id, "pr.txt"), "status 404");
        // And more commits go onto it, with the ref in one segment or in three.
        QCOMPARE(m_client->commit(id, Header + fileLine("pr2.txt", "2"), "refs%2Fpr%2F1").status, 200);
        QCOMPARE(m_client->commit(id, Header + fileLine("pr3.txt", "3"), "refs/pr/1").status, 200);
        QCOMPARE(m_client->content(id, "pr3.txt", "refs%2Fpr%2F1"), "3");
    }

    void largeFileInline()
    {
        const QByteArray id = m_client->newPackage();
        QByteArray bytes(12 * 1024 * 1024, Qt::Uninitialized);
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = char((i * 2654435761U) >> 11);
        QCOMPARE(m_client->commit(id, Header + fileLine("big.bin", bytes)).status, 200);
        QCOMPARE(m_client->content(id, "big.bin"), bytes);
    }

    void chunkedBody()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray body = Header + fileLine("chunked.txt", "by pieces");
        http::RawClient client = m_hub->client();
        client.send("POST " + HubFixture::Prefix + "/api/models/" + id +
                    "/commit/main HTTP/1.1\r\nHost: localhost\r\n" + m_hub->admin() +
                    "Transfer-Encoding: chunked\r\n\r\n");
        for (qsizetype at = 0; at < body.size(); at += 5) {
            const QByteArray piece = body.mid(at, 5);
            client.send(QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n");
        }
        client.send("0\r\n\r\n");
        QCOMPARE(client.read().status, 200);
        QCOMPARE(m_client->content(id, "chunked.txt"), "by pieces");
    }

    /// Unusual names are kept to the byte; nothing is decoded, normalised or folded.
    void legalPaths()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArrayList paths{"..a", "...",       "a..b",       " ",           "a b ",    "~",
                                   "a:b", "%2e%2e/x",  "a%2Fb",      "CON",         "-rf",     "a;b&c=d",
                                   "?x",  "#x",        "\u00e9.txt", "e\u0301.txt", "A/b.txt", "a/B.txt",
                                   "*",   "'\\u0022'", "git",        ".gitignore/x"};
        QByteArray body = Header;
        for (qsizetype i = 0; i < paths.size(); ++i)
            body += fileLine(paths[i], "content of " + QByteArray::number(i));
        QCOMPARE(m_client->commit(id, body).status, 200);
        for (qsizetype i = 0; i < paths.size(); ++i) {
            QByteArray path = paths[i];
            path.replace("\\u0022", "\"");
            QCOMPARE(m_client->content(id, path.toPercentEncoding("/")),
                     "content of " + QByteArray::number(i));
        }
    }

    void unknownPackageAndRevisionAreCreated()
    {
        QCOMPARE(m_client->commit("acme/brand-new", Header + fileLine("a", "b"), "2026-01").status, 200);
        QCOMPARE(m_client->content("acme/brand-new", "a", "2026-01"), "b");
    }

    /// A package that has releases only says what the newest of them says.
    void releasesOnly()
    {
        const QByteArray card = "---\nlicense: releases-only\n---\n";
        QCOMPARE(m_client->commit("acme/unmain", Header + fileLine("README.md", "old"), "1.0").status, 200);
        QCOMPARE(m_client->commit("acme/unmain", Header + fileLine("README.md", card), "2.0").status, 200);
        const QJsonObject info = objectOf(m_hub->get("/api/models/acme/unmain", m_hub->admin()));
        QCOMPARE(info.value(u"sha").toString().toLatin1(), m_client->head("acme/unmain", "2.0"));
        QCOMPARE(info.value(u"siblings")[0][u"rfilename"].toString(), QStringLiteral("README.md"));
        QCOMPARE(info.value(u"usedStorage").toInteger(), card.size());
        QVERIFY(info.value(u"tags").toArray().contains(QStringLiteral("license:releases-only")));
        const QByteArray filter = "/api/models?filter=license:releases-only";
        QCOMPARE(QJsonDocument::fromJson(m_hub->get(filter, m_hub->admin()).body).array().size(), 1);
        QCOMPARE(m_hub->send("DELETE", "/api/models/acme/unmain/branch/2.0", m_hub->admin(), {}).status, 200);
        QCOMPARE(QJsonDocument::fromJson(m_hub->get(filter, m_hub->admin()).body).array().size(), 0);
        QCOMPARE(
            objectOf(m_hub->get("/api/models/acme/unmain", m_hub->admin())).value(u"usedStorage").toInteger(),
            3);
    }

    /// Whoever has a name may publish under it, though no organisation could be called so.
    void ownNamespace()
    {
        const QByteArray john = m_hub->newUser(QStringLiteral("john_doe"));
        access::Permission permission;
        permission.name = QStringLiteral("john-publishes");
        permission.repositories = {QStringLiteral("hf-local")};
        permission.users[QStringLiteral("john_doe")] = {access::Action::Read, access::Action::Write};
        QVERIFY(m_hub->services().directory().createPermission(permission));
        QCOMPARE(m_hub->send("POST", "/api/repos/create", john, quoted("{'name':'created'}")).status, 200);
        const auto deployed =
            m_client->post("/api/models/john_doe/deployed/commit/main", Header + fileLine("a", "b"), john);
        QCOMPARE(deployed.status, 200);
        QCOMPARE(m_hub->send("POST", "/api/repos/create", john, quoted("{'name':'jane_doe/x'}")).status, 400);
    }

    void replayFindsItsCommit()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray body = Header + fileLine("a.txt", "a");
        const auto first = m_client->commit(id, body);
        const auto second = m_client->commit(id, body);
        QCOMPARE(first.status, 200);
        QCOMPARE(second.status, 200);
        QCOMPARE(objectOf(second).value(u"commitOid"), objectOf(first).value(u"commitOid"));
        QCOMPARE(m_client->commit(id, Header + fileLine("b.txt", "b")).status, 200);
        QVERIFY(m_client->head(id) != objectOf(first).value(u"commitOid").toString().toLatin1());
    }

    void parentCommit()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray parent = m_client->head(id);
        QCOMPARE(m_client->commit(id, headerWithParent(parent) + fileLine("a", "1")).status, 200);
        const QByteArray moved = m_client->head(id);
        QCOMPARE(m_client->commit(id, headerWithParent(moved.left(7).toUpper()) + fileLine("a", "2")).status, 200);
        const QByteArray last = m_client->head(id);
        const auto late = m_client->commit(id, headerWithParent(parent) + fileLine("a", "3"));
        QCOMPARE(late.status, 412);
        QVERIFY(late.header("X-Error-Message").contains("A commit has happened since."));
        QCOMPARE(m_client->head(id), last);
        QCOMPARE(m_client->content(id, "a"), "2");
    }

    void raceOnOneParent()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray parent = m_client->head(id);
        constexpr int Clients = 6;
        std::array<int, Clients> statuses{};
        std::vector<std::thread> threads;
        for (int i = 0; i < Clients; ++i) {
            threads.emplace_back([&, i] {
                statuses[std::size_t(i)] =
                    m_client
                        ->commit(id, headerWithParent(parent) + fileLine("f" + QByteArray::number(i), "x"))
                        .status;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(std::count(statuses.begin(), statuses.end(), 200), 1);
        QCOMPARE(std::count(statuses.begin(), statuses.end(), 412), Clients - 1);
    }

    void raceWithoutParent()
    {
        const QByteArray id = m_client->newPackage();
        constexpr int Clients = 6;
        std::array<int, Clients> statuses{};
        std::vector<std::thread> threads;
        for (int i = 0; i < Clients; ++i) {
            threads.emplace_back([&, i] {
                statuses[std::size_t(i)] =
                    m_client->commit(id, Header + fileLine("f" + QByteArray::number(i), "x")).status;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(std::count(statuses.begin(), statuses.end(), 200), Clients);
        for (int i = 0; i < Clients; ++i)
            QCOMPARE(m_client->content(id, "f" + QByteArray::number(i)),
                     "x"); // each landed on top of the others
    }
};

QTEST_GUILESS_MAIN(HubCommitTest)
#include "tst_hubcommit.moc"
