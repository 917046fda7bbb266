// SPDX-License-Identifier: Apache-2.0
#include "recordingsink.h"
#include "testserver.h"

#include "core/base/random.h"

#include <QTest>

using namespace hublet;
using namespace hublet::http;

namespace {

constexpr qint64 kLarge = 20'000'000; // bytes: more than all buffers on the way

QByteArray chunked(const QByteArray& body, qsizetype piece)
{
    QByteArray out;
    for (qsizetype at = 0; at < body.size(); at += piece) {
        const QByteArray part = body.mid(at, piece);
        out += QByteArray::number(part.size(), 16) + "\r\n" + part + "\r\n";
    }
    return out + "0\r\n\r\n";
}

QByteArray putHead(const QByteArray& path, const QByteArray& more)
{
    return "PUT " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

QByteArray lengthOf(qint64 bytes)
{
    return "Content-Length: " + QByteArray::number(bytes) + "\r\n";
}

/// Requests that wait for a late answer. Thread-safe.
struct LateAnswers {
    std::mutex mutex;
    std::vector<std::pair<LateAnswer, CancelToken>> waiting;

    [[nodiscard]] std::size_t count()
    {
        const std::lock_guard lock(mutex);
        return waiting.size();
    }
    [[nodiscard]] bool isGone()
    {
        const std::lock_guard lock(mutex);
        return waiting.front().second.isCancelled();
    }
    void giveAll()
    {
        const std::lock_guard lock(mutex);
        for (const auto& [answer, gone] : waiting)
            answer(Response::text(200, "late"));
        waiting.clear();
    }
};

class LateSink : public BodySink {
public:
    explicit LateSink(LateAnswers& answers) : m_answers(answers) {}
    [[nodiscard]] Result<void> append(QByteArrayView) override { return {}; }
    [[nodiscard]] Response finish() override
    {
        return Response::refusal(500, QStringLiteral("finish() was called"));
    }
    [[nodiscard]] std::optional<Response> finishLater(const LateAnswer& later,
                                                      const CancelToken& gone) override
    {
        const std::lock_guard lock(m_answers.mutex);
        m_answers.waiting.emplace_back(later, gone);
        return std::nullopt;
    }
    [[nodiscard]] Response failed(const Error&) override
    {
        return Response::refusal(500, QStringLiteral("failed"));
    }
    void abort() override {}

private:
    LateAnswers& m_answers;
};

} // namespace

class TestServerBodies : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void uploads_data();
    void uploads();
    void bodylessRequestFinishesItsSink_data();
    void bodylessRequestFinishesItsSink();
    void sinkAfterDeferredWork();
    void smallBody_data();
    void smallBody();
    void refusalComesBeforeTheBody_data();
    void refusalComesBeforeTheBody();
    void continueIsSentWhenTheBodyIsWanted_data();
    void continueIsSentWhenTheBodyIsWanted();
    void slowSinkHoldsTheClientBack();
    void failingSinkAnswersAtOnce();
    void failingSinkAfterTheWholeBody();
    void lostClientAborts_data();
    void lostClientAborts();
    void brokenFramingAborts();
    void manyUploadsAtOnce();
    void lateAnswersKeepNoWorker();
    void lateAnswerIsToldThatNobodyWaits_data();
    void lateAnswerIsToldThatNobodyWaits();

private:
    Reply dispatch(const Request& request);
    RecordingSink::Behaviour m_behaviour;
    std::shared_ptr<SinkRecord> m_record;
    LateAnswers m_late;
    std::unique_ptr<TestServer> m_server;
};

void TestServerBodies::init()
{
    m_behaviour = {};
    m_record = std::make_shared<SinkRecord>();
    m_server = std::make_unique<TestServer>([this](const Request& request) { return dispatch(request); });
}

void TestServerBodies::cleanup()
{
    m_server.reset();
    QVERIFY(m_record->isSound());
    QCOMPARE(m_record->alive.load(), 0);
}

Reply TestServerBodies::dispatch(const Request& request)
{
    const auto sink = [this] { return std::make_unique<RecordingSink>(m_record, m_behaviour); };
    const QByteArray name = request.segments().empty() ? QByteArray() : request.segments()[0].toByteArray();
    if (name == "sink")
        return Reply::stream(sink());
    if (name == "latersink")
        return Reply::later([sink] { return Reply::stream(sink()); });
    if (name == "late")
        return Reply::stream(std::make_unique<LateSink>(m_late));
    if (name == "small")
        return Reply::readBody({.maxBytes = 1000},
                               [](const QByteArray& body) { return Response::text(200, body); });
    if (name == "refused")
        return Response::refusal(401, QStringLiteral("Who are you?"));
    if (name == "laterrefused")
        return Reply::later([] { return Response::refusal(403, QStringLiteral("Not you.")); });
    return Response::refusal(404, QStringLiteral("Not found"));
}

