// SPDX-License-Identifier: Apache-2.0
#include "casfixture.h"
#include "tests/core/xet/subtreejoin.h"

#include "core/xet/keyedhash.h"
#include "core/xet/shardwriter.h"
#include "core/xet/xetlimits.h"

#include <QJsonArray>
#include <QTest>

#include <memory>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::cas;

namespace {

constexpr qsizetype MiB = 1024 * 1024;
constexpr quint32 TermChunks = 20;

/// The content as a file of terms of TermChunks each.
xet::ShardFile inTerms(const XetContent& content)
{
    xet::ShardFile file = content.shardFile();
    file.terms.clear();
    file.rangeHashes.clear();
    const auto count = quint32(content.chunks.size());
    for (quint32 start = 0; start < count; start += TermChunks) {
        const quint32 end = std::min(start + TermChunks, count);
        const auto chunks = std::span(content.chunks).subspan(start, end - start);
        quint32 bytes = 0;
        for (const xet::Chunk& chunk : chunks)
            bytes += chunk.bytes;
        file.terms.push_back({content.xorb, start, end, bytes});
        file.rangeHashes.push_back(xet::rangeHash(chunks));
    }
    return file;
}

XetHash hashIn(const QJsonValue& value)
{
    return XetHash::fromText(value.toString().toLatin1()).value_or(XetHash());
}

xet::MerkleSubtree subtreeIn(const QJsonObject& json)
{
    std::vector<xet::MerkleNode> nodes;
    for (const QJsonValue node : json.value(u"nodes").toArray())
        nodes.push_back({hashIn(node[u"hash"]), quint64(node[u"size"].toInteger())});
    xet::MerkleSubtree subtree{{}, json.value(u"at_start").toBool(), json.value(u"at_end").toBool()};
    const QJsonArray levels = json.value(u"levels").toArray();
    std::size_t begin = 0;
    std::size_t end = nodes.size();
    for (const QJsonValue level : levels) {
        const auto left = std::size_t(level[0].toInteger());
        const auto right = std::size_t(level[1].toInteger());
        if (left + right > end - begin)
            return {};
        const auto at = [&](std::size_t index) { return nodes.begin() + std::ptrdiff_t(index); };
        subtree.levels.push_back({{at(begin), at(begin + left)}, {at(end - right), at(end)}});
        begin += left;
        end -= right;
    }
    return begin == end ? subtree : xet::MerkleSubtree();
}

} // namespace

class TestCasEditing : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<CasFixture> m_hub;
    const XetContent m_content = XetContent::random(8 * MiB, 1);
    const xet::ShardFile m_file = inTerms(m_content);
    QByteArray m_read;

    [[nodiscard]] http::RawResponse ask(const QByteArray& file, const QByteArray& dirty,
                                        const QByteArray& headers)
    {
        return m_hub->cas("GET", "/v2/file-chunk-hashes/" + file,
                          headers + (dirty.isNull() ? QByteArray() : "X-Range-Dirty: " + dirty + "\r\n"));
    }
    [[nodiscard]] QByteArray name() const { return m_content.file.toText(); }
    /// Where a term begins in the file.
    [[nodiscard]] qint64 begin(std::size_t term) const
    {
        qint64 bytes = 0;
        for (std::size_t i = 0; i < term; ++i)
            bytes += m_file.terms[i].bytes;
        return bytes;
    }

