// SPDX-License-Identifier: Apache-2.0
#include "testserver.h"

#include <QTest>

#include <atomic>

using namespace hublet;
using namespace hublet::http;

namespace {

/// Answers with what it understood, so that a request smuggled into another one shows.
Reply echo(const Request& request)
{
    const QByteArray path = request.rawPath().toByteArray();
    if (!request.hasBody())
        return Response::text(200, path);
    return Reply::readBody({.maxBytes = 1 << 20},
                           [path](const QByteArray& body) { return Response::text(200, path + ' ' + body); });
}

constexpr int kSilent = 0; ///< closed without an answer: that does not look like a request at all

const QByteArray kHost = "Host: localhost\r\n";
const QByteArray kPut = "PUT /p HTTP/1.1\r\n" + kHost;
const QByteArray kChunkedPut = kPut + "Transfer-Encoding: chunked\r\n\r\n";
const QByteArray kGet = "GET /g HTTP/1.1\r\n" + kHost;

} // namespace

/// What comes over the wire, byte by byte: reliability 2.2. The rules themselves are in tst_requestcheck.
class TestServerFraming : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_server = std::make_unique<TestServer>(echo); }
    void cleanupTestCase() { m_server.reset(); }
    void refused_data();
    void refused();
    void accepted_data();
    void accepted();
    void acceptedInSinglePieces_data() { accepted_data(); }
    void acceptedInSinglePieces();
    void pipelined();
    void closesSilentlyOnGarbageAfterAnAnswer();

private:
    std::unique_ptr<TestServer> m_server;
};

