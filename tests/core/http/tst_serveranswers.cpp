// SPDX-License-Identifier: Apache-2.0
#include "testserver.h"

#include "core/base/random.h"
#include "core/http/limits.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

#include <atomic>

using namespace hublet;
using namespace hublet::http;

namespace {

constexpr qint64 kFileBytes = 3'000'000;

std::shared_ptr<const UniqueFd> fileWith(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a test file");
    file.close();
    return std::make_shared<const UniqueFd>(::open(qPrintable(path), O_RDONLY | O_CLOEXEC));
}

Response::Producer counting(int pieces, const QByteArray& piece, std::optional<Error> error = {})
{
    return [=, given = std::make_shared<int>(0)]() -> Result<QByteArray> {
        if ((*given)++ < pieces)
            return piece;
        if (error)
            return tl::unexpected<Error>(*error);
        return QByteArray();
    };
}

} // namespace

class TestServerAnswers : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void bodies_data();
    void bodies();
    void headHasTheHeadersOfGet_data() { bodies_data(); }
    void headHasTheHeadersOfGet();
    void statusesWithoutBody();
    void requestIds();
    void badHeaderIsLeftOut();
    void omittedBodyIsForHeadOnly();
    void shortFileIsAnError();
    void fileCutWhileSendingClosesTheConnection();
    void failingProducerClosesTheConnection();
    void producerIsDestroyedWhenTheClientGoes();
    void reportsWhatTheClientTakes();
    void crossOrigin();
    void bothAddresses();

private:
    Reply dispatch(const Request& request);

    QTemporaryDir m_folder;
    QByteArray m_bytes;
    std::shared_ptr<const UniqueFd> m_file;
    std::shared_ptr<const UniqueFd> m_shrinking;
    std::shared_ptr<int> m_held = std::make_shared<int>(0);
    std::unique_ptr<TestServer> m_server;
};

void TestServerAnswers::initTestCase()
{
    m_bytes =
        randomBytes(99'991).repeated(kFileBytes / 99'991 + 1).first(kFileBytes); // prime: no two blocks alike
    m_file = fileWith(m_folder.filePath(QStringLiteral("file")), m_bytes);
    m_shrinking = fileWith(m_folder.filePath(QStringLiteral("shrinking")), QByteArray(40'000'000, 'x'));
    Server::Options options;
    options.policy.allowedOrigins = {"https://hub.example"};
    options.policy.exposedHeaders = {"ETag", "X-Request-Id"};
    m_server =
        std::make_unique<TestServer>([this](const Request& request) { return dispatch(request); }, options);
}

