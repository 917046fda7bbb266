// SPDX-License-Identifier: Apache-2.0
#include "commitclient.h"
#include "core/base/hasher.h"
#include "quoted.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::test;

class HubPreuploadTest : public QObject {
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

    void preupload()
    {
        const QByteArray id = m_client->newPackage();
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

        // Clients that may have hf_xet get everything regular where Xet is off; no oid for those that misread
        // URLs.
        for (const bool xet : {false, true}) {
            m_hub->setXet(xet);
            answer = files("User-Agent: x; hf_hub/1.20.0; y\r\n");
            QCOMPARE(answer[QStringLiteral("model.safetensors")].value(u"uploadMode").toString(),
                     xet ? QStringLiteral("lfs") : QStringLiteral("regular"));
        }
        // The library datasets deletes a shard once it was asked about, so it could not send it inline.
        answer = files("User-Agent: datasets/5.2.0; hf_hub/2.4.0; y\r\n");
        QCOMPARE(answer[QStringLiteral("model.safetensors")].value(u"uploadMode").toString(),
                 QStringLiteral("lfs"));
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

    /// What huggingface_hub 0.30 to 0.35 asks before it uploads, and gives up on a 404.
    void uploadProbe()
    {
        const QByteArray path = "/api/models/acme/not-yet/revision/2026-02?expand=xetEnabled";
        const QByteArray asks = "User-Agent: unknown/None; hf_hub/0.32.4; python/3.12\r\n";
        const QByteArray admin = m_hub->admin() + asks;
        for (const char* other :
             {"User-Agent: x; hf_hub/0.36.0; y\r\n", "User-Agent: x; hf_hub/0.29.3; y\r\n", ""})
            QCOMPARE(m_hub->get(path, m_hub->admin() + other).status, 404);
        for (const char* impossible :
             {"no_org/x/revision/main", "alone/revision/main", "acme/x/revision/refs%2Fpr%2F1"})
            QCOMPARE(m_hub->get(QByteArray("/api/models/") + impossible + "?expand=xetEnabled", admin).status,
                     404);
        const auto answer = m_hub->get(path, admin);
        QCOMPARE(answer.status, 200);
        QCOMPARE(objectOf(answer).value(u"xetEnabled"), QJsonValue(true));
        QCOMPARE(objectOf(answer).value(u"id").toString(), QStringLiteral("acme/not-yet"));
        QCOMPARE(
            m_hub->get("/api/models/" + m_client->newPackage() + "/revision/2026-02?expand=xetEnabled", admin)
                .status,
            200);
        QCOMPARE(m_hub->get(path, asks).status, 401);
        QCOMPARE(m_hub->get(path, m_hub->newUser(QStringLiteral("prober")) + asks).status, 404);
        QCOMPARE(m_hub->get(path + "&expand=sha", admin).status, 404);
        QCOMPARE(m_hub->get("/api/models/acme/not-yet/revision/2026-02", admin).status, 404);
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

    void strangersHaveShortCardsValidated_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("frontMatterBytes");
        QTest::addColumn<int>("status");
        constexpr int Most = 64 * 1024;
        QTest::newRow("stranger, short") << QByteArray() << Most << 200;
        QTest::newRow("stranger, long") << QByteArray() << Most + 1 << 400;
        QTest::newRow("user, long") << m_hub->admin() << Most + 1 << 200;
    }

    void strangersHaveShortCardsValidated()
    {
        QFETCH(QByteArray, headers);
        QFETCH(int, frontMatterBytes);
        const QByteArray text(frontMatterBytes - qsizetype(strlen("a: \n")), 'x');
        const QByteArray body = quoted("{'content':'---\\na: ") + text + quoted("\\n---\\n'}");
        QTEST(m_hub->send("POST", "/api/validate-yaml", headers, body).status, "status");
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

QTEST_GUILESS_MAIN(HubPreuploadTest)
#include "tst_hubpreupload.moc"