void TestServerFraming::refused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const QByteArray& bytes, int status) {
        QTest::newRow(name) << bytes << status;
    };
    const auto get = [](const QByteArray& lines) { return kGet + lines + "\r\n"; };
    const auto put = [](const QByteArray& lines, const QByteArray& body = {}) {
        return kPut + lines + "\r\n" + body;
    };

    row("length and chunked", put("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400);
    row("chunked and length", put("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400);
    row("two lengths", put("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), 400);
    row("two equal lengths", put("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400);
    row("list of lengths", put("Content-Length: 1, 1\r\n", "a"), 400);
    row("length with plus", put("Content-Length: +1\r\n", "a"), 400);
    row("negative length", put("Content-Length: -1\r\n"), 400);
    row("hex length", put("Content-Length: 0x1\r\n", "a"), 400);
    row("length with underscore", put("Content-Length: 1_0\r\n", "0123456789"), 400);
    row("empty length", put("Content-Length:\r\n"), 400);
    row("length 2^63", put("Content-Length: 9223372036854775808\r\n"), 400);
    row("length 2^64", put("Content-Length: 18446744073709551616\r\n"), 400);
    row("gzip, chunked", put("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501);
    row("identity", put("Transfer-Encoding: identity\r\n"), 501);
    row("gzip", put("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "a"), 415);
    row("gzip and identity",
        put("Content-Encoding: gzip\r\nContent-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n"),
        415);
    row("chunked twice", put("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        400);
    row("chunked in 1.0", "PUT /p HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);

    for (const char* size : {"+1", "-1", "0x1", "1_", " 1", "1 ", "g", "", "\t1"})
        row(qPrintable(QStringLiteral("chunk size '%1'").arg(QString::fromLatin1(size))),
            kChunkedPut + size + "\r\na\r\n0\r\n\r\n", 400);
    row("chunk size over 64 bits", kChunkedPut + "10000000000000001\r\na\r\n0\r\n\r\n", 413);
    row("chunk size, bare LF", kChunkedPut + "1\na\r\n0\r\n\r\n", 400);
    row("chunk without its end", kChunkedPut + "1\r\nab\r\n0\r\n\r\n", 400);
    row("chunk end, bare LF", kChunkedPut + "1\r\na\n0\r\n\r\n", 400);
    row("extension larger than the buffer", kChunkedPut + "1;" + QByteArray(300'000, 'x'), 413);

    row("bare LF", "GET /g HTTP/1.1\nHost: localhost\n\n", 400);
    row("bare LF after a header", "GET /g HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n", 400);
    row("bare CR in a header", get("A: b\rc\r\n"), 400);
    row("NUL in a header", get(QByteArray("A: b\0c\r\n", 8)), 400);
    row("control in a header", get("A: b\x01\r\n"), 400);
    row("NUL in the target", QByteArray("GET /\0 HTTP/1.1\r\n", 17) + kHost + "\r\n", kSilent);
    row("folded header", get("A: b\r\n c\r\n"), 400);
    row("blank before the colon", get("A : b\r\n"), 400);
    row("blank before the first header", "GET /g HTTP/1.1\r\n " + kHost + "\r\n", 400);
    row("no colon", get("Nonsense\r\n"), 400);
    row("empty name", get(": b\r\n"), 400);
    row("name of other characters", get("A(b): c\r\n"), 400);
    row("no host", "GET /g HTTP/1.1\r\n\r\n", 400);
    row("no host in 1.0", "GET /g HTTP/1.0\r\n\r\n", 400);
    row("two hosts", get("Host: localhost\r\n"), 400);
    row("absolute form disagrees", "GET http://127.0.0.1/ HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("8-bit target", "GET /\xc3\xa4 HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("bad escape", "GET /%2 HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("two blanks", "GET  /g HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("blank in the target", "GET /a b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("no version", "GET /g\r\n" + kHost + "\r\n", 400);
    row("strange version", "GET /g HTTX/1.1\r\n" + kHost + "\r\n", 400);
    row("version 2.0", "GET /g HTTP/2.0\r\n" + kHost + "\r\n", 505);
    row("version 1.2", "GET /g HTTP/1.2\r\n" + kHost + "\r\n", 505);
    row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    row("TLS hello", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 \r\n\r\n", 16), kSilent);
    row("unknown method", "BREW /g HTTP/1.1\r\n" + kHost + "\r\n", 501);
    row("CONNECT", "CONNECT localhost:80 HTTP/1.1\r\n" + kHost + "\r\n", 501);
    row("TRACE", "TRACE / HTTP/1.1\r\n" + kHost + "\r\n", 501);
    row("foreign host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421);
    row("foreign origin", put("Origin: http://evil.example\r\nContent-Length: 1\r\n", "a"), 403);

    row("long target", "GET /" + QByteArray(limits::kTargetBytes, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n",
        414);
    row("huge target", "GET /" + QByteArray(200'000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n", 414);
    row("long header", get("A: " + QByteArray(limits::kHeaderBytes, 'b') + "\r\n"), 431);
    row("huge header", get("A: " + QByteArray(200'000, 'b') + "\r\n"), 431);
    QByteArray many;
    for (int i = 0; i < limits::kHeaderCount; ++i)
        many += "A: b\r\n";
    row("many headers", get(many), 431);
}

void TestServerFraming::refused()
{
    QFETCH(QByteArray, bytes);
    RawClient client = m_server->client();
    client.send(bytes); // may fail: the server answers before it has read all of a huge head
    const RawResponse response = client.read();
    QTEST(response.status, "status");
    QVERIFY(client.isClosed());

    RawClient next = m_server->client();
    QCOMPARE(next.get("/next").body, QByteArray("/next"));
}

void TestServerFraming::accepted_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char* name, const QByteArray& bytes, const char* body) {
        QTest::newRow(name) << bytes << QByteArray(body);
    };
    row("GET", kGet + "\r\n", "/g");
    row("absolute form", "GET http://localhost/g?x HTTP/1.1\r\n" + kHost + "\r\n", "/g");
    row("absolute form without path", "GET http://localhost HTTP/1.1\r\n" + kHost + "\r\n", "/");
    row("double slash", "GET //g HTTP/1.1\r\n" + kHost + "\r\n", "//g");
    row("many parameters", "GET /g?" + QByteArray("a&").repeated(500) + " HTTP/1.1\r\n" + kHost + "\r\n",
        "/g");
    row("length", kPut + "Content-Length: 3\r\n\r\nabc", "/p abc");
    row("no encoding", kPut + "Content-Encoding: Identity\r\nContent-Length: 3\r\n\r\nabc", "/p abc");
    row("encoding of no body", kGet + "Content-Encoding: gzip\r\n\r\n", "/g");
    row("length 0", kPut + "Content-Length: 0\r\n\r\n", "/p");
    row("GET with a body", kGet + "Content-Length: 1\r\n\r\nx", "/g x");
    row("chunked", kChunkedPut + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", "/p abc0123456789");
    row("chunked and empty", kChunkedPut + "0\r\n\r\n", "/p ");
    row("chunk extension", kChunkedPut + "1;a=b;c=\"d\"\r\nx\r\n0;e\r\n\r\n", "/p x");
    row("trailer", kChunkedPut + "1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n", "/p x");
    row("expectation", kPut + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx", "/p x");
}

void TestServerFraming::accepted()
{
    QFETCH(QByteArray, bytes);
    RawClient client = m_server->client();
    for (int round = 0; round < 2; ++round) { // the connection stays good
        QVERIFY(client.send(bytes));
        RawResponse response = client.read();
        if (response.status == 100)
            response = client.read();
        QCOMPARE(response.status, 200);
        QTEST(response.body, "body");
    }
}

void TestServerFraming::acceptedInSinglePieces()
{
    QFETCH(QByteArray, bytes);
    RawClient client = m_server->client();
    for (const char byte : bytes)
        QVERIFY(client.send(QByteArrayView(&byte, 1)));
    RawResponse response = client.read();
    if (response.status == 100)
        response = client.read();
    QCOMPARE(response.status, 200);
    QTEST(response.body, "body");
}

void TestServerFraming::pipelined()
{
    RawClient client = m_server->client();
    QByteArray all;
    for (int i = 0; i < 20; ++i) {
        const QByteArray number = QByteArray::number(i);
        all += "GET /" + number + " HTTP/1.1\r\n" + kHost + "\r\n";
        all += "PUT /" + number + " HTTP/1.1\r\n" + kHost + "Content-Length: 2\r\n\r\nab";
    }
    QVERIFY(client.send(all));
    for (int i = 0; i < 20; ++i) {
        const QByteArray number = QByteArray::number(i);
        QCOMPARE(client.read().body, '/' + number);
        QCOMPARE(client.read().body, '/' + number + " ab");
    }
}

void TestServerFraming::closesSilentlyOnGarbageAfterAnAnswer()
{
    RawClient client = m_server->client();
    QVERIFY(client.send(kPut + "Content-Length: 1\r\n\r\nxGARBAGE\r\n\r\n"));
    QCOMPARE(client.read().body, QByteArray("/p x"));
    QCOMPARE(client.read().status, kSilent);
    QVERIFY(client.isClosed());
}

QTEST_GUILESS_MAIN(TestServerFraming)
#include "tst_serverframing.moc"
