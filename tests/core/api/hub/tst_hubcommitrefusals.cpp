// SPDX-License-Identifier: Apache-2.0
#include "commitclient.h"
#include "core/base/hasher.h"
#include "quoted.h"
#include "storedfiles.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::test;

class HubCommitRefusalsTest : public QObject {
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

    void refused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("part"); ///< of X-Error-Message
        const QByteArray good = Header + fileLine("good.txt", "good");
        const QByteArray oid(64, 'e');
        QTest::newRow("empty") << QByteArray() << 400 << QByteArray() << QByteArray("no header");
        QTest::newRow("not NDJSON") << QByteArray("hello") << 400 << QByteArray() << QByteArray("Line 1");
        QTest::newRow("no header") << fileLine("a", "b") << 400 << QByteArray() << QByteArray("header");
        QTest::newRow("second header") << good + Header << 400 << QByteArray() << QByteArray("Line 3");
        QTest::newRow("unknown operation")
            << good + quoted("{'key':'x','value':{}}") << 400 << QByteArray() << QByteArray("Line 3");
        QTest::newRow("truncated line")
            << good + fileLine("b", "b").left(40) << 400 << QByteArray() << QByteArray("Line 3");
        QTest::newRow("broken base64")
            << good + quoted("{'key':'file','value':{'content':'*','path':'b','encoding':'base64'}}") << 400
            << QByteArray() << QByteArray("base64");
        QTest::newRow("bad parent") << headerWithParent("zzzzzzz") << 400 << QByteArray()
                                    << QByteArray("parentCommit");
        QTest::newRow("delete what is not there")
            << good + deletion("absent.txt") << 404 << QByteArray("EntryNotFound")
            << QByteArray("A file with this name doesn't exist");
        QTest::newRow("delete a folder that is not there")
            << good + quoted("{'key':'deletedFolder','value':{'path':'absent/'}}") << 404
            << QByteArray("EntryNotFound") << QByteArray();
        QTest::newRow("rename what is not there")
            << good + quoted("{'key':'file','value':{'path':'b','oldPath':'absent'}}") << 404
            << QByteArray("EntryNotFound") << QByteArray();
        QTest::newRow("LFS object that was never uploaded")
            << good + lfsLine("w.bin", oid, 5) << 422 << QByteArray() << oid;
        QTest::newRow("LFS object named by half a hash")
            << good + lfsLine("w.bin", oid.left(32), 5) << 400 << QByteArray() << QByteArray("SHA-256");
        QTest::newRow("parent that is not there")
            << headerWithParent(QByteArray(40, 'a')) + fileLine("a", "b") << 412 << QByteArray()
            << QByteArray("branch was updated");
    }

    void refused()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, part);
        const QByteArray id = m_client->newPackage();
        const QByteArray before = m_client->head(id);
        const QStringList files = storedFiles(m_hub->services());
        const auto answer = m_client->commit(id, body);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.header("X-Error-Code"), code);
        QVERIFY2(answer.header("X-Error-Message").contains(part),
                 answer.header("X-Error-Message").constData());
        QCOMPARE(answer.header("WWW-Authenticate"), QByteArray());
        QVERIFY(!objectOf(answer).value(u"error").toString().isEmpty());
        QCOMPARE(m_client->head(id), before);
        QCOMPARE(m_client->content(id, "good.txt"), "status 404");
        QTRY_COMPARE(storedFiles(m_hub->services()), files);
    }

    void illegalPaths_data()
    {
        QTest::addColumn<QByteArray>("path"); ///< as in JSON
        for (const char* path : {"",
                                 "/",
                                 "/a",
                                 "//a",
                                 "a//b",
                                 ".",
                                 "./a",
                                 "a/.",
                                 "a/./b",
                                 "..",
                                 "../a",
                                 "a/..",
                                 "a/../b",
                                 "a/../../etc/passwd",
                                 "/etc/passwd",
                                 "\\\\a",
                                 "a\\\\b",
                                 "..\\\\a",
                                 "C:\\\\a",
                                 ".git",
                                 ".git/config",
                                 "a/.git",
                                 "a/.git/b",
                                 ".GIT/x",
                                 ".Git",
                                 "a\\u0000b",
                                 "a\\u0000",
                                 "a\\u001fb",
                                 "a\\u007fb",
                                 "a\\nb",
                                 "\\t",
                                 "\\r"})
            QTest::addRow("'%s'", path) << QByteArray(path);
        QTest::newRow("long segment") << QByteArray(256, 'a');
        QTest::newRow("long path") << QByteArray("a/").repeated(512) + 'a';
    }

    /// Every route that takes a path refuses the same ones.
    void illegalPaths()
    {
        QFETCH(QByteArray, path);
        const QByteArray id = "Acme/paths";
        const QByteArray oid = gitObjectOid("blob", "x").toHex() + QByteArray(24, '0');
        for (const QByteArray& line :
             {fileLine(path, "x"), lfsLine(path, oid, 1), deletion(path),
              quoted("{'key':'deletedFolder','value':{'path':'") + path + "\"}}",
              quoted("{'key':'file','value':{'oldPath':'a','path':'") + path + "\"}}",
              quoted("{'key':'file','value':{'path':'b','oldPath':'") + path + "\"}}",
              quoted("{'key':'copyFile','value':{'srcPath':'a','srcRevision':'main','path':'") + path +
                  "\"}}",
              quoted("{'key':'copyFile','value':{'path':'b','srcRevision':'main','srcPath':'") + path +
                  "\"}}"}) {
            const auto answer = m_client->commit(id, Header + line);
            QVERIFY2(answer.status == 422, line.constData());
            QVERIFY(answer.header("X-Error-Message").startsWith("Invalid path in repo"));
            QVERIFY(answer.header("X-Error-Message").contains("line 2"));
        }
        const auto answer =
            m_hub->send("POST", "/api/models/" + id + "/preupload/main", m_hub->admin(),
                        quoted("{'files':[{'path':'") + path + quoted("','size':1,'sample':''}]}"));
        QCOMPARE(answer.status, 422);
        QCOMPARE(m_hub->get("/api/models/" + id, m_hub->admin()).status, 404); // nothing has come into being
    }

    void revisionThatTakesNoCommits()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray oid = m_client->head(id);
        QCOMPARE(
            m_hub->send("POST", "/api/models/" + id + "/tag/main", m_hub->admin(), quoted("{'tag':'v1'}"))
                .status,
            200);
        const QByteArray body = Header + fileLine("a", "b");
        for (const QByteArray& revision : {QByteArray("v1"), oid, oid.left(7), QByteArray("refs%2Fpr%2F7")}) {
            const auto answer = m_client->commit(id, body, revision);
            QCOMPARE(answer.status, 404);
            QCOMPARE(answer.header("X-Error-Code"), "RevisionNotFound");
        }
        QCOMPARE(m_client->commit(id, body, "a..b").status, 400);
        QCOMPARE(m_client->commit(id, body, "%ff").status, 400);
        QCOMPARE(m_client->head(id), oid);
    }

    void whoMayCommit()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray body = Header + fileLine("a", "b");
        const QByteArray path = "/api/models/" + id + "/commit/main";
        const auto anonymous = m_client->post(path, body, {});
        QCOMPARE(anonymous.status, 401);
        QCOMPARE(anonymous.header("WWW-Authenticate"), QByteArray());
        QCOMPARE(m_client->post(path, body, m_hub->newUser(QStringLiteral("reader"))).status, 403);
        QCOMPARE(m_client->post(path, body, HubFixture::bearer("hf_wrong")).status, 401);
        QCOMPARE(m_client->content(id, "a"), "status 404");
    }

    void tokenRevokedBetweenTwoRequests()
    {
        const QByteArray id = m_client->newPackage();
        access::NewToken wanted;
        wanted.name = QStringLiteral("short-lived");
        wanted.role = access::Principal::TokenRole::Full;
        auto& directory = m_hub->services().directory();
        const auto token = directory.createToken(m_hub->services().firstRun()->user, wanted);
        QVERIFY(token);
        const QByteArray path = "/api/models/" + id + "/commit/main";
        QCOMPARE(m_client->post(path, Header + fileLine("a", "1"), HubFixture::bearer(token->secret)).status,
                 200);
        QVERIFY(directory.revokeToken(token->info.id));
        QCOMPARE(m_client->post(path, Header + fileLine("a", "2"), HubFixture::bearer(token->secret)).status,
                 401);
        QCOMPARE(m_client->content(id, "a"), "1");
    }

    void releaseNeedsDeleteToBeReplaced()
    {
        QCOMPARE(m_client->commit("acme/released", Header + fileLine("a", "1"), "1.0").status, 200);
        const QByteArray deployer = m_hub->newUser(QStringLiteral("deployer"));
        access::Permission permission;
        permission.name = QStringLiteral("deploy-only");
        permission.repositories = {QStringLiteral("hf-local")};
        permission.users[QStringLiteral("deployer")] = {access::Action::Read, access::Action::Write};
        QVERIFY(m_hub->services().directory().createPermission(permission));

        const QByteArray files = quoted("{'files':[{'path':'a','size':1,'sample':''}]}");
        QCOMPARE(m_hub->send("POST", "/api/models/acme/released/preupload/1.0", deployer, files).status, 409);
        const auto deleted = m_hub->send("DELETE", "/api/models/acme/released/branch/1.0", deployer, {});
        QCOMPARE(deleted.status, 403);
        QVERIFY(deleted.header("X-Error-Message").contains("release"));
        QCOMPARE(m_client->post("/api/models/acme/released/commit/1.0", Header + fileLine("a", "2"), deployer)
                     .status,
                 409);
        QCOMPARE(m_client->post("/api/models/acme/released/commit/1.1", Header + fileLine("a", "2"), deployer)
                     .status,
                 200);
        QCOMPARE(m_client->content("acme/released", "a", "1.0"), "1");
    }

    void deletingNeedsTheDeleteRight()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray before = m_client->head(id);
        const QByteArray author = m_hub->newUser(QStringLiteral("author"));
        access::Permission permission;
        permission.name = QStringLiteral("write-only");
        permission.repositories = {QStringLiteral("hf-local")};
        permission.users[QStringLiteral("author")] = {access::Action::Read, access::Action::Write};
        QVERIFY(m_hub->services().directory().createPermission(permission));
        const auto check = [&](const http::RawResponse& answer) {
            QCOMPARE(answer.status, 403);
            QVERIFY2(answer.header("X-Error-Message")
                         .contains("needs the Delete/Overwrite permission on hf-local"),
                     answer.header("X-Error-Message").constData());
            QCOMPARE(m_client->head(id), before);
        };
        const QByteArray commit = "/api/models/" + id + "/commit/main";
        check(m_client->post(commit, Header + deletion("first.txt"), author));
        check(m_client->post(commit, Header + quoted("{'key':'deletedFolder','value':{'path':'x'}}\n"),
                             author));
        check(m_client->post(
            commit, Header + quoted("{'key':'file','value':{'path':'b','oldPath':'first.txt'}}\n"), author));
        check(m_hub->send("POST", "/api/models/" + id + "/branch/main", author,
                          quoted("{'emptyBranch':true,'overwrite':true}")));
        QCOMPARE(m_client->post(commit, Header + fileLine("first.txt", "changed"), author).status, 200);
        QCOMPARE(m_client->content(id, "first.txt"), "changed");
    }

    void quota()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray before = m_client->head(id);
        auto& services = m_hub->services();
        const QByteArray bearer = "Bearer " + services.firstRun()->token.toLatin1();
        access::Credentials credentials;
        credentials.authorization = bearer;
        const auto admin = services.authenticator().authenticate(credentials);
        QVERIFY(admin);
        const auto permit = services.policy().checkAdmin(*admin);
        QVERIFY(permit);
        const RepositoryKey key = *RepositoryKey::parse(u"hf-local");
        catalog::RepositorySettings settings = services.browse().repository(key)->settings;
        const QByteArray uploadPath = '/' + id + ".git/info/lfs/objects/batch";
        const QByteArray upload = quoted("{'operation':'upload','objects':[{'oid':'") + QByteArray(64, 'f') +
                                  quoted("','size':5}]}");
        const auto batch = m_hub->send("POST", uploadPath, m_hub->admin(), upload);
        settings.quotaBytes = 1;
        QVERIFY(services.repositories().change(*permit, key, settings));
        const QStringList files = storedFiles(services);

        const auto refused = m_client->commit(id, Header + fileLine("a", QByteArray(100'000, 'x')));
        const QByteArray href =
            objectOf(batch).value(u"objects")[0][u"actions"][u"upload"][u"href"].toString().toUtf8();
        QVERIFY(href.contains("/lfs/"));
        const auto object = m_hub->send("PUT", href.sliced(href.indexOf("/lfs/")), {}, "12345");
        const auto full = m_hub->send("POST", uploadPath, m_hub->admin(), upload);
        const auto preupload = [&](const QByteArray& file) {
            return m_hub->send("POST", "/api/models/" + id + "/preupload/main", m_hub->admin(),
                               quoted("{'files':[{'size':6,'path':'") + file + quoted("'}]}"));
        };
        const int newFile = preupload("new.txt").status;
        const int sameFile = preupload("first.txt").status;
        settings.quotaBytes = 0;
        QVERIFY(services.repositories().change(*permit, key, settings));

        QCOMPARE(refused.status, 507); // which clients do not retry
        QVERIFY(refused.header("X-Error-Message").contains("quota"));
        QCOMPARE(object.status, 507);
        const QJsonValue answer = objectOf(full).value(u"objects")[0];
        QCOMPARE(answer[u"error"][u"code"].toInt(), 507);
        QVERIFY(!answer.toObject().contains(u"actions"));
        QCOMPARE(newFile, 507);
        QCOMPARE(sameFile, 200);
        QCOMPARE(m_client->head(id), before);
        QTRY_COMPARE(storedFiles(services), files);
        QCOMPARE(m_client->commit(id, Header + fileLine("a", QByteArray(100'000, 'x'))).status, 200);
    }

    /// Whatever byte the client dies at, nothing is visible and nothing keeps running.
    void clientDiesAtAnyByte()
    {
        const QByteArray id = m_client->newPackage();
        const QByteArray before = m_client->head(id);
        const QStringList files = storedFiles(m_hub->services());
        const QByteArray body = Header + fileLine("a.txt", QByteArray(40, 'a')) +
                                lfsLine("w.bin", QByteArray(64, 'e'), 5) + deletion("first.txt");
        const QByteArray request = "POST " + HubFixture::Prefix + "/api/models/" + id +
                                   "/commit/main HTTP/1.1\r\nHost: localhost\r\n" + m_hub->admin();
        for (const bool chunked : {false, true}) {
            for (qsizetype length = 0; length < body.size(); length += 7) {
                http::RawClient client = m_hub->client();
                QVERIFY(client.send(request));
                if (chunked) {
                    QVERIFY(client.send("Transfer-Encoding: chunked\r\n\r\n"));
                    if (length > 0)
                        QVERIFY(client.send(QByteArray::number(length, 16) + "\r\n" + body.left(length) +
                                            "\r\n"));
                } else {
                    QVERIFY(client.send("Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" +
                                        body.left(length)));
                }
                if (length % 2 == 0)
                    client.reset();
                else
                    client.close();
            }
        }
        QTRY_COMPARE(m_client->runningTransfers(), 0);
        QCOMPARE(storedFiles(m_hub->services()), files);
        QCOMPARE(m_client->head(id), before);
        QCOMPARE(m_client->content(id, "first.txt"), "first\n");
        QCOMPARE(m_client->content(id, "a.txt"), "status 404");
    }
};

QTEST_GUILESS_MAIN(HubCommitRefusalsTest)
#include "tst_hubcommitrefusals.moc"
