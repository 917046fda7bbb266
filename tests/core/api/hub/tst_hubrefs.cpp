// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"
#include "quoted.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using hublet::api::test::quoted;

class HubRefsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    int m_packages = 0;

    QByteArray newPackage()
    {
        const QString id = QStringLiteral("acme/r%1").arg(++m_packages);
        m_hub->createPackage(PackageType::Model, id);
        m_hub->commit(PackageType::Model, id, QStringLiteral("main"), {{"a.txt", "a"}});
        return id.toUtf8();
    }
    http::RawResponse post(const QByteArray& path, const QByteArray& body = "{}")
    {
        return m_hub->send("POST", "/api/models/" + path, m_hub->admin(), body);
    }
    http::RawResponse remove(const QByteArray& path)
    {
        return m_hub->send("DELETE", "/api/models/" + path, m_hub->admin(), {});
    }
    QStringList names(const QByteArray& id, QStringView kind)
    {
        QStringList names;
        for (const QJsonValue& ref :
             objectOf(m_hub->get("/api/models/" + id + "/refs")).value(kind).toArray())
            names.append(ref[u"name"].toString());
        names.sort();
        return names;
    }
    QByteArray sha(const QByteArray& id, const QByteArray& revision)
    {
        return objectOf(m_hub->get("/api/models/" + id + "/revision/" + revision))
            .value(u"sha")
            .toString()
            .toLatin1();
    }

