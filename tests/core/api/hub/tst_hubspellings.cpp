// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::api;

/// Whatever way a path is written, the decision is the one about the package that it names: an advisory of
/// 2026 was a trailing slash that came past the permissions.
class TestHubSpellings : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    QByteArray m_reader; ///< may read what lies below models/open

    static QByteArray spelled(const QByteArray& form, const QByteArray& spelling, const char* owner)
    {
        return QByteArray(form).replace("%id", QByteArray(spelling).replace("%1", owner));
    }

private slots:
    void initTestCase()
    {
        m_hub = std::make_unique<HubFixture>();
        access::Directory& directory = m_hub->services().directory();
        access::Permission permission = *directory.permission(QStringLiteral("everyone-reads"));
        permission.repositories = QStringList{QStringLiteral("hf-local")};
        permission.includes = QStringList{QStringLiteral("models/open/**")};
        QVERIFY(directory.updatePermission(permission));
        const auto owner = m_hub->services().policy().checkAdmin(access::Principal::owner());
        QVERIFY(m_hub->services().repositories().create(*owner,
                                                        *RepositoryKey::parse(QStringLiteral("hidden")), {}));
        for (const QString& id : {QStringLiteral("open/x"), QStringLiteral("shut/x")}) {
            m_hub->createPackage(PackageType::Model, id);
            m_hub->commit(PackageType::Model, id, QStringLiteral("main"), {{"a.txt", "secret"}});
        }
        m_reader = m_hub->newUser(QStringLiteral("reader"));
    }
    void cleanupTestCase() { m_hub.reset(); }

    void oneDecisionPerPackage_data()
    {
        QTest::addColumn<QByteArray>("spelling"); ///< of "<owner>/x", %1 being the owner
        QTest::addColumn<bool>("same");           ///< does it name that package?
        for (const char* same :
             {"%1/x", "/%1/x", "//%1//x", "%1/x/", "%1/X", "%1%2Fx", "%1%2fx", "%1/%78", "%1/%58"})
            QTest::addRow("%s", same) << QByteArray(same) << true;
        for (const char* other :
             {"%25%1/x",  "./%1/x",    "%1/./x",   "%1/../%1/x", "%2e/%1/x", "%2e%2e/%1/x",   "%1/%2e%2e/x",
              "%1%5Cx",   "%1/x%20",   "%20%1/x",  "%1/x.",      "%1/x%2F",  "%1/x%2F..",     "%1/x;a=b",
              "%1/x%3F",  "%1/x%23",   "%1/x.git", "%1/%C4%B1x", "%1/x%0A",  "%1/%EF%BC%8Fx", "%1/%E2%80%8Bx",
              "%1%252Fx", "..%2F%1/x", "%1/x%00",  "%1/x%C0%AF"})
            QTest::addRow("%s", other) << QByteArray(other) << false;
    }
    void oneDecisionPerPackage()
    {
        QFETCH(QByteArray, spelling);
        QFETCH(bool, same);
        for (const QByteArray form :
             {"/%id/resolve/main/a.txt", "/models/%id/resolve/main/a.txt", "/%id/raw/main/a.txt",
              "/%id/blob/main/a.txt", "/%id/tree/main", "/api/models/%id/resolve/main/a.txt",
              "/api/models/%id/tree/main", "/api/models/%id/revision/main", "/api/models/%id/refs",
              "/api/models/%id/commits/main", "/api/models/%id/treesize/main/a.txt",
              "/api/models/%id/discussions", "/api/models/%id/lfs-files"}) {
            const QByteArray shut = spelled(form, spelling, "shut");
            const auto hidden = m_hub->get(shut, m_reader);
            QVERIFY2(hidden.status == 404 || hidden.status == 400,
                     shut + ' ' + QByteArray::number(hidden.status));
            QVERIFY2(!hidden.body.contains("secret") && !hidden.body.contains("a.txt"), shut);
            QVERIFY2((m_hub->get(shut, m_hub->admin()).status == 200) == same, shut);
            const QByteArray open = spelled(form, spelling, "open");
            QVERIFY2((m_hub->get(open, m_reader).status == 200) == same, open);
        }
    }

    void oneAnswerPerFile_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("status");
        for (const char* same : {"a.txt", "/a.txt", "a%2Etxt", "%61.txt", "a.txt?b", "a.txt/"})
            QTest::addRow("%s", same) << QByteArray(same) << 200;
        for (const char* other :
             {"A.txt", "./a.txt", "%2e/a.txt", "b/../a.txt", "b%2F..%2Fa.txt", "%2Fa.txt", "a.txt%2F",
              "a.txt%20", "a%252Etxt", "..%5Ca.txt", "a.txt%3B", "%EF%BD%81.txt", "a.txt%C2%A0", "a.txt%23",
              ".git/HEAD", "%2F%2F%2F..%2F..%2Fetc%2Fpasswd"})
            QTest::addRow("%s", other) << QByteArray(other) << 404;
        QTest::addRow("NUL") << QByteArray("a.txt%00") << 400;
        QTest::addRow("half an escape") << QByteArray("a.txt%2") << 400;
    }
    void oneAnswerPerFile()
    {
        QFETCH(QByteArray, file);
        QFETCH(int, status);
        for (const QByteArray route :
             {"/open/x/resolve/main/", "/open/x/raw/main/", "/api/models/open/x/resolve/main/",
              "/api/models/open/x/treesize/main/"}) {
            const auto response = m_hub->get(route + file, m_reader);
            QVERIFY2(response.status == status, route + file + ' ' + QByteArray::number(response.status));
        }
    }

    /// A key that the caller may do nothing under is answered as one that does not exist (reliability 4.2).
    void hiddenRepositoriesAreAbsent_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* method, const char* path, const char* body = nullptr) {
            QTest::addRow("%s %s", method, path)
                << QByteArray(method) << QByteArray(path) << QByteArray(body);
        };
        row("GET", "/api/whoami-v2");
        row("GET", "/api/models");
        row("GET", "/api/models/acme/x");
        row("GET", "/api/telemetry/x");
        row("GET", "/api/models-tags-by-type");
        row("GET", "/acme/x/resolve/main/a.txt");
        row("POST", "/api/validate-yaml", R"({"content":"---\na: b\n---\n"})");
        row("POST", "/api/repos/create", R"({"name":"acme/x"})");
        row("POST", "/api/models/acme/x/preupload/main", R"({"files":[]})");
        row("POST", "/acme/x.git/info/lfs/objects/batch", R"({"operation":"download","objects":[]})");
        row("PUT", "/lfs/made-up", "x");
    }
    void hiddenRepositoriesAreAbsent()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        const auto ask = [&](const QByteArray& key, const QByteArray& headers) {
            const auto response = m_hub->ask(method, "/artifactory/api/huggingfaceml/" + key + path,
                                             "Content-Type: application/json\r\n" + headers, body);
            return QByteArray::number(response.status) + ' ' + response.header("X-Error-Code") + ' ' +
                   response.header("X-Error-Message") + ' ' + response.body;
        };
        for (const QByteArray& caller : {QByteArray(), m_reader}) {
            const QByteArray hidden = ask("hidden", caller);
            QCOMPARE(hidden, ask("absent", caller));
            QVERIFY2(hidden.startsWith("401") || hidden.startsWith("403") || hidden.startsWith("404"),
                     hidden);
        }
        QVERIFY(!ask("hidden", m_hub->admin()).contains("There is no repository"));
    }
};

QTEST_GUILESS_MAIN(TestHubSpellings)
#include "tst_hubspellings.moc"