Reply TestServerAnswers::dispatch(const Request& request)
{
    const QByteArray name = request.segments().empty() ? QByteArray() : request.segments()[0].toByteArray();
    if (name == "bytes")
        return Response::bytes(200, m_bytes.first(100), "text/x").addHeader("ETag", "\"e\"");
    if (name == "large")
        return Response::bytes(200, m_bytes, "text/x");
    if (name == "none")
        return Response::empty(200);
    if (name == "json")
        return Response::json(201, "{}");
    if (name == "later")
        return Reply::later([] { return Reply::later([] { return Response::text(200, "later"); }); });
    if (name == "part")
        return Response::extents(206, {{m_file, 1000, 500'000}}, "application/octet-stream");
    if (name == "emptyfile")
        return Response::extents(200, {{m_file, 10, 0}}, "application/octet-stream");
    if (name == "parts")
        return Response::extents(
            200, {{m_file, 2'000'000, 1'000'000}, {m_file, 5, 0}, {m_file, 0, 3}, {m_file, 7, 600'000}},
            "application/octet-stream");
    if (name == "produced")
        return Response::produced(200, counting(100, m_bytes.first(50'000)), "text/x");
    if (name == "nothingproduced")
        return Response::produced(200, counting(0, {}), "text/x");
    if (name == "status")
        return Response::empty(request.segments()[1].toByteArray().toInt());
    if (name == "badheader")
        return Response::empty(200).addHeader("X-Bad", "a\r\nX-Injected: b").addHeader("X-Good", "c");
    if (name == "ownid")
        return Response::empty(200).addHeader("X-Request-Id", "mine");
    if (name == "omitted") {
        Response response(200);
        response.setBody(Response::Omitted{1LL << 40});
        return response;
    }
    if (name == "short")
        return Response::extents(200, {{m_file, kFileBytes - 5, 6}}, "text/x");
    if (name == "shrinking")
        return Response::extents(200, {{m_shrinking, 0, 20'000'000}, {m_shrinking, 20'000'000, 20'000'000}},
                                 "text/x");
    if (name == "failing")
        return Response::produced(200, counting(5, "abc", Error(ErrorCode::Io, QStringLiteral("gone"))),
                                  "text/x");
    if (name == "endless")
        return Response::produced(
            200, [held = m_held]() -> Result<QByteArray> { return QByteArray(100'000, 'x'); }, "text/x");
    return Response::refusal(404, QStringLiteral("Not found"));
}

void TestServerAnswers::bodies_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("known"); // length known beforehand
    QTest::newRow("bytes") << QByteArray("/bytes") << 200 << m_bytes.first(100) << true;
    QTest::newRow("large") << QByteArray("/large") << 200 << m_bytes << true;
    QTest::newRow("none") << QByteArray("/none") << 200 << QByteArray() << true;
    QTest::newRow("json") << QByteArray("/json") << 201 << QByteArray("{}") << true;
    QTest::newRow("later") << QByteArray("/later") << 200 << QByteArray("later") << true;
    QTest::newRow("extent") << QByteArray("/part") << 206 << m_bytes.sliced(1000, 500'000) << true;
    QTest::newRow("empty extent") << QByteArray("/emptyfile") << 200 << QByteArray() << true;
    QTest::newRow("extents") << QByteArray("/parts") << 200
                             << m_bytes.sliced(2'000'000, 1'000'000) + m_bytes.first(3) +
                                    m_bytes.sliced(7, 600'000)
                             << true;
    QTest::newRow("produced") << QByteArray("/produced") << 200 << m_bytes.first(50'000).repeated(100)
                              << false;
    QTest::newRow("nothing produced") << QByteArray("/nothingproduced") << 200 << QByteArray() << false;
    QTest::newRow("refusal") << QByteArray("/unknown") << 404 << QByteArray("{\"error\":\"Not found\"}")
                             << true;
}

void TestServerAnswers::bodies()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(bool, known);
    RawClient client = m_server->client();
    for (int round = 0; round < 3; ++round) {
        const RawResponse response = client.get(path);
        QTEST(response.status, "status");
        QVERIFY(response.complete);
        QVERIFY(response.body == body);
        QCOMPARE(response.header("X-Error-Message"), QByteArray(response.status == 404 ? "Not found" : ""));
        if (known)
            QCOMPARE(response.header("Content-Length"), QByteArray::number(body.size()));
        else
            QCOMPARE(response.header("Transfer-Encoding"), QByteArray("chunked"));
    }
}

void TestServerAnswers::headHasTheHeadersOfGet()
{
    QFETCH(QByteArray, path);
    RawClient client = m_server->client();
    const auto comparable = [](const RawResponse& response) {
        QMap<QByteArray, QByteArray> headers;
        for (const auto& [name, value] : response.headers) {
            if (name != "Date" && name != "X-Request-Id")
                headers.insert(name, value);
        }
        return headers;
    };
    const RawResponse head = client.get(path, {}, "HEAD");
    const RawResponse get = client.get(path); // would read a body of the HEAD as its own answer
    QCOMPARE(head.status, get.status);
    QCOMPARE(comparable(head), comparable(get));
    QVERIFY(!head.header("X-Request-Id").isEmpty());
}

void TestServerAnswers::statusesWithoutBody()
{
    RawClient client = m_server->client();
    for (const int status : {204, 304, 200, 418, 599})
        QCOMPARE(client.get("/status/" + QByteArray::number(status)).status, status);
}

void TestServerAnswers::requestIds()
{
    RawClient client = m_server->client();
    QSet<QByteArray> ids;
    for (int i = 0; i < 100; ++i)
        ids.insert(client.get("/none").header("X-Request-Id"));
    QCOMPARE(ids.size(), 100);
    QCOMPARE(ids.begin()->size(), 16);
    QCOMPARE(client.get("/ownid").header("X-Request-Id"), QByteArray("mine"));
    QVERIFY(!client.get("/none", {}, "BREW").header("X-Request-Id").isEmpty());
}

void TestServerAnswers::badHeaderIsLeftOut()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("X-Bad was left out")));
    const RawResponse response = m_server->client().get("/badheader");
    QVERIFY(response.header("X-Bad").isNull());
    QVERIFY(response.header("X-Injected").isNull());
    QCOMPARE(response.header("X-Good"), QByteArray("c"));
}

void TestServerAnswers::omittedBodyIsForHeadOnly()
{
    RawClient client = m_server->client();
    QCOMPARE(client.get("/omitted", {}, "HEAD").header("Content-Length"), QByteArray::number(1LL << 40));
    QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(QStringLiteral("left out the body")));
    QCOMPARE(client.get("/omitted").status, 500);
}

void TestServerAnswers::shortFileIsAnError()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("shorter than")));
    QCOMPARE(m_server->client().get("/short").status, 500);
}

void TestServerAnswers::fileCutWhileSendingClosesTheConnection()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("could not be read")));
    RawClient client = m_server->client();
    QVERIFY(client.send("GET /shrinking HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    // The server is held up by full socket buffers long before the second half.
    QTRY_VERIFY(!client.isQuiet());
    QCOMPARE(::truncate(qPrintable(m_folder.filePath(QStringLiteral("shrinking"))), 20'000'001), 0);
    const RawResponse response = client.read();
    QCOMPARE(response.status, 200);
    QVERIFY(!response.complete);
    QVERIFY(response.body.size() < 40'000'000);
}

void TestServerAnswers::failingProducerClosesTheConnection()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("cut short: gone")));
    const RawResponse response = m_server->client().get("/failing");
    QCOMPARE(response.status, 200);
    QVERIFY(!response.complete);
}

void TestServerAnswers::producerIsDestroyedWhenTheClientGoes()
{
    RawClient client = m_server->client();
    QVERIFY(client.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    QTRY_VERIFY(!client.isQuiet());
    QVERIFY(m_held.use_count() > 1);
    client.close();
    QTRY_COMPARE(m_held.use_count(), 1L);
}

void TestServerAnswers::reportsWhatTheClientTakes()
{
    constexpr qint64 Total = 64 << 20; // more than socket buffers hold
    std::atomic<qint64> taken = 0;
    std::atomic<int> complete = -1;
    TestServer server([&](const Request&) -> Reply {
        Response response = Response::bytes(200, QByteArray(Total, 'x'), "text/plain");
        response.setProgress([&](qint64 bytes) { taken = bytes; });
        response.setFinished([&](bool sent) { complete = sent; });
        return response;
    });
    RawClient slow = server.client();
    QVERIFY(slow.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    QTRY_VERIFY(taken > 0);
    QVERIFY(taken < Total);
    QCOMPARE(complete.load(), -1);

    const qint64 before = taken;
    QCOMPARE(slow.read().body.size(), Total);
    QTRY_COMPARE(complete.load(), 1);
    QVERIFY(taken >= before);
    QVERIFY(taken < Total + limits::kKiB);
}

void TestServerAnswers::crossOrigin()
{
    RawClient client = m_server->client();
    QVERIFY(client.get("/json").header("Access-Control-Allow-Origin").isNull());
    QVERIFY(client.get("/json", "Origin: https://evil.example\r\n")
                .header("Access-Control-Allow-Origin")
                .isNull());

    const RawResponse allowed = client.get("/json", "Origin: https://hub.example\r\n");
    QCOMPARE(allowed.status, 201);
    QCOMPARE(allowed.header("Access-Control-Allow-Origin"), QByteArray("https://hub.example"));
    QCOMPARE(allowed.header("Access-Control-Expose-Headers"), QByteArray("ETag, X-Request-Id"));
    QCOMPARE(allowed.header("Vary"), QByteArray("Origin"));

    const RawResponse preflight =
        client.get("/json",
                   "Origin: https://hub.example\r\nAccess-Control-Request-Method: PUT\r\n"
                   "Access-Control-Request-Headers: authorization,range\r\n",
                   "OPTIONS");
    QCOMPARE(preflight.status, 204);
    QVERIFY(preflight.header("Access-Control-Allow-Methods").contains("PUT"));
    QCOMPARE(preflight.header("Access-Control-Allow-Headers"), QByteArray("authorization,range"));

    const RawResponse refused = client.get(
        "/json", "Origin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\n", "OPTIONS");
    QCOMPARE(refused.status, 403);
    QVERIFY(refused.header("Access-Control-Allow-Origin").isNull());
}

void TestServerAnswers::bothAddresses()
{
    for (const QByteArray& address : m_server->server().addresses()) {
        RawClient client(m_server->port(), address);
        QCOMPARE(client.get("/json").status, 201);
    }
    QVERIFY(m_server->server().addresses().contains("127.0.0.1"));
}

QTEST_GUILESS_MAIN(TestServerAnswers)
#include "tst_serveranswers.moc"
