// SPDX-License-Identifier: Apache-2.0
#include "core/http/limits.h"
#include "core/http/requestbuilder.h"

#include <QTest>

using namespace hublet::http;

namespace {

constexpr quint16 kPort = 8082;

using Lines = QList<std::pair<QByteArray, QByteArray>>;

/// A head with `lines` as headers; keeps the bytes that the head views.
struct Head {
    QByteArray method = "GET";
    QByteArray target = "/";
    QByteArray version = "HTTP/1.1";
    Lines lines = {{"Host", "localhost"}};

    [[nodiscard]] RequestHead view() const
    {
        RequestHead head{method, target, version, {}};
        for (const auto& [name, value] : lines)
            head.headers.push_back({name, value});
        return head;
    }
};

struct Built {
    Request request;
    OriginVerdict origin = OriginVerdict::Plain;
    std::optional<Refusal> refusal;

    [[nodiscard]] int status() const { return refusal ? refusal->status : 200; }
};

std::unique_ptr<Built> build(const Head& head, RequestPolicy policy = {},
                             const QByteArray& peer = "127.0.0.1")
{
    policy.port = kPort;
    auto built = std::make_unique<Built>();
    built->refusal = RequestBuilder::build(head.view(), {policy, peer, "id"}, built->request, built->origin);
    return built;
}

} // namespace

class TestRequestCheck : public QObject {
    Q_OBJECT

private slots:
    void heads_data();
    void heads();
    void sizes_data();
    void sizes();
    void hosts_data();
    void hosts();
    void origins_data();
    void origins();
    void proxies_data();
    void proxies();
    void callersOnThisMachine_data();
    void callersOnThisMachine();
    void requestOwnsItsBytes();
};

void TestRequestCheck::heads_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<Lines>("more");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const char* method, const char* target, const char* version,
                        const Lines& more, int status) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(version) << more
                            << status;
    };
    const char* const v11 = "HTTP/1.1";
    row("plain", "GET", "/", v11, {}, 200);
    row("1.0", "GET", "/", "HTTP/1.0", {}, 200);
    row("1.2", "GET", "/", "HTTP/1.2", {}, 505);
    row("2.0", "GET", "/", "HTTP/2.0", {}, 505);
    row("0.9", "GET", "/", "HTTP/0.9", {}, 505);
    row("lower-case version", "GET", "/", "http/1.1", {}, 505);
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
        row(method, method, "/", v11, {}, 200);
    for (const char* method : {"TRACE", "CONNECT", "PROPFIND", "get", "Get", "GETS", ""})
        row(qPrintable(QStringLiteral("unknown method %1").arg(QString::fromLatin1(method))), method, "/",
            v11, {}, 501);
    row("asterisk", "OPTIONS", "*", v11, {}, 200);
    row("asterisk elsewhere", "GET", "*", v11, {}, 400);
    row("authority form", "GET", "localhost:8082", v11, {}, 400);
    row("absolute form", "GET", "http://LOCALHOST/x", v11, {}, 200);
    row("absolute form disagrees", "GET", "http://127.0.0.1:8082/", v11, {}, 400);
    row("absolute form with a user", "GET", "http://u@localhost/", v11, {}, 400);
    row("bad escape", "GET", "/%zz", v11, {}, 400);
    row("escaped NUL", "GET", "/a%00", v11, {}, 400);
    row("second host", "GET", "/", v11, {{"host", "localhost"}}, 400);
    row("length", "PUT", "/", v11, {{"Content-Length", "0012"}}, 200);
    row("largest length", "PUT", "/", v11, {{"Content-Length", "9223372036854775807"}}, 200);
    row("length over 2^63-1", "PUT", "/", v11, {{"Content-Length", "9223372036854775808"}}, 400);
    row("length over 2^64", "PUT", "/", v11, {{"Content-Length", "18446744073709551617"}}, 400);
    for (const char* bad : {"", "+1", "-1", "1 ", "0x1", "1_0", "1,1", "one"})
        row(qPrintable(QStringLiteral("length '%1'").arg(QString::fromLatin1(bad))), "PUT", "/", v11,
            {{"Content-Length", bad}}, 400);
    row("same length twice", "PUT", "/", v11, {{"Content-Length", "1"}, {"Content-Length", "1"}}, 400);
    row("chunked", "PUT", "/", v11, {{"Transfer-Encoding", "chunked"}}, 200);
    row("Chunked", "PUT", "/", v11, {{"transfer-encoding", "Chunked"}}, 200);
    row("chunked in 1.0", "PUT", "/", "HTTP/1.0", {{"Transfer-Encoding", "chunked"}}, 400);
    row("chunked twice", "PUT", "/", v11,
        {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}, 400);
    row("chunked and length", "PUT", "/", v11, {{"Transfer-Encoding", "chunked"}, {"Content-Length", "1"}},
        400);
    for (const char* bad : {"", "identity", "gzip, chunked", "chunked, chunked", "xchunked", "\"chunked\""})
        row(qPrintable(QStringLiteral("coding '%1'").arg(QString::fromLatin1(bad))), "PUT", "/", v11,
            {{"Transfer-Encoding", bad}}, 400);
    row("empty name", "GET", "/", v11, {{"", "x"}}, 400);
    row("blank in a name", "GET", "/", v11, {{"A B", "x"}}, 400);
    row("blank after a name", "GET", "/", v11, {{"A ", "x"}}, 400);
    row("control in a value", "GET", "/", v11, {{"A", "x\x01"}}, 400);
    row("DEL in a value", "GET", "/", v11, {{"A", "x\x7f"}}, 400);
    row("bare CR in a value", "GET", "/", v11, {{"A", "x\ry"}}, 400);
    row("tab and Latin-1 in a value", "GET", "/", v11, {{"A", "x\t\xe4"}}, 200);
}

