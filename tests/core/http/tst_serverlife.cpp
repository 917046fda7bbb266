// SPDX-License-Identifier: Apache-2.0
#include "recordingsink.h"
#include "testserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <sys/socket.h>

#include <latch>

using namespace hublet;
using namespace hublet::http;
using namespace std::chrono_literals;

namespace {

constexpr qint64 kLarge = 100'000'000; // bytes: more than all buffers on the way

Reply hello(const Request&)
{
    return Response::text(200, "hello");
}

Server::Options impatient()
{
    Server::Options options;
    options.headTime = 200ms;
    options.keepAliveIdleTime = 400ms;
    options.bodyIdleTime = 200ms;
    options.bodyRateWindow = 600ms;
    options.answerStallTime = 300ms;
    return options;
}

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

} // namespace

/// Time limits, numbers of connections, starting and stopping.
class TestServerLife : public QObject {
    Q_OBJECT

private slots:
    void portInUseIsNamed();
    void badAddressIsRefused();
    void eachAddressIsListenedOnOnce_data();
    void eachAddressIsListenedOnOnce();
    void startsAndStopsManyTimes();
    void stopWithIdleConnections();
    void stopLetsExchangesFinish();
    void stopCutsWhatTakesTooLong_data();
    void stopCutsWhatTakesTooLong();
    void slowHeadIsClosed_data();
    void slowHeadIsClosed();
    void idleConnectionIsClosed();
    void slowSecondHeadIsClosed();
    void idleBodyIsClosed();
    void slowBodyIsClosed();
    void stalledReaderIsReset();
    void waitingForUsIsNotTimed();
    void slowHeadsDoNotKeepOthersOut();
    void thousandConnections();
    void connectionLimitMakesTheNextWait();
    void requestsPerConnection();
    void policyCanBeChanged();
    void everyOwnAddressIsAHost_data();
    void everyOwnAddressIsAHost();
};

void TestServerLife::portInUseIsNamed()
{
    TestServer first(hello);
    WorkerPool pool(1);
    Server::Options options;
    options.port = first.port();
    const auto second = Server::start(options, hello, pool);
    QVERIFY(!second);
    QCOMPARE(second.error().code(), ErrorCode::Busy);
    QVERIFY(second.error().detail().contains(QString::number(first.port())));
}

void TestServerLife::badAddressIsRefused()
{
    WorkerPool pool(1);
    Server::Options options;
    options.addresses = {"localhost"};
    const auto server = Server::start(options, hello, pool);
    QVERIFY(!server);
    QCOMPARE(server.error().code(), ErrorCode::InvalidArgument);
}

void TestServerLife::startsAndStopsManyTimes()
{
    quint16 port = 0;
    WorkerPool pool(2);
    for (int i = 0; i < 100; ++i) {
        Server::Options options;
        options.port = port; // the same one each time
        auto server = Server::start(options, hello, pool);
        QVERIFY2(server, server ? "" : qPrintable(server.error().describe()));
        port = (*server)->port();
        RawClient client(port);
        QCOMPARE(client.get("/").body, QByteArray("hello"));
        if (i % 2 == 0)
            (*server)->stop();
    }
}

void TestServerLife::stopWithIdleConnections()
{
    TestServer server(hello);
    RawClient silent = server.client();
    RawClient used = server.client();
    QCOMPARE(used.get("/").status, 200);
    QElapsedTimer timer;
    timer.start();
    server.server().stop();
    QVERIFY(timer.elapsed() < 2000);
    QVERIFY(used.isClosed());
    QVERIFY(silent.isClosed());
    QVERIFY(!RawClient(server.port()).isConnected());
    server.server().stop(); // does nothing
}

void TestServerLife::stopLetsExchangesFinish()
{
    std::latch begun(1);
    std::binary_semaphore go(0);
    TestServer server([&](const Request&) {
        return Reply::later([&] {
            begun.count_down();
            go.acquire();
            return Response::text(200, "finished");
        });
    });
    RawClient client = server.client();
    QVERIFY(client.send(kGet));
    begun.wait();
    std::thread stopping([&server] { server.server().stop(); });
    QTRY_VERIFY(!RawClient(server.port()).isConnected()); // no longer accepting
    go.release();
    const RawResponse response = client.read();
    stopping.join();
    QCOMPARE(response.body, QByteArray("finished"));
    QCOMPARE(response.header("Connection"), QByteArray("close"));
}