void TestServerBodies::uploads_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qsizetype>("piece"); // 0: Content-Length
    QTest::addColumn<bool>("takeBlocks");
    QTest::newRow("one byte") << qint64(1) << qsizetype(0) << false;
    QTest::newRow("block") << qint64(limits::kBodyBlockBytes) << qsizetype(0) << false;
    QTest::newRow("block and a byte") << qint64(limits::kBodyBlockBytes + 1) << qsizetype(0) << false;
    QTest::newRow("large") << kLarge << qsizetype(0) << false;
    QTest::newRow("large, blocks taken") << kLarge << qsizetype(0) << true;
    QTest::newRow("chunked, tiny") << qint64(50'000) << qsizetype(7) << false;
    QTest::newRow("chunked") << kLarge << qsizetype(123'457) << false;
    QTest::newRow("chunked, one chunk") << kLarge << qsizetype(kLarge) << false;
}

void TestServerBodies::uploads()
{
    QFETCH(qint64, size);
    QFETCH(qsizetype, piece);
    QFETCH(bool, takeBlocks);
    m_behaviour.keepBytes = true;
    m_behaviour.takeBlocks = takeBlocks;
    const QByteArray pattern = randomBytes(99'991); // prime: no two blocks are the same
    const QByteArray body = pattern.repeated(size / pattern.size() + 1).first(size);
    RawClient client = m_server->client();
    QVERIFY(client.send(piece == 0
                            ? putHead("/sink", lengthOf(size)) + body
                            : putHead("/sink", "Transfer-Encoding: chunked\r\n") + chunked(body, piece)));
    QCOMPARE(client.read().body, QByteArray::number(size));
    QVERIFY(m_record->bytes == body);
    QVERIFY(m_record->largestPiece <= limits::kBodyBlockBytes);
    QCOMPARE(m_record->finished.load(), 1);
    QCOMPARE(m_record->ends(), 1);
    QCOMPARE(client.get("/other").status, 404); // the connection stays good
}

void TestServerBodies::bodylessRequestFinishesItsSink_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("headers");
    QTest::newRow("length 0") << QByteArray("/sink") << lengthOf(0);
    QTest::newRow("no length") << QByteArray("/sink") << QByteArray();
    QTest::newRow("later") << QByteArray("/latersink") << QByteArray();
}

void TestServerBodies::bodylessRequestFinishesItsSink()
{
    RawClient client = m_server->client();
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, headers);
    QCOMPARE(client.get(path, headers, "PUT").body, QByteArray("0"));
    QCOMPARE(m_record->finished.load(), 1);
}

void TestServerBodies::sinkAfterDeferredWork()
{
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead("/latersink", lengthOf(kLarge)) + QByteArray(kLarge, 'x')));
    QCOMPARE(client.read().body, QByteArray::number(kLarge));
}

void TestServerBodies::smallBody_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("isChunked");
    QTest::addColumn<int>("status");
    for (const bool isChunked : {false, true}) {
        const char* const how = isChunked ? "chunked" : "length";
        QTest::addRow("%s, at the limit", how) << qsizetype(1000) << isChunked << 200;
        QTest::addRow("%s, above", how) << qsizetype(1001) << isChunked << 413;
        QTest::addRow("%s, far above", how) << qsizetype(3'000'000) << isChunked << 413;
    }
}