void TestRequestCheck::heads()
{
    QFETCH(Lines, more);
    Head head;
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, version);
    head.method = method;
    head.target = target;
    head.version = version;
    head.lines += more;
    QTEST(build(head)->status(), "status");
}

void TestRequestCheck::sizes_data()
{
    QTest::addColumn<qsizetype>("target");
    QTest::addColumn<QList<qsizetype>>("headers"); // sizes of single headers besides Host
    QTest::addColumn<int>("status");
    const qsizetype host = 4 + 9;
    QTest::newRow("target at the limit") << limits::kTargetBytes << QList<qsizetype>{} << 200;
    QTest::newRow("target above") << limits::kTargetBytes + 1 << QList<qsizetype>{} << 414;
    QTest::newRow("header at the limit") << qsizetype(1) << QList<qsizetype>{limits::kHeaderBytes} << 200;
    QTest::newRow("header above") << qsizetype(1) << QList<qsizetype>{limits::kHeaderBytes + 1} << 431;
    QList<qsizetype> all(4, limits::kHeadersBytes / 4);
    all.last() -= host;
    QTest::newRow("headers at the limit") << qsizetype(1) << all << 200;
    all.last() += 1;
    QTest::newRow("headers above") << qsizetype(1) << all << 431;
    QTest::newRow("count at the limit")
        << qsizetype(1) << QList<qsizetype>(limits::kHeaderCount - 1, 8) << 200;
    QTest::newRow("count above") << qsizetype(1) << QList<qsizetype>(limits::kHeaderCount, 8) << 431;
}

void TestRequestCheck::sizes()
{
    QFETCH(qsizetype, target);
    QFETCH(QList<qsizetype>, headers);
    Head head;
    head.target = '/' + QByteArray(target - 1, 'a');
    for (const qsizetype size : headers)
        head.lines.emplace_back("X", QByteArray(size - 1, 'v'));
    QTEST(build(head)->status(), "status");
}

void TestRequestCheck::hosts_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("status");
    for (const char* good : {"localhost", "localhost:8082", "LocalHost:8082", "127.0.0.1:8082", "[::1]:8082",
                             "hub.example", "Hub.Example:1234", "192.168.1.5:9000", "[fd00::1]:80"})
        QTest::newRow(good) << QByteArray(good) << 200;
    for (const char* bad :
         {"localhost:8083", "localhost:", "127.0.0.1", "127.0.0.1:80", "[::1]", "127.0.0.2:8082",
          "evil.example", "localhost.evil.example:8082", "hub.example.evil", "xhub.example", "192.168.1.5",
          "192.168.1.5:8082", "[fd00::1", "localhost,evil", "u@localhost", "0:8082"})
        QTest::newRow(bad) << QByteArray(bad) << 421;
    QTest::newRow("empty") << QByteArray("") << 400;
}

void TestRequestCheck::hosts()
{
    QFETCH(QByteArray, host);
    Head head;
    head.lines = {{"Host", host}};
    RequestPolicy policy;
    policy.allowedHosts = {"hub.example", "192.168.1.5:9000", "[fd00::1]"};
    const auto built = build(head, policy);
    QTEST(built->status(), "status");
    if (!built->refusal)
        QCOMPARE(built->request.baseUrl(), "http://" + host);
}

