// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/lfsbatchanswer.h"
#include "core/base/clock.h"
#include "core/base/hasher.h"
#include "hubfixture.h"
#include "quoted.h"
#include "storedfiles.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using hublet::api::test::quoted;
using hublet::api::test::storedFiles;

namespace {

constexpr qint64 PartBytes = 1000;

QByteArray oidOf(const QByteArray& bytes)
{
    return Sha256Hasher::hash(bytes).toHex();
}

QByteArray batchBody(const QByteArray& operation, const QByteArray& oid, qint64 size,
                     const QByteArray& transfers)
{
    return quoted("{'operation':'") + operation + quoted("','transfers':[") + transfers +
           quoted("],'objects':[{'oid':'") + oid + quoted("','size':") + QByteArray::number(size) +
           quoted("}],'hash_algo':'sha256','ref':{'name':'main'}}");
}

/// A URL of an answer as the target of a request: without scheme and host.
QByteArray targetOf(const QString& url)
{
    const QByteArray start = "http://localhost" + HubFixture::Prefix;
    return url.toUtf8().startsWith(start) ? url.toUtf8().sliced(start.size()) : QByteArray();
}

} // namespace

class HubLfsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    int m_contents = 0;

    /// Bytes that no other test has.
    QByteArray newContent(qsizetype size = 64)
    {
        return (QByteArray::number(++m_contents) + ' ').leftJustified(size, 'x');
    }
    QJsonObject batch(const QByteArray& operation, const QByteArray& oid, qint64 size,
                      const QByteArray& transfers = quoted("'basic','multipart'"),
                      const QByteArray& path = "/acme/m")
    {
        const auto answer =
            m_hub->send("POST", path + ".git/info/lfs/objects/batch", m_hub->admin(),
                        batchBody(operation, oid, size, transfers), "application/vnd.git-lfs+json");
        if (answer.status != 200 || answer.header("Content-Type") != "application/vnd.git-lfs+json")
            return {};
        return objectOf(answer).value(u"objects").toArray().first().toObject();
    }
    /// Where the object is to be sent.
    QJsonObject uploadAction(const QByteArray& oid, qint64 size,
                             const QByteArray& transfers = quoted("'basic'"))
    {
        return batch("upload", oid, size, transfers).value(u"actions")[u"upload"].toObject();
    }
    http::RawResponse put(const QByteArray& target, const QByteArray& body)
    {
        return m_hub->send("PUT", target, {}, body, "application/octet-stream");
    }
    bool isStored(const QByteArray& oid, qint64 size)
    {
        return !batch("upload", oid, size).contains(u"actions");
    }
    http::RawResponse verify(const QByteArray& oid, qint64 size)
    {
        return m_hub->send("POST", "/acme/m.git/info/lfs/verify", m_hub->admin(),
                           quoted("{'oid':'") + oid + quoted("','size':") + QByteArray::number(size) + '}');
    }

