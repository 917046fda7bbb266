// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"
#include "quoted.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;

namespace {

const QByteArray Text = "first line\nsecond line\n";
const QByteArray Big(3'000, 'w');

QStringList namesOf(const http::RawResponse& listing, QStringView key)
{
    QStringList names;
    const QJsonArray items = QJsonDocument::fromJson(listing.body).array();
    for (const QJsonValue& item : items)
        names += item.toObject().value(key).toString();
    return names;
}

} // namespace

class TestHubReading : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    QByteArray m_head; ///< commit of acme/bert@main

private slots:
    void initTestCase()
    {
        m_hub = std::make_unique<HubFixture>();
        m_hub->createPackage(PackageType::Model, QStringLiteral("Acme/Bert"));
        m_head = m_hub->commit(PackageType::Model, QStringLiteral("acme/bert"), QStringLiteral("main"),
                               {{"README.md", Text},
                                {"empty.txt", {}},
                                {"data/to? #1%.txt", Text},
                                {"weights/big.bin", Big, true}});
        m_hub->createPackage(PackageType::Dataset, QStringLiteral("acme/squad"));
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/hidden"), true);
    }
    void cleanupTestCase() { m_hub.reset(); }

    void whoami()
    {
        const auto nobody = m_hub->get("/api/whoami-v2");
        QCOMPARE(nobody.status, 401);
        QCOMPARE(nobody.header("X-Error-Message"), "Invalid username or password.");
        const auto wrong = m_hub->get("/api/whoami-v2", HubFixture::bearer("hf_wrong"));
        QCOMPARE(wrong.status, 401);
        QCOMPARE(wrong.header("X-Error-Message"), "Invalid credentials in Authorization header");
        QCOMPARE(wrong.header("WWW-Authenticate"), QByteArray());
        const auto known = m_hub->get("/api/whoami-v2", m_hub->admin());
        QCOMPARE(known.status, 200);
        const QJsonObject who = objectOf(known);
        QCOMPARE(who.value(u"type").toString(), QStringLiteral("user"));
        QCOMPARE(who.value(u"name").toString(), QStringLiteral("admin"));
        QCOMPARE(who.value(u"id").toString().size(), 24);
        const QJsonObject token = who.value(u"auth").toObject().value(u"accessToken").toObject();
        QCOMPARE(token.value(u"role").toString(), QStringLiteral("write"));
        QVERIFY(!token.value(u"displayName").toString().isEmpty());
        QVERIFY(!known.header("X-Request-Id").isEmpty());
    }

    void wrongCredentialNeverCountsAsAnonymous()
    {
        QCOMPARE(m_hub->get("/api/models/acme/bert", HubFixture::bearer("hf_wrong")).status, 401);
        QCOMPARE(m_hub->get("/acme/bert/resolve/main/README.md", HubFixture::bearer("hf_wrong")).status, 401);
    }

