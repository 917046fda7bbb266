// SPDX-License-Identifier: Apache-2.0
// What the Hub's own routes tell Xet clients (xet.md 7, hub-api 11).
#include "casfixture.h"

#include <QJsonArray>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::cas;

namespace {

constexpr qsizetype MiB = 1024 * 1024;

} // namespace

class TestXetHubSide : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<CasFixture> m_hub;
    const XetContent m_content = XetContent::random(MiB, 1);

    [[nodiscard]] http::RawResponse batch(const QByteArray& transfers)
    {
        return m_hub->send("POST", "/acme/bert.git/info/lfs/objects/batch", m_hub->admin(),
                           R"({"operation":"upload","transfers":[)" + transfers + R"(],"objects":[{"oid":")" +
                               m_content.sha256Hex() + R"(","size":1048576}],"hash_algo":"sha_256"})",
                           "application/vnd.git-lfs+json");
    }

private slots:
    void init() { m_hub = std::make_unique<CasFixture>(); }

    void tokens_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("anonymous");
        const QByteArray bert = "/api/models/acme/bert/xet-";
        QTest::newRow("read") << bert + "read-token/main" << 200 << false;
        QTest::newRow("read, anonymous") << bert + "read-token/main" << 200 << true;
        QTest::newRow("None") << bert + "read-token/None" << 200 << false;
        QTest::newRow("no revision") << bert + "read-token" << 200 << false;
        QTest::newRow("no such revision") << bert + "read-token/nowhere" << 404 << false;
        QTest::newRow("no such package")
            << QByteArray("/api/models/acme/none/xet-read-token/main") << 404 << false;
        QTest::newRow("write") << bert + "write-token/main" << 200 << false;
        QTest::newRow("write, None") << bert + "write-token/None" << 200 << false;
        QTest::newRow("write, pull request") << bert + "write-token/main?create_pr=1" << 200 << false;
        QTest::newRow("write, new release") << bert + "write-token/v1" << 200 << false;
        QTest::newRow("write, new package")
            << QByteArray("/api/models/acme/new/xet-write-token/main") << 200 << false;
        QTest::newRow("write, anonymous") << bert + "write-token/main" << 401 << true;
        QTest::newRow("bucket") << QByteArray("/api/buckets/acme/bert/xet-read-token") << 404 << false;
    }
    void tokens()
    {
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(bool, anonymous);
        const auto answer = m_hub->get(path, anonymous ? QByteArray() : m_hub->admin());
        QCOMPARE(answer.status, status);
        if (status != 200)
            return;
        const QJsonObject json = objectOf(answer);
        QCOMPARE(json.value(u"casUrl").toString().toLatin1(), "http://localhost" + m_hub->base());
        QCOMPARE(answer.header("X-Xet-Cas-Url"), json.value(u"casUrl").toString().toLatin1());
        QCOMPARE(answer.header("X-Xet-Access-Token"), json.value(u"accessToken").toString().toLatin1());
        QCOMPARE(answer.header("X-Xet-Token-Expiration").toLongLong(), json.value(u"exp").toInteger());
        const qint64 life = json.value(u"exp").toInteger() - SystemClock().nowMs() / 1000;
        QVERIFY(life > 3500 && life <= 3600);
    }

    void writeTokenOfReleaseNeedsTheRight()
    {
        m_hub->commit(PackageType::Model, QStringLiteral("acme/bert"), QStringLiteral("v1"), {{"a", "1"}});
        const QByteArray writer = m_hub->newUser(QStringLiteral("writer"));
        access::Permission permission;
        permission.name = QStringLiteral("writers");
        permission.repositories = {QStringLiteral("hf-local")};
        permission.users[QStringLiteral("writer")] = {access::Action::Read, access::Action::Write};
        QVERIFY(m_hub->services().directory().createPermission(permission));
        QCOMPARE(m_hub->get("/api/models/acme/bert/xet-write-token/v1", writer).status, 409);
        QCOMPARE(m_hub->get("/api/models/acme/bert/xet-write-token/main", writer).status, 200);
        QCOMPARE(m_hub->get("/api/models/acme/bert/xet-write-token/v1", m_hub->admin()).status, 200);
    }

    void nothingOfXetWithTheSwitchOff()
    {
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        m_hub->setXet(false);
        for (const QByteArray& kind : {QByteArray("read"), QByteArray("write")})
            QCOMPARE(m_hub->get("/api/models/acme/bert/xet-" + kind + "-token/main", m_hub->admin()).status,
                     409);
        const auto head = m_hub->head("/acme/bert/resolve/main/a.bin", m_hub->admin());
        QCOMPARE(head.status, 200);
        QVERIFY(head.header("X-Xet-Hash").isNull());
        QVERIFY(head.header("Link").isNull());
        const auto tree = m_hub->get("/api/models/acme/bert/tree/main", m_hub->admin());
        QVERIFY(!tree.body.contains("xetHash"));
        QCOMPARE(objectOf(batch(R"("basic","xet")")).value(u"transfer"), QJsonValue(QStringLiteral("basic")));
        const auto info = m_hub->get("/api/models/acme/bert?expand=xetEnabled", m_hub->admin());
        QCOMPARE(objectOf(info).value(u"xetEnabled"), QJsonValue(false));
    }

    void resolveTellsOfXet()
    {
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        // The second HEAD is answered from memory.
        for (int i = 0; i < 2; ++i) {
            const auto head = m_hub->head("/acme/bert/resolve/main/a.bin", m_hub->admin());
            QCOMPARE(head.status, 200);
            QCOMPARE(head.header("X-Xet-Hash"), m_content.file.toText());
            const QByteArray refresh = "http://localhost" + HubFixture::Prefix +
                                       "/api/models/acme/bert/xet-read-token/" + head.header("X-Repo-Commit");
            QCOMPARE(head.header("X-Xet-Refresh-Route"), refresh);
            QCOMPARE(head.header("Link"), '<' + refresh + ">; rel=\"xet-auth\", <http://localhost" +
                                              m_hub->base() + "/v1/reconstructions/" +
                                              m_content.file.toText() + ">; rel=\"xet-reconstruction-info\"");
            QCOMPARE(m_hub->ask("GET", QUrl(QString::fromLatin1(refresh)).path().toLatin1(), m_hub->admin())
                         .status,
                     200);
        }
    }

    void regularFilesHaveNoXet()
    {
        m_hub->commit(PackageType::Model, QStringLiteral("acme/bert"), QStringLiteral("main"),
                      {{"config.json", "{}"}});
        const auto head = m_hub->head("/acme/bert/resolve/main/config.json", m_hub->admin());
        QCOMPARE(head.status, 200);
        QVERIFY(head.header("X-Xet-Hash").isNull());
    }

    void fileInfoForJavaScript()
    {
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        const auto answer = m_hub->get(
            "/acme/bert/resolve/main/a.bin",
            m_hub->admin() + "Accept: application/vnd.xet-fileinfo+json, */*\r\nRange: bytes=0-0\r\n");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.header("Content-Type"), "application/vnd.xet-fileinfo+json");
        QCOMPARE(answer.header("X-Linked-Size").toLongLong(), m_content.bytes.size());
        QCOMPARE(answer.header("X-Linked-ETag"), '"' + m_content.sha256Hex() + '"');
        QCOMPARE(answer.header("X-Xet-Hash"), m_content.file.toText());
        // A file without Xet is answered as ever.
        m_hub->commit(PackageType::Model, QStringLiteral("acme/bert"), QStringLiteral("main"),
                      {{"b", "bytes"}});
        const auto plain = m_hub->get(
            "/acme/bert/resolve/main/b",
            m_hub->admin() + "Accept: application/vnd.xet-fileinfo+json, */*\r\nRange: bytes=0-0\r\n");
        QCOMPARE(plain.status, 206);
        QCOMPARE(plain.body, "b");
    }

    void listingsHaveTheHash()
    {
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        const QString hash = QString::fromLatin1(m_content.file.toText());
        const auto find = [](const http::RawResponse& answer) {
            for (const QJsonValue& entry : QJsonDocument::fromJson(answer.body).array()) {
                if (entry.toObject().value(u"path") == QJsonValue(QStringLiteral("a.bin")))
                    return entry.toObject().value(u"xetHash").toString();
            }
            return QString();
        };
        QCOMPARE(find(m_hub->get("/api/models/acme/bert/tree/main", m_hub->admin())), hash);
        QCOMPARE(find(m_hub->send("POST", "/api/models/acme/bert/paths-info/main", m_hub->admin(),
                                  "paths=a.bin", "application/x-www-form-urlencoded")),
                 hash);
    }

    void xetEnabled()
    {
        const auto info = m_hub->get("/api/models/acme/bert/revision/main?expand=xetEnabled", m_hub->admin());
        QCOMPARE(objectOf(info).value(u"xetEnabled"), QJsonValue(true));
    }

    void batchSendsToTheCas()
    {
        const auto answer = batch(R"("basic","multipart","xet")");
        QCOMPARE(answer.status, 200);
        const QJsonObject json = objectOf(answer);
        QCOMPARE(json.value(u"transfer"), QJsonValue(QStringLiteral("xet")));
        const QJsonObject upload = json.value(u"objects")
                                       .toArray()
                                       .at(0)
                                       .toObject()
                                       .value(u"actions")
                                       .toObject()
                                       .value(u"upload")
                                       .toObject();
        QVERIFY(upload.value(u"href").toString().endsWith(u"/api/models/acme/bert/xet-write-token/main"));
        const QJsonObject header = upload.value(u"header").toObject();
        QCOMPARE(header.value(u"X-Xet-Cas-Url").toString().toLatin1(), "http://localhost" + m_hub->base());
        QVERIFY(!header.value(u"X-Xet-Access-Token").toString().isEmpty());
        QVERIFY(header.value(u"X-Xet-Token-Expiration").toString().toLongLong() > 0);

        QCOMPARE(objectOf(batch(R"("basic","multipart")")).value(u"transfer"),
                 QJsonValue(QStringLiteral("basic")));

        m_hub->upload(m_content);
        QVERIFY(!batch(R"("basic","multipart","xet")").body.contains("actions"));
    }

    void tokensEndWithTheHubToken()
    {
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        const QByteArray user = m_hub->newUser(QStringLiteral("bob"));
        const QByteArray token = m_hub->tokenOf("read", user);
        const QByteArray path = "/v1/reconstructions/" + m_content.file.toText();
        const auto answer = m_hub->cas("GET", path, token);
        QCOMPARE(answer.status, 200);
        const QString url = objectOf(answer)
                                .value(u"fetch_info")
                                .toObject()
                                .value(QString::fromLatin1(m_content.xorb.toText()))
                                .toArray()
                                .at(0)
                                .toObject()
                                .value(u"url")
                                .toString();
        const QByteArray target = QUrl(url).path().toLatin1();
        QCOMPARE(m_hub->ask("GET", target).status, 206);
        access::Directory& directory = m_hub->services().directory();
        QVERIFY(directory.revokeToken(directory.tokens(QStringLiteral("bob")).first().id));
        QCOMPARE(m_hub->cas("GET", path, token).status, 401);
        QCOMPARE(m_hub->ask("GET", target).status, 403);
    }
};

QTEST_GUILESS_MAIN(TestXetHubSide)
#include "tst_xethubside.moc"
