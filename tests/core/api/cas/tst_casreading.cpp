// SPDX-License-Identifier: Apache-2.0
#include "casfixture.h"

#include "core/xet/chunkrecord.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"
#include "core/xet/shardreader.h"
#include "core/xet/shardwriter.h"

#include <QJsonArray>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::cas;

namespace {

constexpr qsizetype MiB = 1024 * 1024;

/// The raw bytes of chunk records that are all sent raw.
QByteArray payloads(QByteArrayView records)
{
    QByteArray bytes;
    while (!records.isEmpty()) {
        const auto header = xet::RecordHeader::parse(records);
        if (!header || header->scheme != xet::Scheme::None)
            return {};
        bytes += records.sliced(xet::RecordHeader::Size, header->storedBytes);
        records = records.sliced(xet::RecordHeader::Size + header->storedBytes);
    }
    return bytes;
}

} // namespace

class TestCasReading : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<CasFixture> m_hub;
    const XetContent m_content = XetContent::random(3 * MiB, 1);
    QByteArray m_read;

    [[nodiscard]] http::RawResponse reconstruct(const QByteArray& version, const QByteArray& range = {})
    {
        return m_hub->cas("GET", version + m_content.file.toText(),
                          m_read + (range.isEmpty() ? QByteArray() : "Range: " + range + "\r\n"));
    }
    /// Fetches what an entry of fetch_info says.
    [[nodiscard]] http::RawResponse fetch(const QJsonObject& entry, const QByteArray& range)
    {
        const QByteArray target = QUrl(entry.value(u"url").toString()).path().toLatin1();
        return m_hub->ask("GET", target, range.isEmpty() ? QByteArray() : "Range: " + range + "\r\n");
    }
    [[nodiscard]] static QByteArray rangeOf(const QJsonObject& span)
    {
        return "bytes=" + QByteArray::number(span.value(u"start").toInteger()) + '-' +
               QByteArray::number(span.value(u"end").toInteger());
    }
    [[nodiscard]] QJsonObject firstFetch()
    {
        const QJsonObject info =
            objectOf(reconstruct("/v1/reconstructions/")).value(u"fetch_info").toObject();
        return info.value(QString::fromLatin1(m_content.xorb.toText())).toArray().at(0).toObject();
    }

    /// The same JSON with empty URLs in the lists for each xorb.
    [[nodiscard]] static QJsonObject withoutUrls(QJsonObject plan)
    {
        for (const QString& member : {QStringLiteral("fetch_info"), QStringLiteral("xorbs")}) {
            if (!plan.contains(member))
                continue;
            QJsonObject lists = plan.value(member).toObject();
            for (const QString& xorb : lists.keys()) {
                QJsonArray entries;
                for (const QJsonValue& value : lists.value(xorb).toArray()) {
                    QJsonObject entry = value.toObject();
                    entry.insert(u"url", QString());
                    entries.append(entry);
                }
                lists.insert(xorb, entries);
            }
            plan.insert(member, lists);
        }
        return plan;
    }
    /// A file of very many terms over a xorb of two tiny chunks, which `seed` varies.
    [[nodiscard]] static xet::ShardFile manyTerms(const XetContent& two, std::size_t count, std::size_t seed)
    {
        xet::ShardFile file;
        xet::MerkleTree tree;
        for (std::size_t i = 0; i < count; ++i) {
            const quint32 chunk = quint32((i + seed) % 2);
            tree.add(two.chunks[chunk]);
            file.terms.push_back({two.xorb, chunk, chunk + 1, two.chunks[chunk].bytes});
            file.rangeHashes.push_back(xet::rangeHash({&two.chunks[chunk], 1}));
        }
        file.hash = tree.fileHash();
        return file;
    }