void TestServerBodies::smallBody()
{
    QFETCH(qsizetype, size);
    QFETCH(bool, isChunked);
    QFETCH(int, status);
    const QByteArray body(size, 'b');
    RawClient client = m_server->client();
    client.send(isChunked ? putHead("/small", "Transfer-Encoding: chunked\r\n") + chunked(body, 100'000)
                          : putHead("/small", lengthOf(size)) + body);
    const RawResponse response = client.read();
    QCOMPARE(response.status, status);
    if (status == 200)
        QCOMPARE(response.body, body);
    else
        QVERIFY(response.body.contains("error"));
}

void TestServerBodies::refusalComesBeforeTheBody_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<int>("status");
    const QByteArray expect("Expect: 100-continue\r\n");
    QTest::newRow("at once") << QByteArray("/refused") << lengthOf(1LL << 40) << 401;
    QTest::newRow("at once, short") << QByteArray("/refused") << lengthOf(2) << 401;
    QTest::newRow("at once, chunked")
        << QByteArray("/refused") << QByteArray("Transfer-Encoding: chunked\r\n") << 401;
    QTest::newRow("at once, expecting") << QByteArray("/refused") << lengthOf(10) + expect << 401;
    QTest::newRow("later") << QByteArray("/laterrefused") << lengthOf(1LL << 40) << 403;
    QTest::newRow("later, expecting") << QByteArray("/laterrefused") << lengthOf(10) + expect << 403;
    QTest::newRow("too large") << QByteArray("/small") << lengthOf(1001) << 413;
    QTest::newRow("too large, expecting") << QByteArray("/small") << lengthOf(1001) + expect << 413;
}

void TestServerBodies::refusalComesBeforeTheBody()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, headers);
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead(path, headers)));
    const RawResponse response = client.read(); // would be 100 first if the body were asked for
    QTEST(response.status, "status");
    QCOMPARE(response.header("Connection"), QByteArray("close"));
    QVERIFY(client.isClosed());
}

void TestServerBodies::continueIsSentWhenTheBodyIsWanted_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("sink") << QByteArray("/sink");
    QTest::newRow("sink, later") << QByteArray("/latersink");
    QTest::newRow("small") << QByteArray("/small");
}

void TestServerBodies::continueIsSentWhenTheBodyIsWanted()
{
    QFETCH(QByteArray, path);
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead(path, lengthOf(3) + "Expect: 100-continue\r\n")));
    QCOMPARE(client.read().status, 100);
    QVERIFY(client.send("abc"));
    QCOMPARE(client.read().status, 200);
}

void TestServerBodies::slowSinkHoldsTheClientBack()
{
    m_behaviour.appendPermits = std::make_shared<std::counting_semaphore<>>(0);
    constexpr qint64 kBodyBytes = 200'000'000;
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead("/sink", lengthOf(kBodyBytes))));
    const QByteArray piece(1'000'000, 'x');
    qint64 sent = 0;
    const auto sendWhatGoes = [&] {
        const qint64 before = sent;
        while (sent < kBodyBytes) {
            const qint64 now = client.sendSome(
                QByteArrayView(piece).first(std::min<qint64>(piece.size(), kBodyBytes - sent)));
            if (now <= 0)
                break;
            sent += now;
        }
        return sent - before;
    };
    // The sink stands still: queue and socket buffers fill up, and then no byte more is taken.
    QTRY_VERIFY(sendWhatGoes() == 0 &&
                m_server->server().counters().receivedBodyBytes >= limits::kBodyQueueMostBytes);
    QVERIFY(m_server->server().counters().receivedBodyBytes <= limits::kBodyQueueMostBytes);
    QVERIFY(sent < kBodyBytes / 2);
    QCOMPARE(m_record->received.load(), qint64(0));

    m_behaviour.appendPermits->release(1'000'000);
    while (sent < kBodyBytes) {
        const QByteArrayView next =
            QByteArrayView(piece).first(std::min<qint64>(piece.size(), kBodyBytes - sent));
        QVERIFY(client.send(next));
        sent += next.size();
    }
    QCOMPARE(client.read().body, QByteArray::number(kBodyBytes));
}

void TestServerBodies::failingSinkAnswersAtOnce()
{
    m_behaviour.failAfter = 1'000'000;
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead("/sink", lengthOf(1LL << 40))));
    const QByteArray piece(100'000, 'x');
    for (int i = 0; i < 100 && client.isQuiet(); ++i)
        client.send(piece);
    const RawResponse response = client.read();
    QCOMPARE(response.status, 507);
    QVERIFY(response.complete);
    QVERIFY(response.body.contains("No space"));
    QVERIFY(!response.header("X-Request-Id").isEmpty());
    QVERIFY(client.isClosed());
    QTRY_COMPARE(m_record->failed.load(), 1);
    QCOMPARE(m_record->ends(), 1);
}