private slots:
    void initTestCase() { m_hub = std::make_unique<HubFixture>(); }
    void cleanupTestCase() { m_hub.reset(); }

    void branches()
    {
        const QByteArray id = newPackage();
        const auto created = post(id + "/branch/dev");
        QCOMPARE(created.status, 200);
        QCOMPARE(created.body, QByteArray("{}"));
        QCOMPARE(sha(id, "dev"), sha(id, "main"));
        QCOMPARE(post(id + "/branch/feature%2Fone", quoted("{'startingPoint':'dev'}")).status, 200);
        QCOMPARE(post(id + "/branch/feature/two", "").status, 200); // raw slashes, no body
        QCOMPARE(post(id + "/branch/empty", quoted("{'emptyBranch':true}")).status, 200);
        QCOMPARE(m_hub->get("/api/models/" + id + "/tree/empty").body, QByteArray("[]"));
        QCOMPARE(names(id, u"branches"),
                 (QStringList{QStringLiteral("dev"), QStringLiteral("empty"), QStringLiteral("feature/one"),
                              QStringLiteral("feature/two"), QStringLiteral("main")}));

        const auto again = post(id + "/branch/dev");
        QCOMPARE(again.status, 409);
        QCOMPARE(again.header("X-Error-Message"),
                 QByteArray("Reference refs/heads/dev already exists (Reference already exists)"));
        QCOMPARE(remove(id + "/branch/feature%2Fone").status, 200);
        QCOMPARE(remove(id + "/branch/refs%2Fheads%2Ffeature%2Ftwo").status, 200);
        QVERIFY(!names(id, u"branches").contains(QStringLiteral("feature/two")));
    }

    void branchErrors_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("part");
        const QByteArray reference = "Invalid reference for a branch";
        for (const char* name : {"refs%2Fpr%2F5", "refs/x/y", "with%20space", "a..b", "x.lock", "-x", "HEAD",
                                 "a%5Cb", "a%7Eb", "a%01b"})
            QTest::addRow("create %s", name) << QByteArray("POST") << QByteArray(name) << QByteArray("{}")
                                             << 400 << QByteArray() << reference;
        QTest::newRow("not UTF-8") << QByteArray("POST") << QByteArray("%ff") << QByteArray("{}") << 400
                                   << QByteArray() << QByteArray();
        QTest::newRow("unknown start")
            << QByteArray("POST") << QByteArray("b") << quoted("{'startingPoint':'absent'}") << 404
            << QByteArray("RevisionNotFound") << QByteArray();
        QTest::newRow("start is no text")
            << QByteArray("POST") << QByteArray("b") << quoted("{'startingPoint':1}") << 400 << QByteArray()
            << QByteArray("startingPoint");
        QTest::newRow("delete main") << QByteArray("DELETE") << QByteArray("main") << QByteArray() << 403
                                     << QByteArray() << QByteArray("Cannot delete refs/heads/main");
        QTest::newRow("delete what is not there")
            << QByteArray("DELETE") << QByteArray("absent") << QByteArray() << 404
            << QByteArray("RevisionNotFound")
            << QByteArray("Invalid rev id: refs/heads/absent (Reference does not exist)");
        QTest::newRow("delete a tag as a branch")
            << QByteArray("DELETE") << QByteArray("v0") << QByteArray() << 404
            << QByteArray("RevisionNotFound") << QByteArray("Invalid rev id");
    }
    void branchErrors()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, part);
        const QByteArray id = newPackage();
        QCOMPARE(post(id + "/tag/main", quoted("{'tag':'v0'}")).status, 200);
        const auto answer =
            m_hub->send(method, "/api/models/" + id + "/branch/" + name, m_hub->admin(), body);
        QTEST(answer.status, "status");
        QCOMPARE(answer.header("X-Error-Code"), code);
        QVERIFY2(answer.header("X-Error-Message").contains(part),
                 answer.header("X-Error-Message").constData());
        QCOMPARE(names(id, u"branches"), QStringList{QStringLiteral("main")});
    }

    void tags()
    {
        const QByteArray id = newPackage();
        const QByteArray first = sha(id, "main");
        QCOMPARE(post(id + "/tag/main", quoted("{'tag':'v1','message':'first'}")).status, 200);
        m_hub->commit(PackageType::Model, QString::fromUtf8(id), QStringLiteral("main"), {{"b.txt", "b"}},
                      QStringLiteral("second"));
        QCOMPARE(sha(id, "v1"), first);
        QCOMPARE(post(id + "/tag/" + first.left(8), quoted("{'tag':'v2'}")).status, 200);
        QCOMPARE(names(id, u"tags"), (QStringList{QStringLiteral("v1"), QStringLiteral("v2")}));
        QCOMPARE(post(id + "/tag/main", quoted("{'tag':'v1'}")).status, 409);
        QCOMPARE(post(id + "/branch/v1").status, 200); // a branch of the same name is fine

        // The revision is looked at before the name.
        const auto unknown = post(id + "/tag/absent", quoted("{'tag':'invalid tag'}"));
        QCOMPARE(unknown.status, 404);
        QCOMPARE(unknown.header("X-Error-Code"), QByteArray("RevisionNotFound"));
        const auto invalid = post(id + "/tag/main", quoted("{'tag':'invalid tag'}"));
        QCOMPARE(invalid.status, 400);
        QVERIFY(invalid.header("X-Error-Message").contains("for a tag"));
        QCOMPARE(post(id + "/tag/main", quoted("{}")).status, 400);

        QCOMPARE(remove(id + "/tag/refs%2Ftags%2Fv2").status, 200); // the full form is as good
        const auto absent = remove(id + "/tag/v2");
        QCOMPARE(absent.status, 404);
        QCOMPARE(absent.header("X-Error-Code"), QByteArray("RevisionNotFound"));
        QCOMPARE(names(id, u"tags"), QStringList{QStringLiteral("v1")});
    }

    void superSquash()
    {
        const QByteArray id = newPackage();
        m_hub->commit(PackageType::Model, QString::fromUtf8(id), QStringLiteral("main"), {{"b.txt", "b"}},
                      QStringLiteral("second"));
        const QByteArray before = sha(id, "main");
        QCOMPARE(post(id + "/super-squash/main", quoted("{'message':'all in one'}")).status, 200);
        QVERIFY(sha(id, "main") != before);
        const auto commits = m_hub->get("/api/models/" + id + "/commits/main");
        QCOMPARE(QJsonDocument::fromJson(commits.body).array().size(), 1);
        QCOMPARE(QJsonDocument::fromJson(commits.body)[0][u"title"].toString(), QStringLiteral("all in one"));
        QCOMPARE(m_hub->get('/' + id + "/resolve/main/b.txt").body, QByteArray("b"));
        QCOMPARE(sha(id, before), before); // older commits stay
        QCOMPARE(post(id + "/super-squash/absent", quoted("{'message':'m'}")).status, 404);
    }

    void lfsFiles()
    {
        const QByteArray id = newPackage();
        const QByteArray bytes = "LFS content of " + id;
        m_hub->commit(PackageType::Model, QString::fromUtf8(id), QStringLiteral("main"),
                      {{"w1.bin", bytes, true}, {"w2.bin", bytes + '2', true}, {"w3.bin", bytes + '3', true}},
                      QStringLiteral("second"));
        const auto first = m_hub->get("/api/models/" + id + "/lfs-files?limit=2");
        QCOMPARE(first.status, 200);
        QJsonArray files = QJsonDocument::fromJson(first.body).array();
        QCOMPARE(files.size(), 2);
        const QByteArray link = first.header("Link");
        QVERIFY(link.startsWith("<http://localhost" + HubFixture::Prefix));
        QVERIFY(link.endsWith("rel=\"next\""));
        const QByteArray next =
            link.sliced(1, link.indexOf('>') - 1).sliced(QByteArray("http://localhost").size());
        const auto second = m_hub->ask("GET", next);
        QCOMPARE(second.header("Link"), QByteArray());
        for (const QJsonValue& file : QJsonDocument::fromJson(second.body).array())
            files.append(file);
        QCOMPARE(files.size(), 3);
        QSet<QString> filenames;
        for (const QJsonValue& file : files) {
            filenames.insert(file[u"filename"].toString());
            QCOMPARE(file[u"oid"].toString().size(), 64);
            QCOMPARE(file[u"ref"].toString(), QStringLiteral("main"));
            QVERIFY(file[u"pushedAt"].toString().endsWith(u'Z'));
            QVERIFY(file[u"size"].toInteger() >= bytes.size());
        }
        QCOMPARE(filenames.size(), 3);

        const QByteArray deleted = files[0][u"filename"].toString().toUtf8();
        const QByteArray deletion = quoted("{'deletions':{'sha':['") +
                                    files[0][u"fileOid"].toString().toUtf8() +
                                    quoted("'],'rewriteHistory':true}}");
        QCOMPARE(post(id + "/tag/main", quoted("{'tag':'holds-it'}")).status, 200);
        const auto held = post(id + "/lfs-files/batch", deletion);
        QCOMPARE(held.status, 409);
        QVERIFY(held.header("X-Error-Message").contains("holds-it"));
        QCOMPARE(m_hub->get('/' + id + "/resolve/main/" + deleted).status, 200);
        QCOMPARE(remove(id + "/tag/holds-it").status, 200);
        const auto answer = post(id + "/lfs-files/batch", deletion);
        QCOMPARE(answer.status, 200);
        const auto gone = m_hub->get('/' + id + "/resolve/main/" + deleted);
        QCOMPARE(gone.status, 404);
        QCOMPARE(gone.header("X-Error-Code"), QByteArray("EntryNotFound"));
        QCOMPARE(post(id + "/lfs-files/batch", quoted("{'deletions':{'sha':[1]}}")).status, 400);
        for (const char* body : {"{'deletions':{'sha':'x'}}", "{'deletions':{'sha':[]}}", "{'deletions':[]}",
                                 "{'deletions':null}", "{}", ""})
            QCOMPARE(post(id + "/lfs-files/batch", quoted(body)).status, 400);
    }

    void whoMayChangeRefs()
    {
        const QByteArray id = newPackage();
        const QByteArray reader = m_hub->newUser(QStringLiteral("refreader"));
        for (const char* path : {"/branch/x", "/tag/main", "/super-squash/main", "/lfs-files/batch"}) {
            QCOMPARE(m_hub->send("POST", "/api/models/" + id + path, reader, "{}").status, 403);
            QCOMPARE(m_hub->send("POST", "/api/models/" + id + path, {}, "{}").status, 401);
        }
        QCOMPARE(m_hub->send("DELETE", "/api/models/" + id + "/branch/main", reader, {}).status, 403);
        QCOMPARE(post("acme/absent/branch/x").header("X-Error-Code"), QByteArray("RepoNotFound"));
    }
};

QTEST_GUILESS_MAIN(HubRefsTest)
#include "tst_hubrefs.moc"
