// SPDX-License-Identifier: Apache-2.0
#include "casfixture.h"

#include "core/base/hasher.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"
#include "core/xet/shardwriter.h"

#include <QTest>
#include <QtEndian>

#include <memory>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::cas;

namespace {

constexpr qsizetype MiB = 1024 * 1024;

QByteArray shardOf(const xet::ShardFile& file, const XetContent& content)
{
    const xet::ShardXorb xorb = content.shardXorb();
    return xet::writeUploadShard({&file, 1}, {&xorb, 1});
}

} // namespace

class TestCasUpload : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<CasFixture> m_hub;
    const XetContent m_content = XetContent::random(MiB, 1);

private slots:
    void init() { m_hub = std::make_unique<CasFixture>(); }

    void takesXorbAndShard()
    {
        QCOMPARE(objectOf(m_hub->postXorb(m_content, m_content.xorbBody())).value(u"was_inserted"),
                 QJsonValue(true));
        QCOMPARE(
            objectOf(m_hub->postXorb(m_content, m_content.xorbBody(xet::Scheme::Lz4))).value(u"was_inserted"),
            QJsonValue(false));
        QCOMPARE(objectOf(m_hub->postShard(m_content.shard())).value(u"result"), QJsonValue(1));
        QCOMPARE(objectOf(m_hub->postShard(m_content.shard())).value(u"result"), QJsonValue(0));
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        const auto file = m_hub->get("/acme/bert/resolve/main/a.bin", m_hub->admin());
        QCOMPARE(file.body, m_content.bytes);
        QCOMPARE(file.header("X-Xet-Hash"), m_content.file.toText());
    }

    void answersWithFrames()
    {
        QCOMPARE(m_hub->postXorb(m_content, m_content.xorbBody()).status, 200);
        const auto answer = m_hub->cas("POST", "/v2/shards", m_hub->token("write"), m_content.shard());
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.complete);
        QCOMPARE(answer.header("Content-Type"), "application/x-ndjson");
        const QByteArrayList lines = answer.body.trimmed().split('\n');
        for (const QByteArray& line : lines)
            QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
        const QJsonObject first = QJsonDocument::fromJson(lines.first()).object();
        const QJsonObject last = QJsonDocument::fromJson(lines.last()).object();
        QCOMPARE(first.value(u"type"), QJsonValue(QStringLiteral("validating")));
        QCOMPARE(last.value(u"type"), QJsonValue(QStringLiteral("result")));
        QCOMPARE(last.value(u"result"), QJsonValue(1));
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
    }

    void framesEndWithWhatIsWrong()
    {
        const auto answer = m_hub->cas("POST", "/v2/shards", m_hub->token("write"), m_content.shard());
        QCOMPARE(answer.status, 200);
        const QJsonObject last = QJsonDocument::fromJson(answer.body.trimmed().split('\n').last()).object();
        QCOMPARE(last.value(u"type"), QJsonValue(QStringLiteral("error")));
        QCOMPARE(last.value(u"retryable"), QJsonValue(false));
        QVERIFY(last.value(u"message").toString().contains(u"not stored"));
    }

    void takesEveryPath_data()
    {
        QTest::addColumn<QByteArray>("xorb");
        QTest::addColumn<QByteArray>("shard");
        QTest::addColumn<QByteArray>("shardMethod");
        const QByteArray named = "/shard/default/" + m_content.xorb.toText();
        QTest::newRow("v1") << QByteArray("/v1/xorbs/default/") << QByteArray("/v1/shards")
                            << QByteArray("POST");
        QTest::newRow("plural") << QByteArray("/xorbs/default/") << QByteArray("/shards")
                                << QByteArray("POST");
        QTest::newRow("singular") << QByteArray("/xorb/default/") << named << QByteArray("POST");
        QTest::newRow("put") << QByteArray("/xorb/default-merkledb/") << named << QByteArray("PUT");
    }
    void takesEveryPath()
    {
        QFETCH(QByteArray, xorb);
        QFETCH(QByteArray, shard);
        QFETCH(QByteArray, shardMethod);
        const QByteArray token = m_hub->token("write");
        QCOMPARE(m_hub->cas("HEAD", xorb + m_content.xorb.toText(), token).status, 404);
        QCOMPARE(m_hub->cas("POST", xorb + m_content.xorb.toText(), token, m_content.xorbBody()).status, 200);
        const auto head = m_hub->cas("HEAD", xorb + m_content.xorb.toText(), token);
        QCOMPARE(head.status, 200);
        QCOMPARE(head.header("Content-Length").toLongLong(), m_content.xorbBody().size());
        QCOMPARE(m_hub->cas(shardMethod, shard, token, m_content.shard()).status, 200);
    }

    void refusesBadXorbs_data()
    {
        QTest::addColumn<QByteArray>("body");
        const QByteArray good = m_content.xorbBody();
        const auto changed = [&good](qsizetype at, char value) {
            QByteArray body = good;
            body[at] = value;
            return body;
        };
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut in a payload") << good.chopped(1);
        QTest::newRow("cut in a header") << good.first(5);
        QTest::newRow("other version") << changed(0, 1);
        QTest::newRow("unknown scheme") << changed(4, 99);
        QTest::newRow("stored size lies") << changed(1, char(good[1] ^ 1));
        QTest::newRow("raw size lies") << changed(5, char(good[5] ^ 1));
        QTest::newRow("payload changed") << changed(100, char(good[100] ^ 1));
        QTest::newRow("something behind the chunks") << QByteArray(good + "XETBLOB");
        QTest::newRow("raw size of nothing") << QByteArray(8, '\0') + good;
        QTest::newRow("LZ4 that is none") << changed(4, 1);
        QTest::newRow("LZ4 bomb") << bomb();
        QTest::newRow("one chunk too many") << tooManyChunks();
        QTest::newRow("a chunk of a byte too many")
            << QByteArray(QByteArray::fromHex("0001000200010002") + QByteArray(128 * 1024 + 1, 'x'));
        QTest::newRow("other chunks") << XetContent::random(MiB, 2).xorbBody();
        const XetContent one = XetContent::random(100, 3);
        QTest::newRow("a chunk more") << QByteArray(good + one.xorbBody());
    }
    void refusesBadXorbs()
    {
        QFETCH(QByteArray, body);
        const auto answer = m_hub->postXorb(m_content, body);
        QCOMPARE(answer.status, 400);
        QVERIFY(!objectOf(answer).value(u"error").toString().isEmpty());
        QCOMPARE(
            m_hub->cas("HEAD", "/v1/xorbs/default/" + m_content.xorb.toText(), m_hub->token("read")).status,
            404);
    }

    void refusesTooLongXorbsUnread()
    {
        http::RawClient connection = m_hub->client();
        connection.send(postHead("/v1/xorbs/default/" + m_content.xorb.toText(), m_hub->token("write")) +
                        "Content-Length: 70000000\r\n\r\n");
        QCOMPARE(connection.read().status, 413);
    }

    void readsNoXorbForEver_data()
    {
        QTest::addColumn<bool>("known");
        QTest::newRow("new") << false;
        QTest::newRow("known") << true;
    }
    void readsNoXorbForEver()
    {
        QFETCH(bool, known);
        const XetContent content = known ? m_content : XetContent::random(MiB, 9);
        QCOMPARE(m_hub->postXorb(m_content, m_content.xorbBody()).status, 200);
        http::RawClient connection = m_hub->client();
        connection.send(postHead("/v1/xorbs/default/" + content.xorb.toText(), m_hub->token("write")) +
                        "Transfer-Encoding: chunked\r\n\r\n");
        const QByteArray record = xet::encodeRecord(content.bytes.first(128 * 1024), xet::Scheme::None);
        const QByteArray piece = QByteArray::number(record.size(), 16) + "\r\n" + record + "\r\n";
        sendMany(connection, piece, 600);
        QCOMPARE(connection.read().status, 413);
    }

    void takesXorbsThatUnpackToMuch()
    {
        const XetContent content = XetContent::of(QByteArray(80 * MiB, '\0'));
        const QByteArray body = content.xorbBody(xet::Scheme::Lz4);
        QVERIFY(body.size() < MiB);
        QCOMPARE(m_hub->postXorb(content, body).status, 200);
        QCOMPARE(m_hub->postShard(content.shard()).status, 200);
        QCOMPARE(m_hub->commit(content, "a.bin").status, 200);
        const auto file = m_hub->get("/acme/bert/resolve/main/a.bin", m_hub->admin());
        QVERIFY(file.body == content.bytes);
    }

    void quotaCountsRawBytes()
    {
        m_hub->changeRepository([](auto& settings) { settings.quotaBytes = 70 * MiB; });
        const XetContent content = XetContent::of(QByteArray(80 * MiB, '\0'));
        const auto refused = m_hub->postXorb(content, content.xorbBody(xet::Scheme::Lz4));
        QCOMPARE(refused.status, 413);
        QVERIFY(refused.header("X-Error-Message").contains("quota"));
        QCOMPARE(m_hub->postXorb(m_content, m_content.xorbBody()).status, 200);
    }

    void oneOfManyUploadsIsTheFirst()
    {
        const XetContent content = XetContent::random(8 * MiB, 4);
        const QByteArray body = content.xorbBody();
        const QByteArray token = m_hub->token("write");
        std::vector<http::RawClient> clients;
        for (int i = 0; i < 8; ++i) {
            clients.push_back(m_hub->client());
            QVERIFY(clients.back().send(postHead("/v1/xorbs/default/" + content.xorb.toText(), token) +
                                        "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n"));
            QVERIFY(clients.back().send(body.chopped(1))); // all are under way
        }
        int inserted = 0;
        for (http::RawClient& client : clients)
            QVERIFY(client.send(body.last(1)));
        for (http::RawClient& client : clients) {
            const auto answer = client.read();
            QCOMPARE(answer.status, 200);
            inserted += objectOf(answer).value(u"was_inserted").toBool() ? 1 : 0;
        }
        QCOMPARE(inserted, 1);
    }

    void refusesTooLongShards_data()
    {
        QTest::addColumn<bool>("chunked");
        QTest::addColumn<QByteArray>("path");
        for (const char* const path : {"/v1/shards", "/v2/shards"}) {
            QTest::addRow("%s with a length", path) << false << QByteArray(path);
            QTest::addRow("%s chunked", path) << true << QByteArray(path);
        }
    }
    void refusesTooLongShards()
    {
        QFETCH(bool, chunked);
        QFETCH(QByteArray, path);
        http::RawClient connection = m_hub->client();
        const QByteArray head = postHead(path, m_hub->token("write"));
        if (chunked) {
            connection.send(head + "Transfer-Encoding: chunked\r\n\r\n");
            const QByteArray piece = "100000\r\n" + QByteArray(MiB, 'x') + "\r\n";
            sendMany(connection, piece, 70);
        } else {
            connection.send(head + "Content-Length: " + QByteArray::number(65 * MiB + 1) + "\r\n\r\n");
        }
        QCOMPARE(connection.read().status, 413);
    }

    void refusesShardsOfUnknownXorbs()
    {
        const xet::ShardXorb xorb = m_content.shardXorb();
        const auto refused = m_hub->postShard(xet::writeUploadShard({}, {&xorb, 1}));
        QCOMPARE(refused.status, 400);
        QVERIFY(objectOf(refused).value(u"error").toString().contains(u"not stored"));
    }

    /// Shards that keep the server busy for minutes: others are served meanwhile, and whoever goes away takes
    /// the work along.
    void longRegistrationsKeepNobodyWaiting_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("v1") << QByteArray("/v1/shards");
        QTest::newRow("v2") << QByteArray("/v2/shards");
    }
    void longRegistrationsKeepNobodyWaiting()
    {
        QFETCH(QByteArray, path);
        const xet::Chunk chunk{xet::chunkHash("x"), 1};
        XetContent content;
        content.chunks.assign(xet::MaxXorbChunks, chunk);
        xet::MerkleTree tree;
        tree.add(content.chunks);
        content.xorb = tree.root();
        const QByteArray body = xet::encodeRecord("x", xet::Scheme::None).repeated(xet::MaxXorbChunks);
        QCOMPARE(m_hub->postXorb(content, body).status, 200);
        xet::ShardFile file{m_content.file, {}, {}, {}};
        file.terms.assign(30'000, {content.xorb, 0, xet::MaxXorbChunks, xet::MaxXorbChunks});
        file.rangeHashes.assign(file.terms.size(), xet::rangeHash(content.chunks));
        const QByteArray shard = xet::writeUploadShard({&file, 1}, {});
        const QByteArray token = m_hub->token("write");
        {
            std::vector<http::RawClient> clients;
            for (int i = 0; i < 8; ++i) {
                clients.push_back(m_hub->client());
                QVERIFY(clients.back().send(postHead(path, token) + "Content-Length: " +
                                            QByteArray::number(shard.size()) + "\r\n\r\n" + shard));
            }
            QCOMPARE(m_hub->postXorb(m_content, m_content.xorbBody()).status, 200);
            for (http::RawClient& client : clients)
                QVERIFY(path == "/v2/shards" || client.isQuiet());
        }
        QCOMPARE(objectOf(m_hub->postShard(m_content.shard())).value(u"result"), QJsonValue(1));
    }

    void refusesBadNames_data()
    {
        QTest::addColumn<QByteArray>("path");
        const QByteArray hash = m_content.xorb.toText();
        QTest::newRow("short") << QByteArray("/v1/xorbs/default/" + hash.chopped(1));
        QTest::newRow("long") << QByteArray("/v1/xorbs/default/" + hash + '0');
        QTest::newRow("no hex") << QByteArray("/v1/xorbs/default/" + hash.chopped(1) + 'g');
        QTest::newRow("prefix") << QByteArray("/v1/xorbs/other/" + hash);
    }
    void refusesBadNames()
    {
        QFETCH(QByteArray, path);
        QCOMPARE(m_hub->cas("POST", path, m_hub->token("write"), m_content.xorbBody()).status, 400);
    }

    void refusesBadShards_data()
    {
        QTest::addColumn<QByteArray>("shard");
        const auto row = [this](const char* name, const std::function<void(xet::ShardFile&)>& change) {
            xet::ShardFile file = m_content.shardFile();
            change(file);
            QTest::newRow(name) << shardOf(file, m_content);
        };
        const XetContent other = XetContent::random(MiB, 7);
        row("wrong file hash", [&](xet::ShardFile& file) { file.hash = other.file; });
        row("wrong range hash", [&](xet::ShardFile& file) { file.rangeHashes[0] = other.file; });
        row("no range hashes", [](xet::ShardFile& file) { file.rangeHashes.clear(); });
        row("size of a term lies", [](xet::ShardFile& file) { file.terms[0].bytes += 1; });
        row("term beyond the xorb", [](xet::ShardFile& file) { file.terms[0].chunkEnd += 1; });
        row("empty term", [](xet::ShardFile& file) { file.terms[0].chunkStart = file.terms[0].chunkEnd; });
        row("xorb that is not here", [&](xet::ShardFile& file) { file.terms[0].xorb = other.xorb; });
        row("wrong SHA-256", [](xet::ShardFile& file) { file.sha256 = Sha256Hasher::hash("x"); });

        const xet::ShardFile file = m_content.shardFile();
        xet::ShardXorb xorb = m_content.shardXorb();
        xorb.chunks.pop_back();
        QTest::newRow("xorb with a chunk less") << xet::writeUploadShard({&file, 1}, {&xorb, 1});

        const QByteArray good = m_content.shard();
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no shard") << QByteArray(1000, 'x');
        QTest::newRow("cut") << good.chopped(48);
        QByteArray version = good;
        version[32] = 9;
        QTest::newRow("other version") << version;
        QByteArray entries = good; // of the first file
        qToLittleEndian<quint32>(0xFFFFFFFF, entries.data() + 48 + 36);
        QTest::newRow("claims 2^32 terms") << entries;
    }
    void refusesBadShards()
    {
        QFETCH(QByteArray, shard);
        QCOMPARE(m_hub->postXorb(m_content, m_content.xorbBody()).status, 200);
        const auto answer = m_hub->postShard(shard);
        QCOMPARE(answer.status, 400);
        QVERIFY(!objectOf(answer).value(u"error").toString().isEmpty());
        // Nothing of it is known.
        const auto reconstruction =
            m_hub->cas("GET", "/v1/reconstructions/" + m_content.file.toText(), m_hub->token("read"));
        QCOMPARE(reconstruction.status, 404);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 422);
    }

    void shardBeforeItsXorbIsRefused() { QCOMPARE(m_hub->postShard(m_content.shard()).status, 400); }

    void needsAXetToken()
    {
        for (const QByteArray& other : {QByteArray(), m_hub->admin(), HubFixture::bearer("xet_AAAA")}) {
            QCOMPARE(m_hub->cas("POST", "/v1/xorbs/default/" + m_content.xorb.toText(), other, "x").status,
                     401);
            QCOMPARE(m_hub->cas("POST", "/v1/shards", other, "x").status, 401);
        }
    }

    void readTokensDoNotWrite()
    {
        const QByteArray read = m_hub->token("read");
        QCOMPARE(
            m_hub->cas("POST", "/v1/xorbs/default/" + m_content.xorb.toText(), read, m_content.xorbBody())
                .status,
            403);
        QCOMPARE(m_hub->cas("POST", "/v1/shards", read, m_content.shard()).status, 403);
        QCOMPARE(m_hub->cas("POST", "/v2/shards", read, m_content.shard()).status, 403);
    }

    void whatOthersUploadedIsNotMine()
    {
        m_hub->upload(m_content);
        const QByteArray other = m_hub->newUser(QStringLiteral("eve"));
        const QByteArray read = m_hub->tokenOf("read", other);
        QCOMPARE(m_hub->cas("GET", "/v1/reconstructions/" + m_content.file.toText(), read).status, 404);
        QCOMPARE(m_hub->cas("GET", "/v1/chunks/default/" + m_content.chunks[0].hash.toText(), read).status,
                 404);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        QCOMPARE(m_hub->cas("GET", "/v1/reconstructions/" + m_content.file.toText(), read).status, 200);
        QCOMPARE(m_hub->cas("GET", "/v1/chunks/default/" + m_content.chunks[0].hash.toText(), read).status,
                 200);
    }

private:
    [[nodiscard]] QByteArray postHead(const QByteArray& path, const QByteArray& headers)
    {
        return "POST " + m_hub->base() + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers;
    }
    /// A chunked body, as far as the server takes it.
    static void sendMany(http::RawClient& connection, const QByteArray& piece, int count)
    {
        bool sent = true;
        for (int i = 0; i < count && sent; ++i)
            sent = connection.send(piece);
        if (sent)
            connection.send("0\r\n\r\n");
    }
    /// Records that stay legal one by one until there are too many of them.
    static QByteArray tooManyChunks()
    {
        const QByteArray record = xet::encodeRecord("x", xet::Scheme::None);
        return record.repeated(8193);
    }
    /// A frame that unpacks to more than its record says.
    static QByteArray bomb()
    {
        QByteArray record = xet::encodeRecord(QByteArray(128 * 1024, '\0'), xet::Scheme::Lz4);
        record[5] = 16; // of the raw size
        record[6] = 0;
        record[7] = 0;
        return record;
    }
};

QTEST_GUILESS_MAIN(TestCasUpload)
#include "tst_casupload.moc"