private slots:
    void initTestCase()
    {
        m_hub = std::make_unique<CasFixture>();
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        m_read = m_hub->token("read");
    }

    void bothVersionsGiveTheSameBytes_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("last");
        const qint64 end = m_content.bytes.size() - 1;
        QTest::newRow("whole") << QByteArray() << qint64(0) << end;
        QTest::newRow("as hf_xet asks") << QByteArray("bytes=0-268435455") << qint64(0) << end;
        QTest::newRow("old form") << QByteArray("1000000-1999999") << qint64(1000000) << qint64(1999999);
        QTest::newRow("middle") << QByteArray("bytes=1000000-1999999") << qint64(1000000) << qint64(1999999);
        QTest::newRow("one byte") << QByteArray("bytes=5-5") << qint64(5) << qint64(5);
        QTest::newRow("huge end") << QByteArray("bytes=7-18446744073709551614") << qint64(7) << end;
        QTest::newRow("last byte") << "bytes=" + QByteArray::number(end) + '-' + QByteArray::number(end)
                                   << end << end;
    }
    void bothVersionsGiveTheSameBytes()
    {
        QFETCH(QByteArray, range);
        QFETCH(qint64, first);
        QFETCH(qint64, last);
        const auto answer1 = reconstruct("/v1/reconstructions/", range);
        const auto answer2 = reconstruct("/v2/reconstructions/", range);
        QCOMPARE(answer1.status, 200);
        QCOMPARE(answer2.status, 200);
        const QJsonObject v1 = objectOf(answer1);
        const QJsonObject v2 = objectOf(answer2);
        QCOMPARE(v1.value(u"terms"), v2.value(u"terms"));
        QCOMPARE(v1.value(u"offset_into_first_range"), v2.value(u"offset_into_first_range"));

        const QString xorb = QString::fromLatin1(m_content.xorb.toText());
        const QJsonArray entries1 = v1.value(u"fetch_info").toObject().value(xorb).toArray();
        const QJsonArray entries2 = v2.value(u"xorbs").toObject().value(xorb).toArray();
        QCOMPARE(entries1.size(), 1);
        QCOMPARE(entries2.size(), 1);
        const QJsonObject one = entries1.at(0).toObject();
        const QJsonObject two = entries2.at(0).toObject().value(u"ranges").toArray().at(0).toObject();
        QCOMPARE(one.value(u"range"), two.value(u"chunks"));
        QCOMPARE(one.value(u"url_range"), two.value(u"bytes"));
        QVERIFY(one.value(u"url").toString().startsWith(u"http://localhost"));

        const auto records = fetch(one, rangeOf(one.value(u"url_range").toObject()));
        QCOMPARE(records.status, 206);
        const qint64 skip = v1.value(u"offset_into_first_range").toInteger();
        QCOMPARE(payloads(records.body).mid(skip, last - first + 1),
                 m_content.bytes.mid(first, last - first + 1));
    }

    void sameQuestionSameStructure_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("v1") << QByteArray("/v1/reconstructions/");
        QTest::newRow("v2") << QByteArray("/v2/reconstructions/");
    }
    /// URLs are signed anew; all else must be equal, the ranges too.
    void sameQuestionSameStructure()
    {
        QFETCH(QByteArray, path);
        const auto ask = [&] { return objectOf(reconstruct(path, "bytes=100-2000000")); };
        const QJsonObject first = ask();
        const QJsonObject second = ask();
        QCOMPARE(withoutUrls(first), withoutUrls(second));
        const QJsonObject other = objectOf(reconstruct(path, "bytes=1000000-2000000"));
        QVERIFY(withoutUrls(first) != withoutUrls(other));
        QVERIFY(first != withoutUrls(first)); // there are URLs
    }

    void knowsEveryPath_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char* path :
             {"/v1/reconstructions/", "/reconstructions/", "/reconstruction/", "/v2/reconstructions/"})
            QTest::newRow(path) << QByteArray(path);
    }
    void knowsEveryPath()
    {
        QFETCH(QByteArray, path);
        QCOMPARE(reconstruct(path).status, 200);
        QCOMPARE(m_hub->cas("GET", path + m_content.file.toText().toUpper(), m_read).status, 200);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<int>("status");
        const QByteArray file = "/v1/reconstructions/" + m_content.file.toText();
        const QByteArray size = QByteArray::number(m_content.bytes.size());
        QTest::newRow("behind the end") << file << "bytes=" + size + "-99999999" << 416;
        QTest::newRow("no range") << file << QByteArray("bytes=x-y") << 400;
        QTest::newRow("backwards") << file << QByteArray("bytes=9-1") << 400;
        QTest::newRow("unknown file")
            << QByteArray("/v1/reconstructions/" + QByteArray(64, 'a')) << QByteArray() << 404;
        QTest::newRow("short hash") << QByteArray("/v1/reconstructions/abc") << QByteArray() << 400;
        QTest::newRow("unknown route") << QByteArray("/v3/reconstructions/x") << QByteArray() << 404;
    }
    void refuses()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, range);
        QFETCH(int, status);
        const QByteArray header = range.isEmpty() ? QByteArray() : "Range: " + range + "\r\n";
        QCOMPARE(m_hub->cas("GET", path, m_read + header).status, status);
    }

    void wrongMethod()
    {
        QCOMPARE(m_hub->cas("POST", "/v1/reconstructions/" + m_content.file.toText(), m_read).status, 405);
    }

    void batch()
    {
        const QByteArray file = m_content.file.toText();
        const auto answer = m_hub->cas(
            "GET", "/v1/reconstructions?file_id=" + file + "&file_id=" + QByteArray(64, 'a'), m_read);
        QCOMPARE(answer.status, 200);
        const QJsonObject files = objectOf(answer).value(u"files").toObject();
        QCOMPARE(files.keys(), QStringList{QString::fromLatin1(file)});
        QCOMPARE(files.value(QString::fromLatin1(file)),
                 objectOf(reconstruct("/v1/reconstructions/")).value(u"terms"));
        QCOMPARE(m_hub->cas("GET", "/v1/reconstructions", m_read).status, 400);
    }

    void batchTellsEachFileOnce()
    {
        const QByteArray file = "file_id=" + m_content.file.toText();
        const auto once = m_hub->cas("GET", "/v1/reconstructions?" + file, m_read);
        const QByteArray often = QByteArray('&' + file).repeated(40).sliced(1);
        const auto answer = m_hub->cas("GET", "/v1/reconstructions?" + often, m_read);
        QCOMPARE(answer.status, 200);
        QCOMPARE(withoutUrls(objectOf(answer)), withoutUrls(objectOf(once)));
        QCOMPARE(answer.body.size(), once.body.size());
    }

    void longAnswersComeInPieces()
    {
        XetContent two;
        xet::MerkleTree xorb;
        for (const QByteArray& bytes : {QByteArray(100, 'a'), QByteArray(120, 'b')}) {
            two.bytes += bytes;
            two.chunks.push_back(XetContent::of(bytes).chunks.front());
            xorb.add(two.chunks.back());
        }
        two.xorb = xorb.root();
        constexpr std::size_t Count = service::Xet::MaxBatchTerms / 2 + 1;
        const std::vector files{manyTerms(two, Count, 0), manyTerms(two, Count, 1)};
        QCOMPARE(m_hub->postXorb(two, two.xorbBody()).status, 200);
        QCOMPARE(m_hub->postShard(xet::writeUploadShard(files, {})).status, 200);

        const QByteArray token = m_hub->token("write"); // they are in no commit
        for (const char* version : {"/v1/reconstructions/", "/v2/reconstructions/"}) {
            const auto answer = m_hub->cas("GET", version + files[0].hash.toText(), token);
            QCOMPARE(answer.status, 200);
            QVERIFY(answer.complete);
            QVERIFY(answer.header("Content-Length").isNull());
            QCOMPARE(answer.header("Content-Type"), "application/json; charset=utf-8");
            QCOMPARE(objectOf(answer).value(u"terms").toArray().size(), qsizetype(Count));
        }
        const auto both = m_hub->cas("GET",
                                     "/v1/reconstructions?file_id=" + files[0].hash.toText() +
                                         "&file_id=" + files[1].hash.toText(),
                                     token);
        QCOMPARE(both.status, 413);
    }

    void fileSize()
    {
        const auto head = m_hub->cas("HEAD", "/v1/files/" + m_content.file.toText(), m_read);
        QCOMPARE(head.status, 200);
        QCOMPARE(head.header("Content-Length").toLongLong(), m_content.bytes.size());
    }

    void fetchesNoMoreThanSigned_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<int>("status");
        QTest::newRow("a part") << QByteArray("bytes=10-19") << 206;
        QTest::newRow("all, unsaid") << QByteArray() << 206;
        QTest::newRow("behind it") << QByteArray("bytes=99999999-") << 403;
        QTest::newRow("several") << QByteArray("bytes=0-1,5-6") << 403;
    }
    void fetchesNoMoreThanSigned()
    {
        QFETCH(QByteArray, range);
        QFETCH(int, status);
        const auto answer = fetch(firstFetch(), range);
        QCOMPARE(answer.status, status);
        if (range == "bytes=10-19") {
            QCOMPARE(answer.body, m_content.xorbBody().mid(10, 10));
            QCOMPARE(answer.header("X-Content-Type-Options"), "nosniff");
            QCOMPARE(answer.header("Content-Security-Policy"), "sandbox; default-src 'none'");
            QCOMPARE(answer.header("Cross-Origin-Resource-Policy"), "same-origin");
            QCOMPARE(answer.header("Content-Range"),
                     "bytes 10-19/" + QByteArray::number(m_content.xorbBody().size()));
            QCOMPARE(answer.header("Content-Length"), "10");
        }
    }

    void changedUrlsOpenNothing()
    {
        QByteArray target = QUrl(firstFetch().value(u"url").toString()).path().toLatin1();
        const qsizetype at = target.size() - 40;
        target[at] = target[at] == 'A' ? 'B' : 'A';
        QCOMPARE(m_hub->ask("GET", target).status, 403);
    }

    void answersDedupQueries()
    {
        const auto answer =
            m_hub->cas("GET", "/v1/chunks/default/" + m_content.chunks[5].hash.toText(), m_read);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.header("Content-Type"), "application/octet-stream");
        auto shard = xet::ShardReader::open(answer.body);
        QVERIFY(shard);
        const auto xorb = shard->nextXorb();
        QVERIFY(xorb);
        QCOMPARE(xorb->hash, m_content.xorb);
        QCOMPARE(xorb->chunks.size(), m_content.chunks.size());
        // Who does not know the chunks learns nothing about them.
        QVERIFY(xorb->chunks[0].hash != m_content.chunks[0].hash);
        QCOMPARE(m_hub->cas("GET", "/chunk/default-merkledb/" + QByteArray(64, 'a'), m_read).status, 404);
    }

    void anonymousReads()
    {
        const QByteArray token = m_hub->tokenOf("read", {});
        QCOMPARE(m_hub->cas("GET", "/v1/reconstructions/" + m_content.file.toText(), token).status, 200);
    }

    void otherStoresAreGone()
    {
        const QByteArray other = "/cas/00000000-1111-4222-8333-444444444444-1/v1/reconstructions/";
        const auto answer = m_hub->ask("GET", other + m_content.file.toText(), m_read);
        QCOMPARE(answer.status, 410);
        QVERIFY(objectOf(answer).value(u"error").toString().contains(u"replaced"));
    }

    void healthNeedsNoToken()
    {
        QCOMPARE(m_hub->cas("GET", "/health", {}).status, 200);
        QCOMPARE(m_hub->cas("POST", "/v1/telemetry", m_read, "{}").status, 200);
        QCOMPARE(m_hub->cas("POST", "/v1/telemetry", {}, "{}").status, 401);
    }
};

QTEST_GUILESS_MAIN(TestCasReading)
#include "tst_casreading.moc"
