// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"
#include "quoted.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::test;

namespace {

constexpr int FilesOfLongPackage = 6000; // about 1.3 MB of JSON
constexpr int OwnFiles = 1;              // every package comes with a .gitattributes

/// One line of a commit.
QByteArray line(const char* key, const QJsonObject& value)
{
    return QJsonDocument(QJsonObject{{QLatin1String(key), value}})
               .toJson(QJsonDocument::Compact)
               .replace("{\"" + QByteArray(key) + "\":", quoted("{'key':'") + key + quoted("','value':")) +
           '\n';
}

} // namespace

/// Answers that are too long to be held whole for everybody who asks.
class HubLongAnswersTest : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;

    void commit(const QByteArray& id, const QString& description, int files)
    {
        QByteArray body = line("header", {{QStringLiteral("summary"), QStringLiteral("s")},
                                          {QStringLiteral("description"), description}});
        for (int i = 0; i < files; ++i)
            body += line("file", {{QStringLiteral("path"), QString(200, u'x') + QString::number(i)},
                                  {QStringLiteral("content"), description.left(10) + QString::number(i)}});
        const auto answer = m_hub->send("POST", "/api/models/" + id + "/commit/main", m_hub->admin(), body,
                                        "application/x-ndjson");
        QCOMPARE(answer.status, 200);
    }

    /// All items of a list, page by page; `pages` is how many there were.
    QJsonArray list(const QByteArray& path, int& pages)
    {
        QJsonArray items;
        auto page = m_hub->get(path);
        for (pages = 1;; ++pages) {
            const QJsonArray found = QJsonDocument::fromJson(page.body).array();
            if (page.status != 200 || !page.complete || found.isEmpty())
                return {};
            for (const QJsonValue& item : found)
                items.append(item);
            const QByteArray next = nextTarget(page);
            if (next.isEmpty())
                return items;
            page = m_hub->ask("GET", next);
        }
    }

private slots:
    void initTestCase() { m_hub = std::make_unique<HubFixture>(); }
    void cleanupTestCase() { m_hub.reset(); }

    void listOfLongPackagesHasMorePages()
    {
        QStringList ids;
        for (const int files : {1, FilesOfLongPackage, 2, FilesOfLongPackage, 3}) {
            const QString id = QStringLiteral("acme/long%1").arg(ids.size());
            m_hub->createPackage(PackageType::Model, id);
            commit(id.toUtf8(), {}, files);
            ids.append(id);
        }
        int pages = 0;
        const QJsonArray found =
            list("/api/models?author=acme&full=true&sort=id&direction=1&limit=1000", pages);
        QCOMPARE(pages, 3);
        QCOMPARE(found.size(), ids.size());
        for (qsizetype i = 0; i < found.size(); ++i)
            QCOMPARE(found[i][u"id"].toString(), ids[i]);
        QCOMPARE(found[1][u"siblings"].toArray().size(), FilesOfLongPackage + OwnFiles);
        QCOMPARE(found[2][u"siblings"].toArray().size(), 2 + OwnFiles);
        QCOMPARE(list("/api/models?author=acme&limit=1000", pages).size(), ids.size());
        QCOMPARE(pages, 1);
    }

    void infoOfLongPackageComesInPieces()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("info/long"));
        commit("info/long", {}, FilesOfLongPackage);
        const auto answer = m_hub->get("/api/models/info/long");
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.complete);
        QVERIFY(answer.header("Content-Length").isNull());
        QCOMPARE(answer.header("Content-Type"), "application/json; charset=utf-8");
        QCOMPARE(objectOf(answer).value(u"siblings").toArray().size(), FilesOfLongPackage + OwnFiles);
    }

    void longDescriptionsEndAPage_data()
    {
        QTest::addColumn<QString>("description");
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("long") << QString(250'000, u'd') << QByteArray("?limit=1000");
        QTest::newRow("longer as HTML")
            << QString(80'000, u'&') << QByteArray("?limit=1000&expand=formatted");
    }
    void longDescriptionsEndAPage()
    {
        QFETCH(QString, description);
        QFETCH(QByteArray, query);
        constexpr int Commits = 10;
        const QByteArray id = description.startsWith(u'd') ? "commits/long" : "commits/html";
        m_hub->createPackage(PackageType::Model, QString::fromUtf8(id));
        for (int i = 0; i < Commits; ++i)
            commit(id, description + QString::number(i), 0);
        int pages = 0;
        const QJsonArray found = list("/api/models/" + id + "/commits/main" + query, pages);
        QVERIFY(pages > 1);
        QCOMPARE(found.size(), Commits + 1); // the package came with one
        for (int i = 0; i < Commits; ++i)
            QVERIFY(found[i][u"message"].toString().endsWith(QString::number(Commits - 1 - i)));
    }

    void longDiscussionComesInPieces()
    {
        constexpr int Comments = 120;
        m_hub->createPackage(PackageType::Model, QStringLiteral("talk/long"));
        const QByteArray path = "/api/models/talk/long/discussions";
        QCOMPARE(m_hub->send("POST", path, m_hub->admin(), quoted("{'title':'t','description':'0'}")).status,
                 200);
        for (int i = 1; i <= Comments; ++i) {
            const QByteArray text = QByteArray(i < 10 ? 60'000 : 10, 'c') + QByteArray::number(i);
            QCOMPARE(m_hub
                         ->send("POST", path + "/1/comment", m_hub->admin(),
                                quoted("{'comment':'") + text + quoted("'}"))
                         .status,
                     200);
        }
        const auto answer = m_hub->get(path + "/1");
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.complete);
        QVERIFY(answer.header("Content-Length").isNull());
        const QJsonArray events = objectOf(answer).value(u"events").toArray();
        QCOMPARE(events.size(), Comments + 1);
        for (int i = 0; i <= Comments; ++i)
            QVERIFY(events[i][u"data"][u"latest"][u"raw"].toString().endsWith(QString::number(i)));
    }

    void longCommentIsRefused()
    {
        m_hub->createPackage(PackageType::Model, QStringLiteral("talk/short"));
        const auto created = m_hub->send("POST", "/api/models/talk/short/discussions", m_hub->admin(),
                                         quoted("{'title':'t'}"));
        QCOMPARE(created.status, 200);
        const auto answer =
            m_hub->send("POST", "/api/models/talk/short/discussions/1/comment", m_hub->admin(),
                        quoted("{'comment':'") + QByteArray(300'000, 'c') + quoted("'}"));
        QCOMPARE(answer.status, 413);
    }
};

QTEST_GUILESS_MAIN(HubLongAnswersTest)
#include "tst_hublonganswers.moc"