private slots:
    void initTestCase()
    {
        m_hub =
            std::make_unique<HubFixture>(LfsOptions{.multipartAbove = 2 * PartBytes, .partBytes = PartBytes});
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/m"));
        m_hub->createPackage(PackageType::Dataset, QStringLiteral("acme/d"));
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/secret"), true);
    }
    void cleanupTestCase() { m_hub.reset(); }

    void singleUpload()
    {
        const QByteArray bytes = newContent();
        const QByteArray oid = oidOf(bytes);
        const QJsonObject object = batch("upload", oid, bytes.size());
        QCOMPARE(object.value(u"oid").toString().toLatin1(), oid);
        QCOMPARE(object.value(u"size").toInteger(), bytes.size());
        const QJsonObject action = object.value(u"actions")[u"upload"].toObject();
        QVERIFY(action.value(u"header").isObject());
        QVERIFY(!action.value(u"header").toObject().contains(u"chunk_size"));
        QVERIFY(action.value(u"expires_in").toInteger() > 0);
        QVERIFY(!object.contains(u"error"));

        const QByteArray target = targetOf(action.value(u"href").toString());
        QVERIFY(!target.isEmpty());
        QCOMPARE(verify(oid, bytes.size()).status, 404);
        QCOMPARE(put(target, bytes).status, 200); // without any Authorization
        QVERIFY(isStored(oid, bytes.size()));
        QCOMPARE(verify(oid, bytes.size()).status, 200);
        QCOMPARE(verify(oid, bytes.size() + 1).status, 422);
        QCOMPARE(put(target, bytes).status, 200); // a retry after a lost answer

        const auto commit =
            m_hub->send("POST", "/api/models/acme/m/commit/main", m_hub->admin(),
                        quoted("{'key':'header','value':{'summary':'s'}}\n{'key':'lfsFile','value':{'path':'"
                               "w.bin','algo':'sha256','oid':'") +
                            oid + quoted("','size':") + QByteArray::number(bytes.size()) + "}}\n");
        QCOMPARE(commit.status, 200);
        QCOMPARE(m_hub->get("/acme/m/resolve/main/w.bin").body, bytes);
    }

    void urlsAreTheRequestsOwn()
    {
        http::RawClient client = m_hub->client();
        const QByteArray body = batchBody("upload", QByteArray(64, 'b'), 5, quoted("'basic'"));
        client.send(
            "POST /artifactory/api/huggingface/HF-LOCAL/acme/m.git/info/lfs/objects/batch HTTP/1.1\r\n"
            "Host: 127.0.0.1:" +
            QByteArray::number(0) + "\r\n" + m_hub->admin() +
            "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        const auto refused = client.read();
        QCOMPARE(refused.status, 421); // no such Host: nothing is built from a foreign one
        for (const QByteArray& path :
             {QByteArray("/acme/m"), QByteArray("/models/acme/m"), QByteArray("/datasets/acme/d")}) {
            const QJsonObject object = batch("upload", QByteArray(64, 'b'), 5, quoted("'basic'"), path);
            QVERIFY(!targetOf(object.value(u"actions")[u"upload"][u"href"].toString()).isEmpty());
        }
    }

    void multipartUpload()
    {
        const QByteArray bytes = newContent(3 * PartBytes - 1);
        const QByteArray oid = oidOf(bytes);
        const QJsonObject action = uploadAction(oid, bytes.size(), quoted("'basic','multipart'"));
        const QJsonObject header = action.value(u"header").toObject();
        QCOMPARE(header.value(u"chunk_size").toString(), QString::number(PartBytes));
        QCOMPARE(header.size(), 4); // chunk_size and three parts
        const QByteArray completion = targetOf(action.value(u"href").toString());
        QCOMPARE(put(completion, bytes).status, 400); // it is not for bytes

        QByteArrayList etags;
        for (const int number : {3, 1, 2}) { // in any order
            const QByteArray target = targetOf(header.value(QString::number(number)).toString());
            const QByteArray part = bytes.mid((number - 1) * PartBytes, PartBytes);
            QCOMPARE(put(target, part + 'x').status, 422);
            const auto answer = put(target, part);
            QCOMPARE(answer.status, 200);
            QVERIFY(!answer.header("ETag").isEmpty());
            QCOMPARE(put(target, part).header("ETag"), answer.header("ETag")); // a retry
            etags.append(quoted("{'partNumber':") + QByteArray::number(number) + quoted(",'etag':'") +
                         answer.header("ETag").replace("\"", "\\\"") + "\"}");
        }
        QVERIFY(!isStored(oid, bytes.size()));
        const QByteArray head = quoted("{'oid':'") + oid + quoted("','parts':[");
        QCOMPARE(m_hub->send("POST", completion, {}, head + etags.first() + "]}").status,
                 400); // parts missing
        QCOMPARE(m_hub
                     ->send("POST", completion, {},
                            quoted("{'oid':'") + QByteArray(64, '0') + quoted("','parts':[]}"))
                     .status,
                 400);
        QCOMPARE(m_hub->send("POST", completion, {}, "{").status, 400);
        const QByteArray all = head + etags.join(',') + "]}";
        QCOMPARE(m_hub->send("POST", completion, {}, all, "application/vnd.git-lfs+json").status, 200);
        QCOMPARE(m_hub->send("POST", completion, {}, all).status, 200); // a retry
        QVERIFY(isStored(oid, bytes.size()));
        const QByteArray partTarget = targetOf(header.value(u"1").toString());
        QCOMPARE(m_hub->send("POST", partTarget, {}, all).status, 400); // a part completes nothing
    }

    void multipartOfWrongBytes()
    {
        const QByteArray bytes = newContent(2 * PartBytes + 1);
        const QByteArray oid = oidOf(newContent(2 * PartBytes + 1));
        const QJsonObject action = uploadAction(oid, bytes.size(), quoted("'multipart'"));
        const QJsonObject header = action.value(u"header").toObject();
        QByteArrayList etags;
        for (int number = 1; number <= 3; ++number) {
            const auto answer = put(targetOf(header.value(QString::number(number)).toString()),
                                    bytes.mid((number - 1) * PartBytes, PartBytes));
            QCOMPARE(answer.status, 200);
            etags.append(quoted("{'partNumber':") + QByteArray::number(number) + quoted(",'etag':'") +
                         answer.header("ETag").replace("\"", "\\\"") + "\"}");
        }
        const auto answer =
            m_hub->send("POST", targetOf(action.value(u"href").toString()), {},
                        quoted("{'oid':'") + oid + quoted("','parts':[") + etags.join(',') + "]}");
        QCOMPARE(answer.status, 422);
        QVERIFY(!isStored(oid, bytes.size()));
    }

    void multipartOnlyWhereWanted()
    {
        const auto hasParts = [this](qint64 size, const QByteArray& transfers) {
            return uploadAction(QByteArray(64, 'c'), size, transfers)
                .value(u"header")
                .toObject()
                .contains(u"chunk_size");
        };
        m_hub->setXet(false); // else "xet" wins
        QVERIFY(hasParts(2 * PartBytes + 1, quoted("'basic','multipart','xet'")));
        m_hub->setXet(true);
        QVERIFY(!hasParts(2 * PartBytes + 1, quoted("'basic'")));
        QVERIFY(!hasParts(2 * PartBytes, quoted("'basic','multipart'")));
    }

    void badBodies_data()
    {
        QTest::addColumn<int>("cut");         ///< bytes missing at the end
        QTest::addColumn<QByteArray>("more"); ///< bytes too many
        QTest::addColumn<bool>("spoilt");     ///< one byte is another
        QTest::newRow("oversized") << 0 << QByteArray("x") << false;
        QTest::newRow("short") << 1 << QByteArray() << false;
        QTest::newRow("wrong hash") << 0 << QByteArray() << true;
        QTest::newRow("empty") << 64 << QByteArray() << false;
    }
    void badBodies()
    {
        QFETCH(int, cut);
        QFETCH(QByteArray, more);
        QFETCH(bool, spoilt);
        const QByteArray bytes = newContent();
        const QByteArray oid = oidOf(bytes);
        const QStringList files = storedFiles(m_hub->services());
        QByteArray sent = bytes.chopped(cut) + more;
        if (spoilt)
            sent[10] = '!';
        const QByteArray target = targetOf(uploadAction(oid, bytes.size()).value(u"href").toString());
        for (const bool chunked : {false, true}) {
            http::RawClient client = m_hub->client();
            client.send("PUT " + HubFixture::Prefix + target + " HTTP/1.1\r\nHost: localhost\r\n");
            if (chunked) {
                const QByteArray chunk = sent.isEmpty()
                                             ? QByteArray()
                                             : QByteArray::number(sent.size(), 16) + "\r\n" + sent + "\r\n";
                client.send("Transfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n");
            } else {
                client.send("Content-Length: " + QByteArray::number(sent.size()) + "\r\n\r\n" + sent);
            }
            const auto answer = client.read();
            QCOMPARE(answer.status, 422);
            QVERIFY(!answer.header("X-Error-Message").isEmpty());
            QVERIFY(!isStored(oid, bytes.size()));
        }
        QTRY_COMPARE(storedFiles(m_hub->services()), files);
        QCOMPARE(put(target, bytes).status, 200); // the URL is not spent by a failure
    }

    void abandonedUpload()
    {
        const QByteArray bytes = newContent(5000);
        const QByteArray oid = oidOf(bytes);
        const QByteArray target = targetOf(uploadAction(oid, bytes.size()).value(u"href").toString());
        const QStringList files = storedFiles(m_hub->services());
        for (const qsizetype length : {0, 1, 2500, 4999}) {
            http::RawClient client = m_hub->client();
            client.send("PUT " + HubFixture::Prefix + target +
                        " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n" + bytes.left(length));
            client.close();
        }
        QTRY_VERIFY([this] {
            for (const auto& transfer : m_hub->services().transfers().snapshot()) {
                if (transfer.endedMs == 0)
                    return false;
            }
            return true;
        }());
        QCOMPARE(storedFiles(m_hub->services()), files);
        QVERIFY(!isStored(oid, bytes.size()));
    }

    void tickets()
    {
        const QByteArray bytes = newContent();
        const QByteArray target =
            targetOf(uploadAction(oidOf(bytes), bytes.size()).value(u"href").toString());
        QByteArray forged = target;
        forged[forged.size() - 3] = forged[forged.size() - 3] == 'A' ? 'B' : 'A';
        for (const QByteArray& bad :
             {forged, target.chopped(4), QByteArray("/lfs/x"), QByteArray("/lfs/%00")}) {
            const auto answer = put(bad, bytes);
            QVERIFY(answer.status == 403 || answer.status == 400);
            QVERIFY(!isStored(oidOf(bytes), bytes.size()));
        }
        QVERIFY(m_hub->get(target).status >= 400); // it is for sending only

        service::UploadTicket expired{.content = Sha256Hasher::hash(bytes),
                                      .size = bytes.size(),
                                      .repository = *RepositoryKey::parse(u"hf-local")};
        expired.expiresMs = SystemClock().nowMs() - 1;
        const auto answer = put("/lfs/" + m_hub->services().uploads().sign(expired), bytes);
        QCOMPARE(answer.status, 403);
        QVERIFY(answer.header("X-Error-Message").contains("expired"));

        expired.expiresMs = SystemClock().nowMs() + 60'000;
        expired.repository = *RepositoryKey::parse(u"other");
        QCOMPARE(put("/lfs/" + m_hub->services().uploads().sign(expired), bytes).status, 403);
    }

    void revokedTokenRevokesItsUrls()
    {
        auto& directory = m_hub->services().directory();
        access::NewToken wanted;
        wanted.name = QStringLiteral("short-lived");
        wanted.role = access::Principal::TokenRole::Full;
        const auto token = directory.createToken(m_hub->services().firstRun()->user, wanted);
        QVERIFY(token);
        const QByteArray bytes = newContent();
        const auto answer =
            m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch", HubFixture::bearer(token->secret),
                        batchBody("upload", oidOf(bytes), bytes.size(), quoted("'basic'")));
        const QByteArray target =
            targetOf(objectOf(answer).value(u"objects")[0][u"actions"][u"upload"][u"href"].toString());
        QVERIFY(!target.isEmpty());
        QVERIFY(directory.revokeToken(token->info.id));
        QCOMPARE(put(target, bytes).status, 401);
        QVERIFY(!isStored(oidOf(bytes), bytes.size()));
    }

    /// Content is named in a commit only by who uploaded it or can read it somewhere (DECISIONS 20).
    void knowingAHashIsNotEnough()
    {
        const QByteArray bytes = newContent();
        const QByteArray oid = oidOf(bytes);
        m_hub->commit(PackageType::Model, QStringLiteral("acme/secret"), QStringLiteral("main"),
                      {{"s.bin", bytes, true}});
        const QByteArray other = m_hub->newUser(QStringLiteral("other"));
        access::Permission permission;
        permission.name = QStringLiteral("others-write");
        permission.repositories = {QStringLiteral("hf-local")};
        permission.users[QStringLiteral("other")] = {access::Action::Read, access::Action::Write};
        QVERIFY(m_hub->services().directory().createPermission(permission));
        const auto answer = m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch", other,
                                        batchBody("upload", oid, bytes.size(), quoted("'basic'")));
        QVERIFY(objectOf(answer).value(u"objects")[0].toObject().contains(u"actions")); // asked to upload
        const auto download = m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch", other,
                                          batchBody("download", oid, bytes.size(), quoted("'basic'")));
        QCOMPARE(objectOf(download).value(u"objects")[0][u"error"][u"code"].toInt(), 404);
        QCOMPARE(m_hub->get("/acme/m.git/info/lfs/objects/" + oid, other).status, 404);
    }

    void download()
    {
        const QByteArray bytes = newContent();
        const QByteArray oid = oidOf(bytes);
        m_hub->commit(PackageType::Dataset, QStringLiteral("acme/d"), QStringLiteral("main"),
                      {{"d.bin", bytes, true}});
        const auto answer = m_hub->send("POST", "/datasets/acme/d.git/info/lfs/objects/batch", {},
                                        batchBody("download", oid, bytes.size(), quoted("'basic'")));
        QCOMPARE(answer.status, 200); // anonymous may read
        const QByteArray target =
            targetOf(objectOf(answer).value(u"objects")[0][u"actions"][u"download"][u"href"].toString());
        const auto content = m_hub->get(target);
        QCOMPARE(content.status, 200);
        QCOMPARE(content.body, bytes);
        const auto object = m_hub->get("/datasets/acme/d.git/info/lfs/objects/" + oid);
        QCOMPARE(object.body, bytes);
        QCOMPARE(object.header("X-Content-Type-Options"), "nosniff");
        QCOMPARE(object.header("Content-Security-Policy"), "sandbox; default-src 'none'");
        QCOMPARE(object.header("Cross-Origin-Resource-Policy"), "same-origin");
        QCOMPARE(m_hub->get("/datasets/acme/d.git/info/lfs/objects/" + QByteArray(64, '9')).status, 404);
        QCOMPARE(m_hub->get("/datasets/acme/d.git/info/lfs/objects/xyz").status, 400);
    }

    void badObjectsAreAnsweredOneByOne()
    {
        const QJsonObject object = batch("upload", "not-a-hash", 5);
        QCOMPARE(object.value(u"oid").toString(), QStringLiteral("not-a-hash"));
        QCOMPARE(object.value(u"error")[u"code"].toInt(), 422);
        QVERIFY(!object.contains(u"actions"));
        QCOMPARE(batch("download", QByteArray(64, '8'), 5).value(u"error")[u"code"].toInt(), 404);
    }

    void whoMayUpload()
    {
        const QByteArray body = batchBody("upload", QByteArray(64, 'd'), 5, quoted("'basic'"));
        const auto anonymous = m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch", {}, body);
        QCOMPARE(anonymous.status, 401);
        QVERIFY(anonymous.header("WWW-Authenticate").startsWith("Basic")); // git asks the user then
        const auto reader = m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch",
                                        m_hub->newUser(QStringLiteral("lfsreader")), body);
        QCOMPARE(reader.status, 403);
        const QByteArray basic = "Authorization: Basic " +
                                 ("any:" + m_hub->services().firstRun()->token.toLatin1()).toBase64() +
                                 "\r\n";
        QCOMPARE(m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch", basic, body).status, 200);
        const auto hidden = m_hub->send("POST", "/acme/secret.git/info/lfs/objects/batch", {}, body);
        QCOMPARE(hidden.status, 401);
    }

    /// What no client can send is not granted, and the answer stays small.
    void hugeObjects()
    {
        const auto send = [this](qint64 size, int count) {
            QByteArrayList objects;
            for (int i = 0; i < count; ++i) {
                objects.append(quoted("{'oid':'") + QByteArray::number(i).rightJustified(64, '0') +
                               quoted("','size':") + QByteArray::number(size) + '}');
            }
            return m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch", m_hub->admin(),
                               quoted("{'operation':'upload','transfers':['multipart'],'objects':[") +
                                   objects.join(',') + "]}");
        };
        const auto huge = send(qint64(1) << 53, 60);
        QCOMPARE(huge.status, 200);
        const QJsonArray objects = objectOf(huge).value(u"objects").toArray();
        QCOMPARE(objects.size(), 60);
        QCOMPARE(objects[59][u"error"][u"code"].toInt(), 507);
        // Each would have 10,000 parts.
        const auto many = send(10'000 * PartBytes, 20);
        QCOMPARE(objectOf(many).value(u"objects").toArray().size(), 20);
        QVERIFY(many.body.count("/lfs/") <= LfsBatchAnswer::MaxPartUrls + 20);
        QVERIFY(objectOf(many).value(u"objects")[19][u"actions"][u"upload"].toObject().contains(u"href"));
    }

    /// Who may not see the package, or asks by its old name, learns that before anything else.
    void packageComesFirst()
    {
        const QByteArray reader = m_hub->newUser(QStringLiteral("lfslooker"));
        const QByteArray body = batchBody("download", QByteArray(64, 'e'), 5, quoted("'basic'"));
        for (const QByteArray& id : {QByteArray("/acme/absent"), QByteArray("/acme/secret")}) {
            const QByteArray lfs = id + ".git/info/lfs";
            for (const auto& [headers, status] : {std::pair(QByteArray(), 401), std::pair(reader, 404)}) {
                const auto answer = m_hub->send("POST", lfs + "/objects/batch", headers, body);
                QCOMPARE(answer.status, status);
                QCOMPARE(answer.header("X-Error-Code"), QByteArray("RepoNotFound"));
                QCOMPARE(m_hub->get(lfs + "/objects/" + QByteArray(64, 'e'), headers).status, status);
                QCOMPARE(m_hub->get(lfs + "/locks", headers).status, status);
            }
        }
        // An upload that will create its package.
        QVERIFY(!batch("upload", QByteArray(64, 'e'), 5, quoted("'basic'"), "/acme/comes-to-be").isEmpty());
        QVERIFY(batch("upload", QByteArray(64, 'e'), 5, quoted("'basic'"), "/no_org/x").isEmpty());

        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/old"));
        QCOMPARE(m_hub
                     ->send("POST", "/api/repos/move", m_hub->admin(),
                            quoted("{'fromRepo':'acme/old','toRepo':'acme/new'}"))
                     .status,
                 200);
        const auto moved = m_hub->send("POST", "/acme/old.git/info/lfs/objects/batch", m_hub->admin(), body);
        QCOMPARE(moved.status, 307);
        QCOMPARE(moved.header("Location"), HubFixture::Prefix + "/acme/new.git/info/lfs/objects/batch");
    }

    void malformedRequests()
    {
        for (const QByteArray& body : {QByteArray("{"), QByteArray("[]"), quoted("{'operation':'fetch'}"),
                                       quoted("{'operation':'upload','objects':[{'oid':'a'}]}")})
            QCOMPARE(m_hub->send("POST", "/acme/m.git/info/lfs/objects/batch", m_hub->admin(), body).status,
                     400);
        QCOMPARE(
            m_hub->send("POST", "/acme/m.git/info/lfs/verify", m_hub->admin(), quoted("{'oid':'x','size':1}"))
                .status,
            400);
    }

    void locks()
    {
        const auto verified = m_hub->send("POST", "/acme/m.git/info/lfs/locks/verify", m_hub->admin(), "{}");
        QCOMPARE(verified.status, 200);
        QVERIFY(objectOf(verified).value(u"ours").toArray().isEmpty() &&
                objectOf(verified).contains(u"theirs"));
        QCOMPARE(m_hub->get("/acme/m.git/info/lfs/locks", m_hub->admin()).status, 200);
    }
};

QTEST_GUILESS_MAIN(HubLfsTest)
#include "tst_hublfs.moc"