private slots:
    void initTestCase()
    {
        m_hub = std::make_unique<CasFixture>();
        QVERIFY(m_file.terms.size() >= 6);
        QCOMPARE(m_hub->postXorb(m_content, m_content.xorbBody()).status, 200);
        QCOMPARE(m_hub->postShard(xet::writeUploadShard({{m_file}}, {{m_content.shardXorb()}})).status, 200);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        m_read = m_hub->token("read");
    }

    void tellsWindowsAndGaps()
    {
        const auto answer = ask(
            name(), "bytes=" + QByteArray::number(begin(2)) + '-' + QByteArray::number(begin(3) - 1), m_read);
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.header("Content-Type").startsWith("application/json"));
        const QJsonObject json = objectOf(answer);
        QCOMPARE(json.value(u"totalChunks").toInteger(), qint64(m_content.chunks.size()));
        QCOMPARE(json.value(u"fileSize").toInteger(), m_content.bytes.size());
        // The dirty term and one more, in which a client is brought back to the stored chunks.
        QCOMPARE(
            json.value(u"windows").toArray(),
            (QJsonArray{QJsonObject{{QStringLiteral("dirtyByteRange"), QJsonArray{begin(2), begin(4)}}}}));
        QJsonArray expected;
        for (const std::size_t term : {0, 1})
            expected.append(QString::fromLatin1(m_file.rangeHashes[term].toText()));
        for (std::size_t term = 4; term < m_file.terms.size(); ++term)
            expected.append(QString::fromLatin1(m_file.rangeHashes[term].toText()));
        QCOMPARE(json.value(u"gapVerification").toArray(), expected);
    }

    /// Put together with the chunks of the windows, the gaps give the hash of the file.
    void gapsJoin_data()
    {
        QTest::addColumn<QByteArray>("dirty");
        const QByteArray third = QByteArray::number(begin(3));
        const QByteArray last = QByteArray::number(m_content.bytes.size() - 1);
        QTest::newRow("middle") << "bytes=" + third + '-' + third;
        QTest::newRow("start") << QByteArray("bytes=0-0");
        QTest::newRow("end") << "bytes=" + last + '-' + last;
        QTest::newRow("start and end") << "bytes=0-0," + last + '-' + last;
        QTest::newRow("whole") << QByteArray("bytes=0-");
    }
    void gapsJoin()
    {
        QFETCH(QByteArray, dirty);
        const QJsonObject json = objectOf(ask(name(), dirty, m_read));
        const QJsonArray windows = json.value(u"windows").toArray();
        const QJsonArray gaps = json.value(u"hashRanges").toArray();
        QVERIFY(!windows.isEmpty());
        QCOMPARE(gaps.size(), windows.size() + 1);
        std::optional<xet::MerkleSubtree> whole;
        const auto join = [&](const xet::MerkleSubtree& run) {
            whole = whole ? xet::joined(*whole, run) : run;
        };
        for (qsizetype i = 0; i < gaps.size(); ++i) {
            if (gaps[i].isObject())
                join(subtreeIn(gaps[i].toObject()));
            else
                QVERIFY(gaps[i].isNull());
            if (i == windows.size())
                break;
            const QJsonArray window = windows[i].toObject().value(u"dirtyByteRange").toArray();
            xet::MerkleSubtreeBuilder run(window[0].toInteger() == 0);
            qint64 at = 0;
            for (const xet::Chunk& chunk : m_content.chunks) {
                if (at >= window[0].toInteger() && at < window[1].toInteger())
                    run.add(chunk);
                at += chunk.bytes;
            }
            join(run.finish(window[1].toInteger() == at).value());
        }
        QCOMPARE(xet::saltedRoot(xet::rootOf(*whole)).toText(), name());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("dirty");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        const QByteArray all("bytes=0-0");
        const QByteArray size = QByteArray::number(m_content.bytes.size());
        QTest::newRow("no header") << name() << QByteArray() << 400
                                   << QStringLiteral("X-Range-Dirty is missing");
        QTest::newRow("empty header")
            << name() << QByteArray("") << 400 << QStringLiteral("X-Range-Dirty is missing");
        QTest::newRow("no range") << name() << QByteArray("bytes=x-y") << 400 << QStringLiteral("bytes=0-99");
        QTest::newRow("backwards") << name() << QByteArray("bytes=9-1") << 400
                                   << QStringLiteral("bytes=0-99");
        QTest::newRow("suffix") << name() << QByteArray("bytes=-5") << 400 << QStringLiteral("bytes=0-99");
        QTest::newRow("too many") << name()
                                  << "bytes=0-0" + QByteArray(",0-0").repeated(qsizetype(xet::MaxDirtyRanges))
                                  << 400 << QStringLiteral("more than");
        QTest::newRow("behind the file")
            << name() << "bytes=0-0," + size + "-" + size << 416 << QStringLiteral("after the end");
        QTest::newRow("unknown file") << QByteArray(64, 'a') << all << 404 << QStringLiteral("no such file");
        QTest::newRow("short hash") << QByteArray("abc") << all << 400 << QString();
    }
    void refuses()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, dirty);
        QFETCH(QString, says);
        const auto answer = ask(file, dirty, m_read);
        QTEST(answer.status, "status");
        const QString error = objectOf(answer).value(u"error").toString();
        QVERIFY2(error.contains(says), qPrintable(error));
    }

    void endsBehindTheFileAreCut()
    {
        QCOMPARE(ask(name(), "bytes=5-18446744073709551614", m_read).status, 200);
    }

    void needsWhatReconstructionNeeds()
    {
        const QByteArray anonymous = m_hub->tokenOf("read", {});
        QCOMPARE(ask(name(), "bytes=0-0", {}).status, 401);
        QCOMPARE(ask(name(), "bytes=0-0", anonymous).status, 200);
        QCOMPARE(ask(name(), "bytes=0-0", m_hub->token("write")).status, 200);
        // In no commit yet, so only who uploaded it may know of it.
        const XetContent mine = XetContent::random(300'000, 2);
        m_hub->upload(mine);
        const QByteArray file = mine.file.toText();
        QCOMPARE(ask(file, "bytes=0-0", m_read).status,
                 m_hub->cas("GET", "/v2/reconstructions/" + file, m_read).status);
        QCOMPARE(ask(file, "bytes=0-0", m_read).status, 200);
        QCOMPARE(ask(file, "bytes=0-0", anonymous).status, 404);
    }
};

QTEST_GUILESS_MAIN(TestCasEditing)
#include "tst_casediting.moc"
