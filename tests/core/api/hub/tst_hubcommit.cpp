// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "hubfixture.h"
#include "quoted.h"
#include "storedfiles.h"

#include <QJsonArray>
#include <QTest>

#include <thread>

using namespace hublet;
using namespace hublet::api;
using hublet::api::test::quoted;
using hublet::api::test::storedFiles;

namespace {

const QByteArray Header = quoted("{'key':'header','value':{'summary':'a commit'}}\n");

QByteArray fileLine(const QByteArray& path, const QByteArray& content)
{
    return quoted("{'key':'file','value':{'content':'") + content.toBase64() + quoted("','path':'") + path +
           quoted("','encoding':'base64'}}\n");
}

QByteArray lfsLine(const QByteArray& path, const QByteArray& oid, qint64 size)
{
    return quoted("{'key':'lfsFile','value':{'path':'") + path + quoted("','algo':'sha256','oid':'") + oid +
           quoted("','size':") + QByteArray::number(size) + "}}\n";
}

QByteArray deletion(const QByteArray& path)
{
    return quoted("{'key':'deletedFile','value':{'path':'") + path + "\"}}\n";
}

QByteArray headerWithParent(const QByteArray& parent)
{
    return quoted("{'key':'header','value':{'summary':'s','parentCommit':'") + parent + "\"}}\n";
}

} // namespace

class HubCommitTest : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    int m_packages = 0;

    /// A new package with one file on main.
    QByteArray newPackage(PackageType type = PackageType::Model)
    {
        const QString id = QStringLiteral("Acme/p%1").arg(++m_packages);
        m_hub->createPackage(type, id);
        m_hub->commit(type, id, QStringLiteral("main"), {{"first.txt", "first\n"}});
        return id.toUtf8();
    }
    http::RawResponse post(const QByteArray& path, const QByteArray& body, const QByteArray& headers)
    {
        return m_hub->send("POST", path, headers, body, "application/x-ndjson");
    }
    http::RawResponse commit(const QByteArray& id, const QByteArray& body,
                             const QByteArray& revision = "main")
    {
        return post("/api/models/" + id + "/commit/" + revision, body, m_hub->admin());
    }
    QByteArray head(const QByteArray& id, const QByteArray& revision = "main")
    {
        const auto answer = m_hub->get("/api/models/" + id + "/revision/" + revision, m_hub->admin());
        return objectOf(answer).value(u"sha").toString().toLatin1();
    }
    QByteArray content(const QByteArray& id, const QByteArray& path, const QByteArray& revision = "main")
    {
        const auto answer = m_hub->get('/' + id + "/resolve/" + revision + '/' + path, m_hub->admin());
        return answer.status == 200 ? answer.body : "status " + QByteArray::number(answer.status);
    }
    qint64 runningTransfers()
    {
        qint64 running = 0;
        for (const auto& transfer : m_hub->services().transfers().snapshot())
            running += transfer.endedMs == 0 ? 1 : 0;
        return running;
    }

