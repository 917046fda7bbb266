// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"
#include "quoted.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using hublet::api::test::quoted;

class HubDiscussionsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    int m_packages = 0;

    QByteArray newPackage()
    {
        const QString id = QStringLiteral("Acme/d%1").arg(++m_packages);
        m_hub->createPackage(PackageType::Model, id);
        m_hub->commit(PackageType::Model, id, QStringLiteral("main"), {{"a.txt", "a\n"}});
        return id.toUtf8();
    }
    http::RawResponse post(const QByteArray& path, const QByteArray& body)
    {
        return m_hub->send("POST", "/api/models/" + path, m_hub->admin(), body);
    }
    QJsonObject get(const QByteArray& path) { return objectOf(m_hub->get("/api/models/" + path)); }
    void commitTo(const QByteArray& id, const QString& revision, const QByteArray& path,
                  const QByteArray& content)
    {
        m_hub->commit(PackageType::Model, QString::fromUtf8(id), revision, {{path, content}},
                      QString::fromUtf8("write " + content));
    }

private slots:
    void initTestCase() { m_hub = std::make_unique<HubFixture>(); }
    void cleanupTestCase() { m_hub.reset(); }

    void discussion()
    {
        const QByteArray id = newPackage();
        const auto created =
            post(id + "/discussions", quoted("{'title':'Hello','description':'What *is* <this>?'}"));
        QCOMPARE(created.status, 200);
        QCOMPARE(objectOf(created).value(u"num").toInt(), 1);

        QJsonObject details = get(id.toLower() + "/discussions/1?diff=1");
        QCOMPARE(details.value(u"title").toString(), QStringLiteral("Hello"));
        QCOMPARE(details.value(u"status").toString(), QStringLiteral("open"));
        QCOMPARE(details.value(u"isPullRequest"), QJsonValue(false));
        QCOMPARE(details.value(u"repo")[u"name"].toString().toUtf8(), id); // in the stored spelling
        QCOMPARE(details.value(u"repo")[u"type"].toString(), QStringLiteral("model"));
        QCOMPARE(details.value(u"author")[u"name"].toString(), m_hub->services().firstRun()->user);
        QVERIFY(!details.contains(u"changes"));
        QVERIFY(!details.contains(u"diff"));
        const QJsonArray events = details.value(u"events").toArray();
        QCOMPARE(events.size(), 1);
        QCOMPARE(events[0][u"type"].toString(), QStringLiteral("comment"));
        QCOMPARE(events[0][u"data"][u"latest"][u"raw"].toString(), QStringLiteral("What *is* <this>?"));
        QVERIFY(
            !events[0][u"data"][u"latest"][u"html"].toString().contains(u'<')); // nothing a browser would run
        QCOMPARE(events[0][u"data"][u"edited"], QJsonValue(false));
        QCOMPARE(events[0][u"id"].toString().size(), 24);
    }

    void changes()
    {
        const QByteArray id = newPackage();
        QCOMPARE(post(id + "/discussions", quoted("{'title':'Hello'}")).status, 200);
        const auto comment = post(id + "/discussions/1/comment", quoted("{'comment':'First'}"));
        QCOMPARE(comment.status, 200);
        const QJsonValue message = objectOf(comment).value(u"newMessage");
        QCOMPARE(message[u"data"][u"latest"][u"raw"].toString(), QStringLiteral("First"));

        const QByteArray commentPath = id + "/discussions/1/comment/" + message[u"id"].toString().toUtf8();
        const QJsonValue edited = objectOf(post(commentPath.toUpper()
                                                        .replace("ACME/D", "Acme/d")
                                                        .replace("/DISCUSSIONS/", "/discussions/")
                                                        .replace("/COMMENT/", "/comment/") +
                                                    "/edit",
                                                quoted("{'content':'Better'}")))
                                      .value(u"updatedComment");
        QCOMPARE(edited[u"data"][u"latest"][u"raw"].toString(), QStringLiteral("Better"));
        QCOMPARE(edited[u"data"][u"edited"], QJsonValue(true));
        QCOMPARE(edited[u"data"][u"history"].toArray().size(), 1);
        QCOMPARE(edited[u"data"][u"history"][0][u"raw"].toString(), QStringLiteral("First"));
        const QJsonValue hidden = objectOf(post(commentPath + "/hide", {})).value(u"updatedComment");
        QCOMPARE(hidden[u"data"][u"hidden"], QJsonValue(true));
        QVERIFY(hidden[u"data"][u"history"].toArray().isEmpty());

        const QJsonValue title =
            objectOf(post(id + "/discussions/1/title", quoted("{'title':'Goodbye'}"))).value(u"newTitle");
        QCOMPARE(title[u"type"].toString(), QStringLiteral("title-change"));
        QCOMPARE(title[u"data"][u"from"].toString(), QStringLiteral("Hello"));
        QCOMPARE(title[u"data"][u"to"].toString(), QStringLiteral("Goodbye"));

        const QJsonValue status =
            objectOf(post(id + "/discussions/1/status", quoted("{'status':'closed','comment':'Done'}")))
                .value(u"newStatus");
        QCOMPARE(status[u"type"].toString(), QStringLiteral("status-change"));
        QCOMPARE(status[u"data"][u"status"].toString(), QStringLiteral("closed"));
        QCOMPARE(get(id + "/discussions/1").value(u"status").toString(), QStringLiteral("closed"));
    }

    void list()
    {
        const QByteArray id = newPackage();
        QCOMPARE(post(id + "/discussions", quoted("{'title':'one'}")).status, 200);
        QCOMPARE(post(id + "/discussions", quoted("{'title':'two','pullRequest':true}")).status, 200);
        QCOMPARE(post(id + "/discussions", quoted("{'title':'three'}")).status, 200);
        QCOMPARE(post(id + "/discussions/3/status", quoted("{'status':'closed'}")).status, 200);
        const auto numbers = [&](const QByteArray& query) {
            QList<int> numbers;
            for (const QJsonValue& item : get(id + "/discussions" + query).value(u"discussions").toArray())
                numbers.append(item[u"num"].toInt());
            return numbers;
        };
        QCOMPARE(numbers(""), (QList<int>{3, 2, 1}));
        QCOMPARE(numbers("?type=all&status=all&p=0"), (QList<int>{3, 2, 1}));
        QCOMPARE(numbers("?type=pull_request"), QList<int>{2});
        QCOMPARE(numbers("?type=discussion"), (QList<int>{3, 1}));
        QCOMPARE(numbers("?status=open"), (QList<int>{2, 1})); // drafts count as open
        QCOMPARE(numbers("?status=closed"), QList<int>{3});
        QCOMPARE(numbers("?author=nobody"), QList<int>());
        QCOMPARE(numbers("?p=1"), QList<int>());
        QCOMPARE(numbers("?p=x"), (QList<int>{3, 2, 1})); // no number: the first page
        QCOMPARE(numbers("?p=99999999999999"), QList<int>());
        QCOMPARE(numbers("?p=2147483647"), QList<int>());
        QCOMPARE(get(id + "/discussions").value(u"count").toInt(), 3);
        QCOMPARE(get(id + "/discussions").value(u"start").toInt(), 0);
    }

    void pullRequest()
    {
        const QByteArray id = newPackage();
        QCOMPARE(
            post(id + "/discussions", quoted("{'title':'PR','description':'d','pullRequest':true}")).status,
            200);
        QCOMPARE(m_hub->get("/api/models/" + id + "/revision/refs%2Fpr%2F1").status,
                 200); // before any commit
        commitTo(id, QStringLiteral("refs/pr/1"), "new.txt", "added line\n");
        QJsonObject details = get(id + "/discussions/1?diff=1");
        QCOMPARE(details.value(u"status").toString(), QStringLiteral("draft"));
        QCOMPARE(details.value(u"changes")[u"base"].toString(), QStringLiteral("main"));
        QCOMPARE(details.value(u"filesWithConflicts"), QJsonValue(false));
        QVERIFY(details.value(u"diff").toString().contains(QStringLiteral("+added line")));
        QVERIFY(!get(id + "/discussions/1").contains(u"diff"));
        const QJsonArray events = details.value(u"events").toArray();
        QCOMPARE(events.last()[u"type"].toString(), QStringLiteral("commit"));
        QCOMPARE(events.last()[u"data"][u"oid"].toString().size(), 40);

        QCOMPARE(post(id + "/discussions/1/status", quoted("{'status':'open'}")).status, 200);
        QCOMPARE(get(id + "/discussions/1").value(u"status").toString(), QStringLiteral("open"));
        QCOMPARE(post(id + "/discussions/1/merge", {}).status, 200);
        details = get(id + "/discussions/1");
        QCOMPARE(details.value(u"status").toString(), QStringLiteral("merged"));
        QCOMPARE(details.value(u"changes")[u"mergeCommitId"].toString().toLatin1(),
                 get(id + "/revision/main").value(u"sha").toString().toLatin1());
        QCOMPARE(m_hub->get('/' + id + "/resolve/main/new.txt").body, QByteArray("added line\n"));
        QCOMPARE(post(id + "/discussions/1/merge", {}).status, 409); // once only
    }

    void mergeConflict()
    {
        const QByteArray id = newPackage();
        QCOMPARE(post(id + "/discussions", quoted("{'title':'PR','pullRequest':true}")).status, 200);
        commitTo(id, QStringLiteral("refs/pr/1"), "a.txt", "theirs\n");
        commitTo(id, QStringLiteral("main"), "a.txt", "ours\n");
        QCOMPARE(get(id + "/discussions/1").value(u"filesWithConflicts").toArray(),
                 QJsonArray{QStringLiteral("a.txt")});
        const auto answer = post(id + "/discussions/1/merge", quoted("{'comment':'please'}"));
        QCOMPARE(answer.status, 409);
        QVERIFY(answer.header("X-Error-Message").contains("a.txt"));
        QCOMPARE(m_hub->get('/' + id + "/resolve/main/a.txt").body, QByteArray("ours\n"));
    }

    void baseIsGone()
    {
        const QByteArray id = newPackage();
        QCOMPARE(post(id + "/branch/dev", "{}").status, 200);
        const auto made =
            m_hub->send("POST", "/api/models/" + id + "/commit/dev?create_pr=1", m_hub->admin(),
                        quoted("{'key':'header','value':{'summary':'s'}}\n"), "application/x-ndjson");
        QCOMPARE(made.status, 200);
        QCOMPARE(m_hub->send("DELETE", "/api/models/" + id + "/branch/dev", m_hub->admin(), {}).status, 200);
        const auto answer = m_hub->get("/api/models/" + id + "/discussions/1?diff=1");
        QCOMPARE(answer.status, 200);
        QCOMPARE(objectOf(answer).value(u"changes")[u"base"].toString(), QStringLiteral("dev"));
        QCOMPARE(objectOf(answer).value(u"filesWithConflicts"), QJsonValue(false));
        QVERIFY(!objectOf(answer).contains(u"diff"));
    }

    void errors()
    {
        const QByteArray id = newPackage();
        QCOMPARE(post(id + "/discussions", quoted("{'title':'one'}")).status, 200);
        for (const char* number : {"2", "0", "-1", "x", "1e0", "99999999999"})
            QCOMPARE(m_hub->get("/api/models/" + id + "/discussions/" + number).status, 404);
        QCOMPARE(post(id + "/discussions", quoted("{}")).status, 400);
        QCOMPARE(post(id + "/discussions", quoted("{'title':1}")).status, 400);
        QCOMPARE(post(id + "/discussions/1/comment", quoted("{}")).status, 400);
        const auto tooLong = post(id + "/discussions", "{\"title\":\"" + QByteArray(256, 'T') + "\"}");
        QCOMPARE(tooLong.status, 400);
        QVERIFY(tooLong.header("X-Error-Message").contains("at most 255 characters"));
        QCOMPARE(post(id + "/discussions/2/comment", quoted("{'comment':'x'}")).status, 404);
        QCOMPARE(post(id + "/discussions/1/status", quoted("{'status':'merged'}")).status, 400);
        QCOMPARE(post(id + "/discussions/1/merge", {}).status, 409); // not a pull request
        QCOMPARE(post(id + "/discussions/1/comment/abc/edit", quoted("{'content':'x'}")).status, 404);
        QCOMPARE(
            m_hub->send("POST", "/api/models/" + id + "/discussions", {}, quoted("{'title':'x'}")).status,
            401);
        QCOMPARE(m_hub->get("/api/models/acme/absent/discussions", m_hub->admin()).header("X-Error-Code"),
                 QByteArray("RepoNotFound"));
    }
};

QTEST_GUILESS_MAIN(HubDiscussionsTest)
#include "tst_hubdiscussions.moc"