    void unknownRoutes_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addRow("api") << HubFixture::Prefix + "/api/collections";
        QTest::addRow("type") << HubFixture::Prefix + "/api/kernels/acme/k";
        QTest::addRow("prefix alone") << HubFixture::Prefix;
        QTest::addRow("other api") << QByteArray("/artifactory/api/npm/hf-local/x");
        QTest::addRow("root") << QByteArray("/favicon.ico");
    }
    void unknownRoutes()
    {
        QFETCH(QByteArray, target);
        const auto response = m_hub->ask("GET", target, m_hub->admin());
        QCOMPARE(response.status, 404);
        QCOMPARE(objectOf(response), (QJsonObject{{QStringLiteral("error"), QStringLiteral("Not found")}}));
    }

    void wrongMethodNamesTheRightOnes()
    {
        const auto response =
            m_hub->ask("DELETE", HubFixture::Prefix + "/api/models/acme/bert", m_hub->admin());
        QCOMPARE(response.status, 405);
        QCOMPARE(response.header("Allow"), "GET, HEAD");
    }

    void absentAndHiddenAreAlike_data()
    {
        QTest::addColumn<QByteArray>("target");
        const auto row = [](const QByteArray& target) { QTest::addRow("%s", target.constData()) << target; };
        row(HubFixture::Prefix + "/api/models/acme/hidden");
        row(HubFixture::Prefix + "/api/models/acme/absent");
        row(HubFixture::Prefix + "/api/models/absent");
        row(HubFixture::Prefix + "/api/models/..");
        row(HubFixture::Prefix + "/api/spaces/acme/demo");
        row(HubFixture::Prefix + "/api/models/acme/hidden/refs");
        row(HubFixture::Prefix + "/api/models/acme/hidden/tree/main");
        row(HubFixture::Prefix + "/api/models/acme/hidden/auth-check");
        row(HubFixture::Prefix + "/acme/hidden/resolve/main/README.md");
        row(HubFixture::Prefix + "/acme/absent/resolve/main/README.md");
        row(HubFixture::Prefix + "/acme/hidden/raw/main/README.md");
        row("/artifactory/api/huggingfaceml/no-such-key/api/models/acme/bert");
        row("/artifactory/api/huggingfaceml/-bad-key-/api/models/acme/bert");
        row("/api/models/acme/bert"); // no default repository
    }
    void absentAndHiddenAreAlike()
    {
        QFETCH(QByteArray, target);
        static const QByteArray reader = m_hub->newUser(QStringLiteral("reader"));
        const QByteArray body = test::quoted("{'error':'Repository not found'}");
        const auto anonymous = m_hub->ask("GET", target);
        QCOMPARE(anonymous.status, 401);
        QCOMPARE(anonymous.header("X-Error-Code"), "RepoNotFound");
        QCOMPARE(anonymous.body, body);
        const auto known = m_hub->ask("GET", target, reader);
        QCOMPARE(known.status, 404);
        QCOMPARE(known.header("X-Error-Code"), "RepoNotFound");
        QCOMPARE(known.body, body);
        const auto head = m_hub->ask("HEAD", target, reader);
        QCOMPARE(head.status, 404);
        QCOMPARE(head.header("X-Error-Code"), "RepoNotFound");
    }

    void defaultRepositoryAtTheRoot()
    {
        m_hub->api().setDefaultRepository(*RepositoryKey::parse(u"hf-local"));
        const auto response = m_hub->ask("GET", "/acme/bert/resolve/main/README.md");
        m_hub->api().setDefaultRepository(std::nullopt);
        QCOMPARE(response.status, 200);
        QCOMPARE(response.body, Text);
    }

    void prefixes_data()
    {
        QTest::addColumn<QByteArray>("prefix");
        for (const char* prefix :
             {"/artifactory/api/huggingfaceml/hf-local", "/artifactory/api/huggingface/hf-local",
              "/artifactory/api/huggingfaceml/HF-Local", "//artifactory//api/huggingfaceml/hf-local/"})
            QTest::addRow("%s", prefix) << QByteArray(prefix);
    }
    void prefixes()
    {
        QFETCH(QByteArray, prefix);
        QCOMPARE(m_hub->ask("GET", prefix + "/acme/bert/resolve/main/README.md").body, Text);
    }

    void infoUsesTheStoredSpelling()
    {
        for (const QByteArray path :
             {"/api/models/acme/bert", "/api/models/ACME/BERT", "/api/models/Acme/Bert/revision/main",
              "/api/models/acme/bert/revision/HEAD"}) {
            const QJsonObject info = objectOf(m_hub->get(path));
            QCOMPARE(info.value(u"id").toString(), QStringLiteral("Acme/Bert"));
            QCOMPARE(info.value(u"sha").toString().toLatin1(), m_head);
            QCOMPARE(info.value(u"siblings").toArray().size(), 5);
            QCOMPARE(info.value(u"xetEnabled"), QJsonValue(true));
        }
        const QByteArray shortSha = m_head.left(7);
        QCOMPARE(objectOf(m_hub->get("/api/models/acme/bert/revision/" + shortSha))
                     .value(u"sha")
                     .toString()
                     .toLatin1(),
                 m_head);
    }

    void infoWithExpand()
    {
        const auto response = m_hub->get("/api/models/acme/bert/revision/main?expand=xetEnabled");
        QCOMPARE(response.status, 200);
        const QJsonObject info = objectOf(response);
        QCOMPARE(info.keys(),
                 (QStringList{QStringLiteral("_id"), QStringLiteral("id"), QStringLiteral("xetEnabled")}));
    }

    void unknownRevision_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char* path : {"/api/models/acme/bert/revision/nope", "/api/models/acme/bert/tree/nope",
                                 "/api/models/acme/bert/commits/nope", "/acme/bert/resolve/nope/README.md",
                                 "/api/models/acme/bert/revision/refs%2Fpr%2F9"})
            QTest::addRow("%s", path) << QByteArray(path);
    }
    void unknownRevision()
    {
        QFETCH(QByteArray, path);
        const auto response = m_hub->get(path);
        QCOMPARE(response.status, 404);
        QCOMPARE(response.header("X-Error-Code"), "RevisionNotFound");
    }
    void unknownRevisionIsNamed()
    {
        QCOMPARE(m_hub->get("/api/models/acme/bert/tree/refs/pr/7").header("X-Error-Message"),
                 "Invalid rev id: refs/pr/7");
    }

    void tree()
    {
        const auto all = m_hub->get("/api/models/acme/bert/tree/main?recursive=true&expand=False");
        QCOMPARE(namesOf(all, u"path"),
                 (QStringList{QStringLiteral(".gitattributes"), QStringLiteral("README.md"),
                              QStringLiteral("data"), QStringLiteral("data/to? #1%.txt"),
                              QStringLiteral("empty.txt"), QStringLiteral("weights"),
                              QStringLiteral("weights/big.bin")}));
        QCOMPARE(namesOf(m_hub->get("/api/models/acme/bert/tree/main/weights"), u"path"),
                 QStringList{QStringLiteral("weights/big.bin")});
        QCOMPARE(namesOf(m_hub->get("/api/models/acme/bert/tree/main/weights%2F"), u"path"),
                 QStringList{QStringLiteral("weights/big.bin")}); // as it was given to the client
        const auto expanded = m_hub->get("/api/models/acme/bert/tree/main?expand=True");
        const QJsonArray items = QJsonDocument::fromJson(expanded.body).array();
        QVERIFY(!items.isEmpty());
        for (const QJsonValue& item : items)
            QVERIFY(!item.toObject().value(u"lastCommit").toObject().value(u"title").toString().isEmpty());
        for (const char* absent :
             {"/api/models/acme/bert/tree/main/nope", "/api/models/acme/bert/tree/main/README.md"})
            QCOMPARE(m_hub->get(absent).header("X-Error-Code"), "EntryNotFound");
    }

    void treePages()
    {
        QByteArray target =
            HubFixture::Prefix + "/api/models/acme/bert/tree/main?recursive=true&limit=2&x=a,b";
        QStringList paths;
        int pages = 0;
        while (!target.isEmpty()) {
            const auto page = m_hub->ask("GET", target);
            QCOMPARE(page.status, 200);
            paths += namesOf(page, u"path");
            QVERIFY(!page.header("Link").contains(','));
            target = nextTarget(page);
            ++pages;
        }
        QCOMPARE(paths.size(), 7);
        QCOMPARE(QSet<QString>(paths.begin(), paths.end()).size(), 7);
        QCOMPARE(pages, 4);
    }

    void pathsInfo_data()
    {
        QTest::addColumn<QByteArray>("contentType");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QStringList>("paths");
        const QByteArray form = "application/x-www-form-urlencoded";
        const QByteArray json = "application/json";
        const QStringList two{QStringLiteral("weights"), QStringLiteral("data/to? #1%.txt")};
        QTest::addRow("form")
            << form << QByteArray("paths=weights%2F&paths=data%2Fto%3F+%231%25.txt&paths=nope&expand=False")
            << 200 << two;
        QTest::addRow("json") << json
                              << test::quoted(
                                     "{'paths':['weights/','data/to? #1%.txt','../x'],'expand':true}")
                              << 200 << two;
        QTest::addRow("root") << form << QByteArray("paths=%2F") << 200 << QStringList();
        QTest::addRow("empty path") << form << QByteArray("paths=") << 400 << QStringList();
        QTest::addRow("no path") << json << QByteArray("{}") << 400 << QStringList();
        QTest::addRow("not a form") << form << QByteArray("paths=%zz") << 400 << QStringList();
        QTest::addRow("not JSON") << json << QByteArray("paths=a") << 400 << QStringList();
    }
    void pathsInfo()
    {
        QFETCH(QByteArray, contentType);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QStringList, paths);
        const auto response =
            m_hub->send("POST", "/api/models/acme/bert/paths-info/main", {}, body, contentType);
        QCOMPARE(response.status, status);
        QCOMPARE(namesOf(response, u"path"), paths);
    }

    void refsAndCommits()
    {
        const QJsonObject refs = objectOf(m_hub->get("/api/models/acme/bert/refs"));
        QCOMPARE(
            refs.value(u"branches").toArray().first().toObject().value(u"targetCommit").toString().toLatin1(),
            m_head);
        QVERIFY(refs.value(u"tags").isArray() && refs.value(u"converts").isArray());
        QVERIFY(!refs.contains(u"pullRequests"));

        const auto first = m_hub->get("/api/models/acme/bert/commits/main?limit=1");
        QCOMPARE(first.header("X-Total-Count"), "2");
        QCOMPARE(namesOf(first, u"title"), QStringList{QStringLiteral("add files")});
        const auto second = m_hub->ask("GET", nextTarget(first));
        QCOMPARE(namesOf(second, u"title"), QStringList{QStringLiteral("initial commit")});
        QCOMPARE(second.header("Link"), QByteArray());
    }

    void lists()
    {
        QCOMPARE(namesOf(m_hub->get("/api/models"), u"id"), QStringList{QStringLiteral("Acme/Bert")});
        QCOMPARE(namesOf(m_hub->get("/api/models?sort=id&direction=1", m_hub->admin()), u"id"),
                 (QStringList{QStringLiteral("Acme/Bert"), QStringLiteral("acme/hidden")}));
        QCOMPARE(namesOf(m_hub->get("/api/models?search=nothing"), u"id"), QStringList());
        QCOMPARE(namesOf(m_hub->get("/api/models?author=ACME&search=ber"), u"id"),
                 QStringList{QStringLiteral("Acme/Bert")});
        QCOMPARE(namesOf(m_hub->get("/api/datasets"), u"id"), QStringList{QStringLiteral("acme/squad")});
        QCOMPARE(m_hub->get("/api/spaces").body, "[]");
        const auto page = m_hub->get("/api/models?limit=1&sort=id", m_hub->admin());
        QCOMPARE(namesOf(page, u"id").size(), 1);
        QCOMPARE(namesOf(m_hub->ask("GET", nextTarget(page), m_hub->admin()), u"id").size(), 1);
    }

    void pagesForPeople()
    {
        for (const char* path : {"/acme/bert", "/acme/bert/tree/main", "/acme/bert/blob/main/README.md",
                                 "/datasets/acme/squad"}) {
            const auto page = m_hub->get(path);
            QCOMPARE(page.status, 200);
            QCOMPARE(page.header("Content-Type"), "text/html; charset=utf-8");
            QVERIFY(page.header("Content-Security-Policy").contains("sandbox"));
        }
        QVERIFY(m_hub->get("/acme/bert/commit/" + m_head).body.contains("add files"));
    }
};

QTEST_GUILESS_MAIN(TestHubReading)
#include "tst_hubreading.moc"