void TestRequestCheck::origins_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<Lines>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<OriginVerdict>("verdict");
    const auto row = [](const char* name, const char* method, const Lines& headers, int status,
                        OriginVerdict verdict) {
        QTest::newRow(name) << QByteArray(method) << headers << status << verdict;
    };
    using V = OriginVerdict;
    const std::pair<QByteArray, QByteArray> good{"Origin", "https://HUB.example"};
    const std::pair<QByteArray, QByteArray> bad{"Origin", "https://evil.example"};
    const std::pair<QByteArray, QByteArray> asks{"Access-Control-Request-Method", "PUT"};
    const std::pair<QByteArray, QByteArray> cross{"Sec-Fetch-Site", "cross-site"};
    const std::pair<QByteArray, QByteArray> basic{"Authorization", "Basic eDp5"};
    const std::pair<QByteArray, QByteArray> bearer{"Authorization", "bearer hf_x"};
    row("no browser", "POST", {}, 200, V::Plain);
    row("no browser, Basic", "POST", {basic}, 200, V::Plain);
    row("address bar", "GET", {{"Sec-Fetch-Site", "none"}}, 200, V::Plain);
    row("same origin", "POST", {{"Sec-Fetch-Site", "same-origin"}}, 200, V::Plain);
    row("foreign GET", "GET", {bad}, 200, V::Plain);
    row("foreign HEAD", "HEAD", {bad, bearer}, 200, V::Plain);
    row("foreign GET with a cookie", "GET", {bad, {"Cookie", "a=b"}}, 403, V::Refused);
    row("foreign GET with Basic", "GET", {bad, basic}, 403, V::Refused);
    row("foreign POST", "POST", {bad}, 403, V::Refused);
    row("foreign DELETE with Bearer", "DELETE", {bad, bearer}, 403, V::Refused);
    row("null origin", "PUT", {{"Origin", "null"}}, 403, V::Refused);
    row("own origin", "POST", {{"Origin", "http://localhost"}}, 403, V::Refused);
    row("foreign preflight", "OPTIONS", {bad, asks}, 403, V::Refused);
    row("cross-site GET", "GET", {cross}, 200, V::Plain);
    row("cross-site POST", "POST", {cross}, 403, V::Refused);
    row("same-site POST", "POST", {{"Sec-Fetch-Site", "same-site"}}, 403, V::Refused);
    row("cross-site GET with Basic", "GET", {cross, basic}, 403, V::Refused);
    row("allowed GET", "GET", {good}, 200, V::Allowed);
    row("allowed POST", "POST", {good, cross, bearer}, 200, V::Allowed);
    row("allowed preflight", "OPTIONS", {good, asks}, 200, V::Preflight);
    row("allowed OPTIONS", "OPTIONS", {good}, 200, V::Allowed);
    row("prefix of an allowed origin", "POST", {{"Origin", "https://hub.exampl"}}, 403, V::Refused);
    row("allowed origin with a port", "POST", {{"Origin", "https://hub.example:444"}}, 403, V::Refused);
}

void TestRequestCheck::origins()
{
    QFETCH(QByteArray, method);
    QFETCH(Lines, headers);
    Head head;
    head.method = method;
    head.lines += headers;
    RequestPolicy policy;
    policy.allowedOrigins = {"https://hub.example"};
    const auto built = build(head, policy);
    QTEST(built->status(), "status");
    QTEST(built->origin, "verdict");
}

void TestRequestCheck::proxies_data()
{
    QTest::addColumn<QByteArray>("peer");
    QTest::addColumn<Lines>("headers");
    QTest::addColumn<QByteArray>("remote");
    QTest::addColumn<QByteArray>("baseUrl");
    QTest::addColumn<int>("status");
    const QByteArray proxy("10.0.0.1");
    const Lines all{{"X-Forwarded-For", "6.6.6.6, 5.5.5.5, 10.0.0.2"},
                    {"X-Forwarded-Host", "hub.example, inner"},
                    {"X-Forwarded-Proto", "https"}};
    QTest::newRow("listed") << proxy << all << QByteArray("5.5.5.5") << QByteArray("https://hub.example")
                            << 200;
    QTest::newRow("not listed") << QByteArray("10.0.0.3") << all << QByteArray("10.0.0.3")
                                << QByteArray("http://localhost") << 200;
    QTest::newRow("listed, no headers") << proxy << Lines{} << proxy << QByteArray("http://localhost") << 200;
    QTest::newRow("not an address") << proxy << Lines{{"X-Forwarded-For", "1.2.3.4, unknown"}} << proxy
                                    << QByteArray("http://localhost") << 200;
    QTest::newRow("IPv6") << proxy << Lines{{"X-Forwarded-For", "FD00::0:1"}} << QByteArray("fd00::1")
                          << QByteArray("http://localhost") << 200;
    QTest::newRow("strange scheme") << proxy << Lines{{"X-Forwarded-Proto", "javascript"}} << proxy
                                    << QByteArray("http://localhost") << 200;
    QTest::newRow("host not allowed") << proxy << Lines{{"X-Forwarded-Host", "evil.example"}} << proxy
                                      << QByteArray("http://evil.example") << 421;
}