void TestServerBodies::failingSinkAfterTheWholeBody()
{
    m_behaviour.failAfter = 10;
    m_behaviour.appendPermits = std::make_shared<std::counting_semaphore<>>(0);
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead("/sink", lengthOf(100)) + QByteArray(100, 'x')));
    QTRY_COMPARE(m_server->server().counters().receivedBodyBytes, qint64(100));
    m_behaviour.appendPermits->release();
    QCOMPARE(client.read().status, 507);
    QCOMPARE(client.get("/other").status, 404); // all was read, so that the connection can stay
}

void TestServerBodies::lostClientAborts_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<qint64>("sent");
    QTest::addColumn<bool>("reset");
    for (const char* path : {"/sink", "/latersink"}) {
        for (const bool reset : {false, true}) {
            for (const qint64 sent : {qint64(0), qint64(1), qint64(300'000), kLarge})
                QTest::addRow("%s %lld %s", path, static_cast<long long>(sent), reset ? "reset" : "closed")
                    << QByteArray(path) << sent << reset;
        }
    }
}

void TestServerBodies::lostClientAborts()
{
    QFETCH(QByteArray, path);
    QFETCH(qint64, sent);
    QFETCH(bool, reset);
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead(path, lengthOf(kLarge + 1)) + QByteArray(sent, 'x')));
    QTRY_COMPARE(m_record->alive.load(), 1);
    if (reset)
        client.reset();
    else
        client.close();
    QTRY_COMPARE(m_record->aborted.load(), 1);
    QTRY_COMPARE(m_record->alive.load(), 0);
    QCOMPARE(m_record->ends(), 1);
    QVERIFY(m_record->received <= sent);
    QTRY_COMPARE(m_server->server().counters().openConnections, qint64(0));
}

void TestServerBodies::brokenFramingAborts()
{
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead("/sink", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\nnonsense\r\n"));
    QCOMPARE(client.read().status, 400);
    QVERIFY(client.isClosed());
    QTRY_COMPARE(m_record->aborted.load(), 1);
    QCOMPARE(m_record->ends(), 1);
}

void TestServerBodies::manyUploadsAtOnce()
{
    constexpr int kClients = 20;
    constexpr qint64 kBytes = 3'000'000;
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < kClients; ++i) {
        threads.emplace_back([this, &good] {
            RawClient client = m_server->client();
            for (int round = 0; round < 3; ++round) {
                client.send(putHead("/small", lengthOf(500)) + QByteArray(500, 'y'));
                if (client.read().body == QByteArray(500, 'y'))
                    ++good;
            }
        });
    }
    RawClient uploader = m_server->client();
    QVERIFY(uploader.send(putHead("/sink", lengthOf(kBytes)) + QByteArray(kBytes, 'x')));
    QCOMPARE(uploader.read().body, QByteArray::number(kBytes));
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(good.load(), kClients * 3);
}

void TestServerBodies::lateAnswersKeepNoWorker()
{
    constexpr std::size_t kClients = 10; // more than the pool has threads
    std::vector<RawClient> clients;
    for (std::size_t i = 0; i < kClients; ++i) {
        clients.push_back(m_server->client());
        QVERIFY(clients.back().send(putHead("/late", lengthOf(3)) + "abc"));
    }
    QTRY_COMPARE(m_late.count(), kClients);
    RawClient other = m_server->client();
    QVERIFY(other.send(putHead("/small", lengthOf(2)) + "hi"));
    QCOMPARE(other.read().body, "hi");
    m_late.giveAll();
    for (RawClient& client : clients) {
        QCOMPARE(client.read().body, "late");
        QVERIFY(client.send(putHead("/small", lengthOf(2)) + "hi")); // the connection goes on
        QCOMPARE(client.read().body, "hi");
    }
}

void TestServerBodies::lateAnswerIsToldThatNobodyWaits_data()
{
    QTest::addColumn<QString>("how");
    for (const char* const how : {"close", "reset", "stop"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

void TestServerBodies::lateAnswerIsToldThatNobodyWaits()
{
    QFETCH(const QString, how);
    RawClient client = m_server->client();
    QVERIFY(client.send(putHead("/late", lengthOf(3)) + "abc"));
    QTRY_COMPARE(m_late.count(), std::size_t(1));
    QVERIFY(!m_late.isGone());
    if (how == u"close")
        client.close();
    else if (how == u"reset")
        client.reset();
    else
        m_server->server().stop(std::chrono::milliseconds(0));
    QTRY_VERIFY(m_late.isGone());
    m_late.giveAll(); // finds nobody home
}

QTEST_GUILESS_MAIN(TestServerBodies)
#include "tst_serverbodies.moc"
