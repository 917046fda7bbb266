// SPDX-License-Identifier: Apache-2.0
#include "testserver.h"

#include "core/http/bodybudget.h"
#include "core/http/limits.h"

#include <QScopeGuard>
#include <QTest>

#include <semaphore>

using namespace hublet;
using namespace hublet::http;

namespace {

constexpr int kQuietTime = 100; // milliseconds in which a server would have answered

/// The head of a request with a body of which nothing follows before the server asks for it.
QByteArray asking(const QByteArray& path, const QByteArray& framing)
{
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" + framing + "\r\n";
}

QByteArray lengthOf(qint64 bytes)
{
    return "Content-Length: " + QByteArray::number(bytes) + "\r\n";
}

/// Clients that hold all of a budget, each with the largest body: they were told to go on, one after the
/// other.
std::vector<RawClient> takeAll(TestServer& server, const QByteArray& path, qint64 budget)
{
    std::vector<RawClient> holders;
    for (qint64 i = 0; i < budget / limits::kJsonBodyBytes; ++i) {
        holders.push_back(server.client());
        if (!holders.back().send(asking(path, lengthOf(limits::kJsonBodyBytes))) ||
            holders.back().read().status != 100)
            qFatal("the budget has no room for body %lld", static_cast<long long>(i));
    }
    return holders;
}

} // namespace

/// Bodies that are gathered whole: Reply::readBody().
class TestGatheredBodies : public QObject {
    Q_OBJECT

private slots:
    void claimsWaitInLine();
    void claimThatIsGivenUpLeavesTheLine();
    void bodyWaitsForRoom_data();
    void bodyWaitsForRoom();
    void smallBodyNeedsNoRoom();
    void strangersKeepNobodyElseWaiting();
    void laneLeavesWorkersToOthers();
};

void TestGatheredBodies::claimsWaitInLine()
{
    BodyBudget budget(10);
    QList<int> granted;
    auto first = budget.claim(6, [&] { granted << 1; });
    auto large = budget.claim(100, [&] { granted << 2; }); // as much as there is
    auto small = budget.claim(1, [&] { granted << 3; });   // would fit, but came later
    QVERIFY(first->isGranted());
    QVERIFY(!large->isGranted());
    QVERIFY(!small->isGranted());
    QVERIFY(budget.claim(0, {})->isGranted());
    first.reset();
    QCOMPARE(granted, QList<int>{2});
    QVERIFY(large->isGranted());
    large.reset();
    QCOMPARE(granted, (QList<int>{2, 3}));
    QVERIFY(small->isGranted());
}

void TestGatheredBodies::claimThatIsGivenUpLeavesTheLine()
{
    BodyBudget budget(10);
    auto first = budget.claim(6, {});
    auto given = budget.claim(9, [] { QFAIL("nobody waits for this"); });
    auto next = budget.claim(3, {});
    QVERIFY(!next->isGranted());
    bool told = false;
    auto last = budget.claim(3, [&] { told = true; });
    next.reset();
    QVERIFY(!told);
    given.reset();
    QVERIFY(told && last->isGranted());
}

void TestGatheredBodies::bodyWaitsForRoom_data()
{
    QTest::addColumn<QByteArray>("framing");
    QTest::newRow("length") << lengthOf(limits::kJsonBodyBytes);
    QTest::newRow("chunked") << QByteArray("Transfer-Encoding: chunked\r\n");
}

void TestGatheredBodies::bodyWaitsForRoom()
{
    QFETCH(QByteArray, framing);
    TestServer server([](const Request&) {
        return Reply::readBody({.maxBytes = limits::kJsonBodyBytes},
                               [](const QByteArray& body) { return Response::text(200, body.first(3)); });
    });
    std::vector<RawClient> holders = takeAll(server, "/", limits::kGatheredTotalBytes);
    RawClient waiting = server.client();
    QVERIFY(waiting.send(asking("/", framing)));
    QVERIFY(waiting.isQuiet(kQuietTime));

    RawClient givesUp = server.client();
    QVERIFY(givesUp.send(asking("/", framing)));
    givesUp.close();

    holders.front().close();
    QCOMPARE(waiting.read().status, 100);
    const QByteArray body = "abc" + QByteArray(limits::kJsonBodyBytes - 3, ' ');
    QVERIFY(waiting.send(framing.startsWith("Content") ? body : "3\r\nabc\r\n0\r\n\r\n"));
    QCOMPARE(waiting.read().body, QByteArray("abc"));
}