private slots:
    void initTestCase() { m_hub = std::make_unique<HubFixture>(); }
    void cleanupTestCase() { m_hub.reset(); }

    void everyOperation()
    {
        const QByteArray id = newPackage();
        const QByteArray awkward = "data/a b \xc3\xa4 #%41?.txt";
        auto answer = commit(id, Header + fileLine("dir/one.txt", "one") + fileLine("dir/two.txt", "two") +
                                     fileLine(awkward, "awkward") + fileLine("empty", "") +
                                     fileLine("old.txt", "moved"));
        QCOMPARE(answer.status, 200);
        answer = commit(id, Header + deletion("dir/one.txt") +
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
        QCOMPARE(head(id), oid);

        QCOMPARE(content(id, "first.txt"), "first\n");
        QCOMPARE(content(id, "dir/one.txt"), "status 404");
        QCOMPARE(content(id, "dir/two.txt"), "two");
        QCOMPARE(content(id, awkward.toPercentEncoding("/")), "awkward");
        QCOMPARE(content(id, "empty"), "");
        QCOMPARE(content(id, "old.txt"), "status 404");
        QCOMPARE(content(id, "new.txt"), "moved");
        QCOMPARE(content(id, "copy.txt"), "first\n");
        QCOMPARE(content(id, "utf8.txt"), "gr\xc3\xbc\xc3\x9f");

        QCOMPARE(commit(id, Header + quoted("{'key':'deletedFolder','value':{'path':'dir/'}}")).status, 200);
        QCOMPARE(content(id, "dir/two.txt"), "status 404");
        QCOMPARE(content(id, "dir/two.txt", oid), "two"); // older commits stay
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
        const QByteArray id = newPackage(type);
        const auto answer =
            post("/api/" + packageTypePlural(type).toUtf8() + '/' + id.toLower() + "/commit/main?create_pr=1",
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
        const QByteArray id = newPackage();
        const QByteArray before = head(id);
        const auto answer = post("/api/models/" + id + "/commit/main?create_pr=1&hot_reload=1",
                                 Header + fileLine("pr.txt", "pr"), m_hub->admin());
        QCOMPARE(answer.status, 200);
        QCOMPARE(head(id), before);
        QCOMPARE(content(id, "pr.txt", "refs%2Fpr%2F1"), "pr");
        QCOMPARE(content(id, "pr.txt"), "status 404");
        // And more commits go onto it, with the ref in one segment or in three.
        QCOMPARE(commit(id, Header + fileLine("pr2.txt", "2"), "refs%2Fpr%2F1").status, 200);
        QCOMPARE(commit(id, Header + fileLine("pr3.txt", "3"), "refs/pr/1").status, 200);
        QCOMPARE(content(id, "pr3.txt", "refs%2Fpr%2F1"), "3");
    }

    void largeFileInline()
    {
        const QByteArray id = newPackage();
        QByteArray bytes(12 * 1024 * 1024, Qt::Uninitialized);
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = char((i * 2654435761U) >> 11);
        QCOMPARE(commit(id, Header + fileLine("big.bin", bytes)).status, 200);
        QCOMPARE(content(id, "big.bin"), bytes);
    }

    void replayFindsItsCommit()
    {
        const QByteArray id = newPackage();
        const QByteArray body = Header + fileLine("a.txt", "a");
        const auto first = commit(id, body);
        const auto second = commit(id, body);
        QCOMPARE(first.status, 200);
        QCOMPARE(second.status, 200);
        QCOMPARE(objectOf(second).value(u"commitOid"), objectOf(first).value(u"commitOid"));
        QCOMPARE(commit(id, Header + fileLine("b.txt", "b")).status, 200);
        QVERIFY(head(id) != objectOf(first).value(u"commitOid").toString().toLatin1());
    }

    void parentCommit()
    {
        const QByteArray id = newPackage();
        const QByteArray parent = head(id);
        QCOMPARE(commit(id, headerWithParent(parent) + fileLine("a", "1")).status, 200);
        const QByteArray moved = head(id);
        QCOMPARE(commit(id, headerWithParent(moved.left(7)) + fileLine("a", "2")).status, 200);
        const QByteArray last = head(id);
        const auto late = commit(id, headerWithParent(parent) + fileLine("a", "3"));
        QCOMPARE(late.status, 412);
        QVERIFY(late.header("X-Error-Message").contains("A commit has happened since."));
        QCOMPARE(head(id), last);
        QCOMPARE(content(id, "a"), "2");
    }

    void raceOnOneParent()
    {
        const QByteArray id = newPackage();
        const QByteArray parent = head(id);
        constexpr int Clients = 6;
        std::array<int, Clients> statuses{};
        std::vector<std::thread> threads;
        for (int i = 0; i < Clients; ++i) {
            threads.emplace_back([&, i] {
                statuses[std::size_t(i)] =
                    commit(id, headerWithParent(parent) + fileLine("f" + QByteArray::number(i), "x")).status;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(std::count(statuses.begin(), statuses.end(), 200), 1);
        QCOMPARE(std::count(statuses.begin(), statuses.end(), 412), Clients - 1);
    }

    void raceWithoutParent()
    {
        const QByteArray id = newPackage();
        constexpr int Clients = 6;
        std::array<int, Clients> statuses{};
        std::vector<std::thread> threads;
        for (int i = 0; i < Clients; ++i) {
            threads.emplace_back([&, i] {
                statuses[std::size_t(i)] =
                    commit(id, Header + fileLine("f" + QByteArray::number(i), "x")).status;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(std::count(statuses.begin(), statuses.end(), 200), Clients);
        for (int i = 0; i < Clients; ++i)
            QCOMPARE(content(id, "f" + QByteArray::number(i)), "x"); // each landed on top of the others
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
        for (const char* path : {"", "/a", "a/../b", ".", "./a", "a//b", "..\\\\ddd", ".git/config",
                                 "a/.GIT/b", "a\\u0000b", "a\\n"})
            QTest::addRow("path '%s'", path)
                << good + fileLine(path, "x") << 422 << QByteArray() << QByteArray("Invalid path");
        QTest::newRow("long path") << good + fileLine(QByteArray(300, 'a'), "x") << 422 << QByteArray()
                                   << QByteArray("longer");
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
        const QByteArray id = newPackage();
        const QByteArray before = head(id);
        const QStringList files = storedFiles(m_hub->services());
        const auto answer = commit(id, body);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.header("X-Error-Code"), code);
        QVERIFY2(answer.header("X-Error-Message").contains(part),
                 answer.header("X-Error-Message").constData());
        QCOMPARE(answer.header("WWW-Authenticate"), QByteArray());
        QVERIFY(!objectOf(answer).value(u"error").toString().isEmpty());
        QCOMPARE(head(id), before);
        QCOMPARE(content(id, "good.txt"), "status 404");
        QTRY_COMPARE(storedFiles(m_hub->services()), files);
    }

    void revisionThatTakesNoCommits()
    {
        const QByteArray id = newPackage();
        const QByteArray oid = head(id);
        QCOMPARE(
            m_hub->send("POST", "/api/models/" + id + "/tag/main", m_hub->admin(), quoted("{'tag':'v1'}"))
                .status,
            200);
        const QByteArray body = Header + fileLine("a", "b");
        for (const QByteArray& revision : {QByteArray("v1"), oid, QByteArray("refs%2Fpr%2F7")}) {
            const auto answer = commit(id, body, revision);
            QCOMPARE(answer.status, 404);
            QCOMPARE(answer.header("X-Error-Code"), "RevisionNotFound");
        }
        QCOMPARE(commit(id, body, "a..b").status, 400);
        QCOMPARE(commit(id, body, "%ff").status, 400);
        QCOMPARE(head(id), oid);
    }

    void whoMayCommit()
    {
        const QByteArray id = newPackage();
        const QByteArray body = Header + fileLine("a", "b");
        const QByteArray path = "/api/models/" + id + "/commit/main";
        const auto anonymous = post(path, body, {});
        QCOMPARE(anonymous.status, 401);
        QCOMPARE(anonymous.header("WWW-Authenticate"), QByteArray());
        QCOMPARE(post(path, body, m_hub->newUser(QStringLiteral("reader"))).status, 403);
        QCOMPARE(post(path, body, HubFixture::bearer("hf_wrong")).status, 401);
        QCOMPARE(content(id, "a"), "status 404");
    }

    void tokenRevokedBetweenTwoRequests()
    {
        const QByteArray id = newPackage();
        access::NewToken wanted;
        wanted.name = QStringLiteral("short-lived");
        wanted.role = access::Principal::TokenRole::Full;
        auto& directory = m_hub->services().directory();
        const auto token = directory.createToken(m_hub->services().firstRun()->user, wanted);
        QVERIFY(token);
        const QByteArray path = "/api/models/" + id + "/commit/main";
        QCOMPARE(post(path, Header + fileLine("a", "1"), HubFixture::bearer(token->secret)).status, 200);
        QVERIFY(directory.revokeToken(token->info.id));
        QCOMPARE(post(path, Header + fileLine("a", "2"), HubFixture::bearer(token->secret)).status, 401);
        QCOMPARE(content(id, "a"), "1");
    }

    /// Whatever byte the client dies at, nothing is visible and nothing keeps running.
    void clientDiesAtAnyByte()
    {
        const QByteArray id = newPackage();
        const QByteArray before = head(id);
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
        QTRY_COMPARE(runningTransfers(), 0);
        QCOMPARE(storedFiles(m_hub->services()), files);
        QCOMPARE(head(id), before);
        QCOMPARE(content(id, "first.txt"), "first\n");
        QCOMPARE(content(id, "a.txt"), "status 404");
    }

    void chunkedBody()
    {
        const QByteArray id = newPackage();
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
        QCOMPARE(content(id, "chunked.txt"), "by pieces");
    }

    void unknownPackageAndRevisionAreCreated()
    {
        QCOMPARE(commit("acme/brand-new", Header + fileLine("a", "b"), "2026-01").status, 200);
        QCOMPARE(content("acme/brand-new", "a", "2026-01"), "b");
    }

    /// What huggingface_hub 0.30 to 0.35 asks before it uploads, and gives up on a 404.
    void uploadProbe()
    {
        const QByteArray path = "/api/models/acme/not-yet/revision/2026-02?expand=xetEnabled";
        const auto answer = m_hub->get(path, m_hub->admin());
        QCOMPARE(answer.status, 200);
        QCOMPARE(objectOf(answer).value(u"xetEnabled"), QJsonValue(false));
        QCOMPARE(objectOf(answer).value(u"id").toString(), QStringLiteral("acme/not-yet"));
        QCOMPARE(
            m_hub->get("/api/models/" + newPackage() + "/revision/2026-02?expand=xetEnabled", m_hub->admin())
                .status,
            200);
        QCOMPARE(m_hub->get(path).status, 401);
        QCOMPARE(m_hub->get(path, m_hub->newUser(QStringLiteral("prober"))).status, 404);
        QCOMPARE(m_hub->get(path + "&expand=sha", m_hub->admin()).status, 404);
        QCOMPARE(m_hub->get("/api/models/acme/not-yet/revision/2026-02", m_hub->admin()).status, 404);
    }

    void preupload()
    {
        const QByteArray id = newPackage();
        const QByteArray sample = QByteArray("text").toBase64();
        const QByteArray body =
            quoted("{'files':[{'path':'first.txt','sample':'") + sample +
            quoted("','size':4,'sha':'ignored'},{'path':'model.safetensors','sample':'") + sample +
            quoted("','size':100},{'path':'empty','sample':'','size':0},"
                   "{'path':'skip/me.tmp','sample':'','size':1}],'gitIgnore':'*.tmp\\n'}");
        const auto files = [&](const QByteArray& headers) {
            const auto answer =
                m_hub->send("POST", "/api/models/" + id + "/preupload/main", m_hub->admin() + headers, body);
            QHash<QString, QJsonObject> byPath;
            for (const QJsonValue& file : objectOf(answer).value(u"files").toArray())
                byPath.insert(file[u"path"].toString(), file.toObject());
            return byPath;
        };
        auto answer = files("User-Agent: x; hf_hub/1.19.0; y\r\n");
        QCOMPARE(answer.size(), 4);
        QCOMPARE(answer[QStringLiteral("first.txt")].value(u"uploadMode").toString(),
                 QStringLiteral("regular"));
        QCOMPARE(answer[QStringLiteral("first.txt")].value(u"shouldIgnore"), QJsonValue(false));
        const QByteArray oid = gitObjectOid("blob", "first\n").toHex();
        QCOMPARE(answer[QStringLiteral("first.txt")].value(u"oid").toString().toLatin1(), oid);
        QCOMPARE(answer[QStringLiteral("model.safetensors")].value(u"uploadMode").toString(),
                 QStringLiteral("lfs"));
        QVERIFY(!answer[QStringLiteral("model.safetensors")].contains(u"oid"));
        QCOMPARE(answer[QStringLiteral("empty")].value(u"uploadMode").toString(), QStringLiteral("regular"));
        QCOMPARE(answer[QStringLiteral("skip/me.tmp")].value(u"shouldIgnore"), QJsonValue(true));

        // Clients that may have hf_xet get everything regular while there is no CAS; no oid for those that
        // misread URLs.
        answer = files("User-Agent: x; hf_hub/1.20.0; y\r\n");
        QCOMPARE(answer[QStringLiteral("model.safetensors")].value(u"uploadMode").toString(),
                 QStringLiteral("regular"));
        answer = files("User-Agent: x; hf_hub/1.1.0; y\r\n");
        QVERIFY(!answer[QStringLiteral("first.txt")].contains(u"oid"));
    }

    void preuploadRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::newRow("not JSON") << QByteArray("{") << 400;
        QTest::newRow("files is no list") << quoted("{'files':{}}") << 400;
        QTest::newRow("file is no object") << quoted("{'files':['a']}") << 400;
        QTest::newRow("no path") << quoted("{'files':[{'size':1}]}") << 400;
        QTest::newRow("no size") << quoted("{'files':[{'path':'a'}]}") << 400;
        QTest::newRow("negative size") << quoted("{'files':[{'path':'a','size':-1}]}") << 400;
        QTest::newRow("bad sample") << quoted("{'files':[{'path':'a','size':1,'sample':'*'}]}") << 400;
        QTest::newRow("bad path") << quoted("{'files':[{'path':'../a','size':1}]}") << 422;
        QTest::newRow("gitIgnore is no text") << quoted("{'files':[],'gitIgnore':1}") << 400;
    }
    void preuploadRefused()
    {
        QFETCH(QByteArray, body);
        const auto answer =
            m_hub->send("POST", "/api/models/acme/anything/preupload/main", m_hub->admin(), body);
        QTEST(answer.status, "status");
        QVERIFY(!objectOf(answer).value(u"error").toString().isEmpty());
    }

    void releaseNeedsDeleteToBeReplaced()
    {
        QCOMPARE(commit("acme/released", Header + fileLine("a", "1"), "1.0").status, 200);
        const QByteArray deployer = m_hub->newUser(QStringLiteral("deployer"));
        access::Permission permission;
        permission.name = QStringLiteral("deploy-only");
        permission.repositories = {QStringLiteral("hf-local")};
        permission.users[QStringLiteral("deployer")] = {access::Action::Read, access::Action::Write};
        QVERIFY(m_hub->services().directory().createPermission(permission));

        const QByteArray files = quoted("{'files':[{'path':'a','size':1,'sample':''}]}");
        QCOMPARE(m_hub->send("POST", "/api/models/acme/released/preupload/1.0", deployer, files).status, 409);
        QCOMPARE(post("/api/models/acme/released/commit/1.0", Header + fileLine("a", "2"), deployer).status,
                 409);
        QCOMPARE(post("/api/models/acme/released/commit/1.1", Header + fileLine("a", "2"), deployer).status,
                 200);
        QCOMPARE(content("acme/released", "a", "1.0"), "1");
    }

    void validateYaml_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("errors");
        QTest::addColumn<bool>("warns");
        QTest::newRow("good") << quoted("{'repoType':'model','content':'---\\nlicense: mit\\n---\\n# Card'}")
                              << 200 << 0 << false;
        QTest::newRow("no front matter")
            << quoted("{'repoType':'dataset','content':'# Card'}") << 200 << 0 << true;
        QTest::newRow("broken") << quoted("{'repoType':'model','content':'---\\nlicense: [mit\\n---\\n'}")
                                << 400 << 1 << false;
    }
    void validateYaml()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, errors);
        QFETCH(bool, warns);
        const auto answer = m_hub->send("POST", "/api/validate-yaml", {}, body);
        QTEST(answer.status, "status");
        QCOMPARE(objectOf(answer).value(u"errors").toArray().size(), errors);
        QVERIFY(objectOf(answer).value(u"warnings").isArray());
        if (warns)
            QVERIFY(!objectOf(answer).value(u"warnings").toArray().isEmpty());
        for (const QJsonValue& error : objectOf(answer).value(u"errors").toArray())
            QVERIFY(!error[u"message"].toString().isEmpty());
    }
    void validateYamlAnswersInJsonWhateverComes()
    {
        for (const QByteArray& body : {QByteArray("x"), quoted("{}"), quoted("{'content':1}")}) {
            const auto answer = m_hub->send("POST", "/api/validate-yaml", {}, body);
            QCOMPARE(answer.status, 400);
            QVERIFY(objectOf(answer).contains(u"error"));
        }
    }
};

QTEST_GUILESS_MAIN(HubCommitTest)
#include "tst_hubcommit.moc"