void TestRequestCheck::proxies()
{
    QFETCH(QByteArray, peer);
    QFETCH(Lines, headers);
    Head head;
    head.lines += headers;
    RequestPolicy policy;
    policy.allowedHosts = {"hub.example"};
    policy.proxies = {"10.0.0.1", "10.0.0.2"};
    const auto built = build(head, policy, peer);
    QTEST(built->status(), "status");
    QTEST(built->request.remoteAddress(), "remote");
    QTEST(built->request.baseUrl(), "baseUrl");
}

void TestRequestCheck::callersOnThisMachine_data()
{
    QTest::addColumn<QByteArray>("peer");
    QTest::addColumn<QByteArray>("forwardedFor"); ///< null: no such header
    QTest::addColumn<bool>("isHere");
    const auto add = [](const char* name, const char* peer, const char* forwardedFor, bool isHere) {
        QTest::newRow(name) << QByteArray(peer) << QByteArray(forwardedFor) << isHere;
    };
    add("loopback", "127.0.0.1", nullptr, true);
    add("loopback, other address", "127.3.2.1", nullptr, true);
    add("loopback, IPv6", "::1", nullptr, true);
    add("elsewhere", "10.0.0.7", nullptr, false);
    add("elsewhere, IPv6", "fd00::1", nullptr, false);
    add("elsewhere, claims", "10.0.0.7", "127.0.0.1", false);
    add("proxy for one here", "127.0.0.2", "127.0.0.1", true);
    add("proxy for one elsewhere", "127.0.0.2", "127.0.0.1, 10.0.0.7", false);
    add("proxy elsewhere for one here", "10.0.0.1", "127.0.0.1", true);
    add("proxy for itself", "127.0.0.2", "127.0.0.2", true);
    add("proxy for another proxy", "127.0.0.2", "10.0.0.1", false);
    add("proxy does not say", "127.0.0.2", nullptr, false);
    add("proxy says nothing useful", "127.0.0.2", "unknown", false);
    add("proxy adds a port", "127.0.0.2", "10.0.0.7:4711", false);
    add("proxy that is not listed", "127.0.0.1", "10.0.0.7", false);
}

void TestRequestCheck::callersOnThisMachine()
{
    QFETCH(QByteArray, peer);
    QFETCH(QByteArray, forwardedFor);
    Head head;
    if (!forwardedFor.isNull())
        head.lines.emplace_back("X-Forwarded-For", forwardedFor);
    RequestPolicy policy;
    policy.proxies = {"10.0.0.1", "127.0.0.2"};
    QTEST(build(head, policy, peer)->request.isFromThisMachine(), "isHere");
}

void TestRequestCheck::requestOwnsItsBytes()
{
    auto head = std::make_unique<Head>();
    head->method = "PUT";
    head->target = "/a%20b//c/?x=1";
    head->lines.emplace_back("Content-Length", "5");
    head->lines.emplace_back("User-Agent", "hf_hub/1.2");
    head->lines.emplace_back("X-Twice", "first");
    head->lines.emplace_back("x-twice", "second");
    const auto built = build(*head);
    for (auto& [name, value] : head->lines) {
        name.fill('!');
        value.fill('!');
    }
    head->target.fill('!');
    head.reset();

    const Request& request = built->request;
    QCOMPARE(request.method(), Method::Put);
    QCOMPARE(request.rawPath(), QByteArrayView("/a%20b//c/"));
    QVERIFY(request.hasTrailingSlash());
    QCOMPARE(request.segments().size(), std::size_t(2));
    QCOMPARE(request.segments()[0], QByteArrayView("a b"));
    QCOMPARE(request.segments()[1], QByteArrayView("c"));
    QCOMPARE(request.query().raw(), QByteArrayView("x=1"));
    QVERIFY(request.flag("x"));
    QCOMPARE(request.contentLength(), qint64(5));
    QCOMPARE(request.header("user-agent"), QByteArrayView("hf_hub/1.2"));
    QCOMPARE(request.userAgent(), QByteArrayView("hf_hub/1.2"));
    QCOMPARE(request.header("X-TWICE"), QByteArrayView("first"));
    QVERIFY(request.header("X-Absent").isNull());
    QCOMPARE(request.headers().size(), std::size_t(5));
    QCOMPARE(request.requestId(), QByteArray("id"));
}

QTEST_APPLESS_MAIN(TestRequestCheck)
#include "tst_requestcheck.moc"