void TestGatheredBodies::smallBodyNeedsNoRoom()
{
    TestServer server([](const Request&) {
        return Reply::readBody({.maxBytes = limits::kJsonBodyBytes},
                               [](const QByteArray& body) { return Response::text(200, body.first(3)); });
    });
    const std::vector<RawClient> holders = takeAll(server, "/", limits::kGatheredTotalBytes);
    RawClient waiting = server.client();
    QVERIFY(waiting.send(asking("/", lengthOf(limits::kJsonBodyBytes))));
    QVERIFY(waiting.isQuiet(kQuietTime));
    RawClient client = server.client();
    QVERIFY(client.send("POST / HTTP/1.1\r\nHost: localhost\r\n" + lengthOf(limits::kFreeBodyBytes) +
                        "\r\nabc" + QByteArray(limits::kFreeBodyBytes - 3, ' ')));
    QCOMPARE(client.read().body, QByteArray("abc"));
}

void TestGatheredBodies::strangersKeepNobodyElseWaiting()
{
    TestServer server([](const Request& request) {
        return Reply::readBody({limits::kJsonBodyBytes, request.rawPath() == "/stranger"},
                               [](const QByteArray&) { return Response::text(200, "read"); });
    });
    const std::vector<RawClient> strangers = takeAll(server, "/stranger", limits::kGatheredStrangersBytes);
    RawClient waiting = server.client();
    QVERIFY(waiting.send(asking("/stranger", lengthOf(limits::kJsonBodyBytes))));
    QVERIFY(waiting.isQuiet(kQuietTime));
    RawClient known = server.client();
    QVERIFY(known.send(asking("/", lengthOf(limits::kJsonBodyBytes))));
    QCOMPARE(known.read().status, 100);
}

void TestGatheredBodies::laneLeavesWorkersToOthers()
{
    constexpr int kWorkers = 3;
    constexpr int kSlow = 2 * kWorkers;
    const auto lane = WorkerLane::create(1);
    std::counting_semaphore<> permits(0);
    std::atomic_int running = 0;
    std::atomic_int most = 0;
    TestServer server(
        [&](const Request& request) {
            if (request.rawPath() != "/slow")
                return Reply::readBody({.maxBytes = 10},
                                       [](const QByteArray&) { return Response::text(200, "quick"); });
            return Reply::readBody({.maxBytes = 10, .lane = lane}, [&](const QByteArray& body) {
                most = std::max(most.load(), ++running);
                permits.acquire();
                --running;
                return Response::text(200, body);
            });
        },
        {}, kWorkers);
    const auto letGo = qScopeGuard([&] { permits.release(kSlow); });
    std::vector<RawClient> slow;
    for (int i = 0; i < kSlow; ++i) {
        slow.push_back(server.client());
        QVERIFY(slow.back().send("POST /slow HTTP/1.1\r\nHost: localhost\r\n" + lengthOf(1) + "\r\n" +
                                 QByteArray::number(i)));
    }
    QTRY_COMPARE(server.server().counters().receivedBodyBytes, qint64(kSlow));
    QCOMPARE(server.client().get("/").body, QByteArray("quick"));
    permits.release(kSlow);
    for (int i = 0; i < kSlow; ++i)
        QCOMPARE(slow[std::size_t(i)].read().body, QByteArray::number(i));
    QCOMPARE(most.load(), 1);
}

QTEST_GUILESS_MAIN(TestGatheredBodies)
#include "tst_gatheredbodies.moc"