void TestServerLife::stopCutsWhatTakesTooLong_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("upload") << QByteArray(
        "PUT /sink HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");
    QTest::newRow("upload held back")
        << "PUT /blockedsink HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n" +
               QByteArray(3'000'000, 'x');
    QTest::newRow("download") << QByteArray("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QTest::newRow("work") << QByteArray("GET /blocked HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QTest::newRow("producer") << QByteArray("GET /blockedproducer HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

void TestServerLife::stopCutsWhatTakesTooLong()
{
    QFETCH(QByteArray, request);
    auto record = std::make_shared<SinkRecord>();
    auto go = std::make_shared<std::counting_semaphore<>>(0);
    TestServer server([&](const Request& asked) -> Reply {
        const QByteArrayView name = asked.segments()[0];
        if (name == "sink")
            return Reply::stream(std::make_unique<RecordingSink>(record, RecordingSink::Behaviour{}));
        if (name == "blockedsink")
            return Reply::stream(
                std::make_unique<RecordingSink>(record, RecordingSink::Behaviour{.appendPermits = go}));
        if (name == "large")
            return Response::text(200, QByteArray(kLarge, 'x'));
        if (name == "blockedproducer")
            return Response::produced(
                200,
                [go]() -> Result<QByteArray> {
                    go->acquire();
                    return QByteArray();
                },
                "text/plain");
        return Reply::later([go] {
            go->acquire();
            return Response::text(200, "too late");
        });
    });
    RawClient client = server.client();
    QVERIFY(client.send(request));
    QTRY_COMPARE(server.server().counters().runningExchanges, qint64(1));
    QElapsedTimer timer;
    timer.start();
    server.server().stop(300ms);
    QVERIFY(timer.elapsed() < 5000);
    QCOMPARE(server.server().counters().runningExchanges, qint64(0));
    QVERIFY(!client.read().complete);
    go->release(1000);
    server.pool().waitForDone();
    QCOMPARE(record->alive.load(), 0);
    QCOMPARE(record->aborted.load(), request.startsWith("PUT") ? 1 : 0);
    QVERIFY(record->isSound());
}

void TestServerLife::slowHeadIsClosed_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("request line") << QByteArray("GET /");
    QTest::newRow("headers") << QByteArray("GET / HTTP/1.1\r\nHost: localhost\r\nA: ");
}

void TestServerLife::slowHeadIsClosed()
{
    QFETCH(QByteArray, begin);
    TestServer server(hello, impatient());
    RawClient client = server.client();
    QElapsedTimer timer;
    timer.start();
    client.send(begin);
    while (client.isQuiet(5) && timer.elapsed() < 5000) // bytes do not buy time
        client.send("x");
    QVERIFY(timer.elapsed() < 3000);
    QCOMPARE(client.read().status, 408);
    QVERIFY(client.isClosed());
    QTRY_COMPARE(server.server().counters().timedOutConnections, qint64(1));
}

void TestServerLife::idleConnectionIsClosed()
{
    TestServer server(hello, impatient());
    RawClient client = server.client();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(client.get("/").status, 200);
    QVERIFY(client.isClosed());
    QVERIFY(timer.elapsed() >= 350);
    QVERIFY(timer.elapsed() < 3000);
    QCOMPARE(server.server().counters().timedOutConnections, qint64(0)); // that is no offence
}

void TestServerLife::slowSecondHeadIsClosed()
{
    TestServer server(hello, impatient());
    RawClient client = server.client();
    QCOMPARE(client.get("/").status, 200);
    QElapsedTimer timer;
    timer.start();
    client.send("GET /");
    while (client.isQuiet(5) && timer.elapsed() < 5000)
        client.send("x");
    QCOMPARE(client.read().status, 408);
    QVERIFY(timer.elapsed() < 3000);
}

void TestServerLife::idleBodyIsClosed()
{
    auto record = std::make_shared<SinkRecord>();
    TestServer server(
        [&](const Request&) {
            return Reply::stream(std::make_unique<RecordingSink>(record, RecordingSink::Behaviour{}));
        },
        impatient());
    RawClient client = server.client();
    client.send("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");
    QCOMPARE(client.read().status, 408);
    QTRY_COMPARE(record->aborted.load(), 1);
}

void TestServerLife::slowBodyIsClosed()
{
    auto record = std::make_shared<SinkRecord>();
    TestServer server(
        [&](const Request&) {
            return Reply::stream(std::make_unique<RecordingSink>(record, RecordingSink::Behaviour{}));
        },
        impatient());
    RawClient client = server.client();
    client.send("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
    QElapsedTimer timer;
    timer.start();
    while (client.isQuiet(20) && timer.elapsed() < 5000) // never idle, but far below 1 KiB/s
        client.send("x");
    QCOMPARE(client.read().status, 408);
    QVERIFY(timer.elapsed() < 4000);
    QTRY_COMPARE(record->aborted.load(), 1);
}

void TestServerLife::stalledReaderIsReset()
{
    TestServer server([](const Request&) { return Response::text(200, QByteArray(kLarge, 'x')); },
                      impatient());
    RawClient client = server.client();
    QVERIFY(client.send(kGet));
    QTRY_COMPARE(server.server().counters().timedOutConnections, qint64(1));
    QTRY_COMPARE(server.server().counters().openConnections, qint64(0));
    QVERIFY(!client.read().complete);
}

void TestServerLife::waitingForUsIsNotTimed()
{
    std::counting_semaphore<> go(0);
    TestServer server(
        [&](const Request& request) -> Reply {
            if (request.hasBody())
                return Reply::readBody({.maxBytes = 100}, [&](const QByteArray& body) {
                    go.acquire();
                    return Response::text(200, body);
                });
            return Reply::later([&] {
                go.acquire();
                return Response::text(200, "slept");
            });
        },
        impatient());
    RawClient worker = server.client();
    RawClient uploader = server.client();
    QVERIFY(worker.send(kGet));
    QVERIFY(uploader.send("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"));
    QTRY_COMPARE(server.server().counters().runningExchanges, qint64(2));
    RawClient idle = server.client(); // a clock for the limits: closed when they are over
    QVERIFY(idle.read().status == 408 && idle.isClosed());
    RawClient second = server.client();
    QVERIFY(second.read().status == 408 && second.isClosed());
    go.release(2);
    QCOMPARE(worker.read().body, QByteArray("slept"));
    QCOMPARE(uploader.read().body, QByteArray("abc"));
}

void TestServerLife::slowHeadsDoNotKeepOthersOut()
{
    Server::Options options = impatient();
    options.maxConnections = 20;
    TestServer server(hello, options);
    std::vector<RawClient> attackers;
    for (int i = 0; i < 40; ++i) {
        attackers.emplace_back(server.port());
        attackers.back().send("GET / HTTP/1.1\r\nA: ");
    }
    RawClient client = server.client();
    QCOMPARE(client.get("/").body, QByteArray("hello"));
}

void TestServerLife::thousandConnections()
{
    TestServer server(hello);
    std::vector<RawClient> clients;
    for (int i = 0; i < 1000; ++i) {
        clients.emplace_back(server.port());
        QVERIFY(clients.back().isConnected());
    }
    for (int round = 0; round < 2; ++round) {
        for (RawClient& client : clients)
            QVERIFY(client.send(kGet));
        for (RawClient& client : clients)
            QCOMPARE(client.read().body, QByteArray("hello"));
    }
    QCOMPARE(server.server().counters().openConnections, qint64(1000));
    QCOMPARE(server.server().counters().acceptedConnections, qint64(1000));
    QCOMPARE(server.server().counters().requests, qint64(2000));
    clients.clear();
    QTRY_COMPARE(server.server().counters().openConnections, qint64(0));
}

void TestServerLife::connectionLimitMakesTheNextWait()
{
    Server::Options options;
    options.maxConnections = 3;
    TestServer server(hello, options);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(server.port());
        QCOMPARE(clients.back().get("/").status, 200);
    }
    RawClient waiting = server.client();
    QVERIFY(waiting.isConnected()); // in the kernel's backlog
    QVERIFY(waiting.send(kGet));
    QCOMPARE(clients[0].get("/").status, 200);
    QVERIFY(waiting.isQuiet());
    QCOMPARE(server.server().counters().acceptedConnections, qint64(3));
    clients.pop_back();
    QCOMPARE(waiting.read().body, QByteArray("hello"));
}

void TestServerLife::requestsPerConnection()
{
    Server::Options options;
    options.maxRequestsPerConnection = 3;
    TestServer server(hello, options);
    RawClient client = server.client();
    QVERIFY(client.get("/").header("Connection").isNull());
    QVERIFY(client.get("/").header("Connection").isNull());
    QCOMPARE(client.get("/").header("Connection"), QByteArray("close"));
    QVERIFY(client.isClosed());
}

void TestServerLife::policyCanBeChanged()
{
    TestServer server(hello);
    const QByteArray request = "GET / HTTP/1.1\r\nHost: hub.example\r\n\r\n";
    RawClient before = server.client();
    before.send(request);
    QCOMPARE(before.read().status, 421);
    QCOMPARE(server.server().counters().refusedHosts, qint64(1));
    RequestPolicy policy;
    policy.allowedHosts = {"hub.example"};
    server.server().setPolicy(policy);
    RawClient after = server.client();
    after.send(request);
    QCOMPARE(after.read().status, 200);
}

void TestServerLife::everyOwnAddressIsAHost_data()
{
    QTest::addColumn<QByteArray>("listening");
    QTest::addColumn<QByteArray>("host"); ///< PORT stands for the server's
    QTest::addColumn<int>("status");
    const auto add = [](const char* listening, const char* host, int status) {
        QTest::addRow("%s, %s", listening, host) << QByteArray(listening) << QByteArray(host) << status;
    };
    add("0.0.0.0", "127.0.0.9:PORT", 200); // connected to
    add("0.0.0.0", "127.0.0.1:PORT", 200);
    add("0.0.0.0", "127.0.0.9:1", 421);
    add("0.0.0.0", "127.0.0.8:PORT", 421);
    add("0.0.0.0", "10.1.2.3:PORT", 421);
    add("0.0.0.0", "0.0.0.0:PORT", 421);
    add("0.0.0.0", "[::]:PORT", 421);
    add("127.0.0.9", "127.0.0.9:PORT", 200);
    add("127.0.0.9", "0.0.0.0:PORT", 421);
}

void TestServerLife::everyOwnAddressIsAHost()
{
    QFETCH(QByteArray, listening);
    QFETCH(QByteArray, host);
    Server::Options options;
    options.addresses = {listening};
    options.policy.allowedHosts = {"0.0.0.0"}; // of no use
    TestServer server(hello, options);
    RawClient client(server.port(), "127.0.0.9");
    client.send("GET / HTTP/1.1\r\nHost: " + host.replace("PORT", QByteArray::number(server.port())) +
                "\r\n\r\n");
    QTEST(client.read().status, "status");
}

void TestServerLife::eachAddressIsListenedOnOnce_data()
{
    QTest::addColumn<QList<QByteArray>>("wanted");
    QTest::addColumn<QList<QByteArray>>("addresses");
    using List = QList<QByteArray>;
    QTest::newRow("twice") << List{"127.0.0.1", "127.0.0.2", "127.0.0.1"} << List{"127.0.0.1", "127.0.0.2"};
    QTest::newRow("beside all") << List{"127.0.0.1", "0.0.0.0"} << List{"0.0.0.0"};
    QTest::newRow("all, twice") << List{"0.0.0.0", "0.0.0.0"} << List{"0.0.0.0"};
}

void TestServerLife::eachAddressIsListenedOnOnce()
{
    QFETCH(QList<QByteArray>, wanted);
    WorkerPool pool(1);
    Server::Options options;
    options.port = 0;
    options.addresses = wanted;
    const auto server = Server::start(options, hello, pool);
    QVERIFY2(server, server ? "" : qPrintable(server.error().describe()));
    QTEST((*server)->addresses(), "addresses");
}

QTEST_GUILESS_MAIN(TestServerLife)
#include "tst_serverlife.moc"
