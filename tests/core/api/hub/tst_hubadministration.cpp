// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"
#include "quoted.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using access::Action;

namespace {

const QByteArray OldClient = "User-Agent: unknown/None; hf_hub/0.30.2; python/3.11.2\r\n";
const QByteArray NewClient = "User-Agent: unknown/None; hf_hub/1.29.0; python/3.11.2\r\n";

QString urlOf(const http::RawResponse& response)
{
    return objectOf(response).value(u"url").toString();
}

} // namespace

class TestHubAdministration : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;

    http::RawResponse create(const QByteArray& body, const QByteArray& headers)
    {
        return m_hub->send("POST", "/api/repos/create", headers, body);
    }

private slots:
    void init() { m_hub = std::make_unique<HubFixture>(); }
    void cleanup() { m_hub.reset(); }

    void createAnswersWithTheAddressThatTheClientCanRead_data()
    {
        QTest::addColumn<QByteArray>("client");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("expected"); ///< after scheme, host and prefix
        QTest::addRow("old, model") << OldClient << QByteArray("model") << QByteArray("/models/acme/x");
        QTest::addRow("old, dataset") << OldClient << QByteArray("dataset") << QByteArray("/datasets/acme/x");
        QTest::addRow("new, model") << NewClient << QByteArray("model") << QByteArray("/acme/x");
        QTest::addRow("new, dataset") << NewClient << QByteArray("dataset") << QByteArray("/datasets/acme/x");
        QTest::addRow("browser, model") << QByteArray() << QByteArray("model") << QByteArray("/acme/x");
    }
    void createAnswersWithTheAddressThatTheClientCanRead()
    {
        QFETCH(QByteArray, client);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, expected);
        const QByteArray body = test::quoted("{'name':'x','organization':'acme','type':'") + type +
                                test::quoted("','private':false}");
        const auto created = create(body, m_hub->admin() + client);
        QCOMPARE(created.status, 200);
        QCOMPARE(urlOf(created).toLatin1(), "http://localhost" + HubFixture::Prefix + expected);
        QCOMPARE(objectOf(created).value(u"name").toString(), QStringLiteral("acme/x"));

        const auto again = create(body, m_hub->admin() + client);
        QCOMPARE(again.status, 409);
        QCOMPARE(again.header("X-Error-Message"), "You already created this " + type + " repo");
        QCOMPARE(urlOf(again).toLatin1(), "http://localhost" + HubFixture::Prefix + expected);
    }

    void createdPackageHasItsFirstCommit()
    {
        QCOMPARE(create(test::quoted("{'name':'Admin-Model','type':null}"), m_hub->admin()).status, 200);
        const auto info = m_hub->get("/api/models/admin/admin-model");
        QCOMPARE(
            objectOf(info).value(u"siblings").toArray().first().toObject().value(u"rfilename").toString(),
            QStringLiteral(".gitattributes"));
        const auto commits = m_hub->get("/api/models/admin/admin-model/commits/main");
        QCOMPARE(commits.header("X-Total-Count"), "1");
    }

    void createRefuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addRow("bad name") << test::quoted("{'name':'a..b','organization':'acme'}");
        QTest::addRow("reserved") << test::quoted("{'name':'x','organization':'api'}");
        QTest::addRow("space") << test::quoted("{'name':'x','organization':'acme','type':'space'}");
        QTest::addRow("bucket") << test::quoted("{'name':'x','organization':'acme','type':'bucket'}");
        QTest::addRow("no name") << test::quoted("{'organization':'acme'}");
        QTest::addRow("name is a number") << test::quoted("{'name':5}");
        QTest::addRow("visibility") << test::quoted(
            "{'name':'x','organization':'acme','visibility':'nonsense'}");
        QTest::addRow("no JSON") << QByteArray("name=x");
    }
    void createRefuses()
    {
        QFETCH(QByteArray, body);
        const auto response = create(body, m_hub->admin());
        QCOMPARE(response.status, 400);
        QVERIFY(!response.header("X-Error-Message").isEmpty());
    }

    void createNeedsRights()
    {
        const QByteArray body = test::quoted("{'name':'x','organization':'acme'}");
        const auto anonymous = create(body, {});
        QCOMPARE(anonymous.status, 401);
        QCOMPARE(anonymous.header("X-Error-Message"), "Invalid username or password.");
        const QByteArray reader = m_hub->newUser(QStringLiteral("reader"));
        const auto refused = create(body, reader);
        QCOMPARE(refused.status, 403);
        QVERIFY(refused.header("X-Error-Message").startsWith("You don't have the rights to create a model"));
        // What exists is a conflict even for those who could not have made it (hub-api 1.4).
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/x"));
        QCOMPARE(create(body, reader).status, 409);
    }

    void deletePackage()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/x"));
        const QByteArray body = test::quoted("{'name':'X','organization':'Acme','type':'model'}");
        QCOMPARE(m_hub->send("DELETE", "/api/repos/delete", {}, body).status, 401);
        QCOMPARE(
            m_hub->send("DELETE", "/api/repos/delete", m_hub->newUser(QStringLiteral("reader")), body).status,
            403);
        QCOMPARE(m_hub->send("DELETE", "/api/repos/delete", m_hub->admin(), body).status, 200);
        QCOMPARE(m_hub->get("/api/models/acme/x", m_hub->admin()).status, 404);
        const auto again = m_hub->send("DELETE", "/api/repos/delete", m_hub->admin(), body);
        QCOMPARE(again.status, 404);
        QCOMPARE(again.header("X-Error-Code"), "RepoNotFound");
    }

    void movedPackageRedirects_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char* method, const char* from, const char* to) {
            QTest::addRow("%s %s", method, from) << QByteArray(method) << QByteArray(from) << QByteArray(to);
        };
        row("GET", "/api/models/acme/old", "/api/models/other/new");
        row("GET", "/api/models/ACME/Old/revision/main?blobs=true&x=%2F",
            "/api/models/other/new/revision/main?blobs=true&x=%2F");
        row("HEAD", "/acme/old/resolve/main/a%20b/README.md", "/other/new/resolve/main/a%20b/README.md");
        row("GET", "/models/acme/old/resolve/refs%2Fpr%2F1/x", "/models/other/new/resolve/refs%2Fpr%2F1/x");
        row("GET", "//api/models//acme/old/tree/main/", "/api/models/other/new/tree/main");
    }
    void movedPackageRedirects()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/old"));
        const QByteArray body = test::quoted("{'fromRepo':'acme/old','toRepo':'other/new','type':'model'}");
        QCOMPARE(
            m_hub->send("POST", "/api/repos/move", m_hub->newUser(QStringLiteral("reader")), body).status,
            403);
        QCOMPARE(m_hub->send("POST", "/api/repos/move", m_hub->admin(), body).status, 200);
        const auto moved = m_hub->ask(method, HubFixture::Prefix + from);
        QCOMPARE(moved.status, 307);
        QCOMPARE(moved.header("Location"), HubFixture::Prefix + to);
    }

    void redirectDoesNotTellHiddenNames()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/old"), true);
        const QByteArray body = test::quoted("{'fromRepo':'acme/old','toRepo':'acme/new','type':'model'}");
        QCOMPARE(m_hub->send("POST", "/api/repos/move", m_hub->admin(), body).status, 200);
        const auto stranger = m_hub->get("/api/models/acme/old", m_hub->newUser(QStringLiteral("reader")));
        QCOMPARE(stranger.status, 404);
        QCOMPARE(stranger.header("Location"), QByteArray());
        QCOMPARE(m_hub->get("/api/models/acme/old", m_hub->admin()).status, 307);
    }

    void moveToATakenName()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/a"));
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/b"));
        const auto response =
            m_hub->send("POST", "/api/repos/move", m_hub->admin(),
                        test::quoted("{'fromRepo':'acme/a','toRepo':'acme/b','type':null}"));
        QCOMPARE(response.status, 409);
        QCOMPARE(response.header("X-Error-Message"), "A model repository called acme/b already exists");
    }

    void settings()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/x"));
        m_hub->commit(PackageType::Model, QStringLiteral("acme/x"), QStringLiteral("main"), {{"a.txt", "a"}});
        const QByteArray reader = m_hub->newUser(QStringLiteral("reader"));
        QCOMPARE(m_hub->head("/acme/x/resolve/main/a.txt", reader).status, 200);

        QCOMPARE(m_hub->send("PUT", "/api/models/acme/x/settings", reader, test::quoted("{'gated':'auto'}"))
                     .status,
                 403);
        const auto gated = m_hub->send("PUT", "/api/models/acme/x/settings", m_hub->admin(),
                                       test::quoted("{'gated':'auto','gatedNotificationsMode':'bulk'}"));
        QCOMPARE(objectOf(gated), (QJsonObject{{QStringLiteral("private"), false},
                                               {QStringLiteral("gated"), QStringLiteral("auto")}}));
        const auto known = m_hub->head("/acme/x/resolve/main/a.txt", reader);
        QCOMPARE(known.status, 403);
        QCOMPARE(known.header("X-Error-Code"), "GatedRepo");
        const auto anonymous = m_hub->get("/acme/x/resolve/main/a.txt");
        QCOMPARE(anonymous.status, 401);
        QCOMPARE(anonymous.header("X-Error-Code"), "GatedRepo");
        QCOMPARE(m_hub->get("/api/models/acme/x/auth-check", reader).header("X-Error-Code"), "GatedRepo");
        QCOMPARE(m_hub->get("/api/models/acme/x", reader).status, 200);
        QCOMPARE(m_hub->head("/acme/x/resolve/main/a.txt", m_hub->admin()).status, 200);

        const auto hidden = m_hub->send("PUT", "/api/models/acme/x/settings", m_hub->admin(),
                                        test::quoted("{'visibility':'private'}"));
        QCOMPARE(objectOf(hidden).value(u"private").toBool(), true);
        QCOMPARE(m_hub->get("/acme/x/resolve/main/a.txt", reader).header("X-Error-Code"), "RepoNotFound");
        QCOMPARE(m_hub
                     ->send("PUT", "/api/models/acme/x/settings", m_hub->admin(),
                            test::quoted("{'gated':'maybe'}"))
                     .status,
                 400);
        QCOMPARE(m_hub
                     ->send("PUT", "/api/models/acme/x/settings", m_hub->admin(),
                            test::quoted("{'visibility':'wat'}"))
                     .status,
                 400);
    }

    void settingsAreTheOwners()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/x"));
        const QByteArray writer = m_hub->newUser(QStringLiteral("writer"));
        access::Permission permission;
        permission.name = QStringLiteral("writers");
        permission.repositories = {QStringLiteral("hf-local")};
        permission.users[QStringLiteral("writer")] = {access::Action::Read, access::Action::Write};
        access::Directory& directory = m_hub->services().directory();
        QVERIFY(directory.createPermission(permission));
        const auto hide = [&](const QByteArray& id) {
            return m_hub->send("PUT", "/api/models/" + id + "/settings", writer,
                               test::quoted("{'private':true}"));
        };
        const auto refused = hide("acme/x");
        QCOMPARE(refused.status, 403);
        QVERIFY(refused.header("X-Error-Message").contains("Only owners"));
        QCOMPARE(m_hub->head("/api/models/acme/x").status, 200);

        QCOMPARE(m_hub->send("POST", "/api/repos/create", writer, test::quoted("{'name':'mine'}")).status,
                 200);
        QCOMPARE(hide("writer/mine").status, 200);
        m_hub->createPackage(PackageType::Model, QStringLiteral("Writer/given")); // by somebody else
        QCOMPARE(hide("writer/given").status, 200);
        permission.users[QStringLiteral("writer")] = {access::Action::Read, access::Action::Write,
                                                      access::Action::Manage};
        QVERIFY(directory.updatePermission(permission));
        QCOMPARE(hide("acme/x").status, 200);
    }

    void authCheck()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/x"));
        const QByteArray reader = m_hub->newUser(QStringLiteral("reader"));
        QCOMPARE(m_hub->get("/api/models/acme/x/auth-check", reader).status, 200);
        QCOMPARE(m_hub->get("/api/models/acme/x/auth-check/write", reader).status, 403);
        QCOMPARE(m_hub->get("/api/models/acme/x/auth-check/write").status, 401);
        QCOMPARE(m_hub->get("/api/models/acme/x/auth-check/write", m_hub->admin()).status, 200);
        QCOMPARE(m_hub->get("/api/models/acme/absent/auth-check", reader).header("X-Error-Code"),
                 "RepoNotFound");
    }

    void overviews()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/x"));
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/hidden"), true);
        const QJsonObject organisation = objectOf(m_hub->get("/api/organizations/acme/overview"));
        QCOMPARE(organisation.value(u"name").toString(), QStringLiteral("acme"));
        QCOMPARE(organisation.value(u"numModels").toInt(), 1);
        QCOMPARE(objectOf(m_hub->get("/api/users/admin/overview")).value(u"user").toString(),
                 QStringLiteral("admin"));
        QCOMPARE(m_hub->get("/api/users/acme/overview").status, 404);
        QCOMPARE(m_hub->get("/api/organizations/nobody/overview").status, 404);
    }

    void limitsOfBodies()
    {
        const QByteArray deep = test::quoted("{'name':") + QByteArray(70, '[') + QByteArray(70, ']') + "}";
        QCOMPARE(create(deep, m_hub->admin()).status, 400);
        const QByteArray large =
            test::quoted("{'name':'") + QByteArray(9 * 1024 * 1024, 'x') + test::quoted("'}");
        QCOMPARE(create(large, m_hub->admin()).status, 413);
    }
};

QTEST_GUILESS_MAIN(TestHubAdministration)
#include "tst_hubadministration.moc"
