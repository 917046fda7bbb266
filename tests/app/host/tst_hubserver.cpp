// SPDX-License-Identifier: Apache-2.0
#include "app/host/hubserver.h"
#include "tests/core/service/servicefixture.h"

#include <QSemaphore>

#include <chrono>
#include <thread>

using namespace hublet;
using namespace hublet::service::test;

class TestHubServer : public QObject {
    Q_OBJECT

private slots:
    /// What is queued there uses the APIs of the server, whether its connection was cut or not.
    void staysWhileWorkOfRequestsRuns()
    {
        constexpr std::chrono::milliseconds Patience{500}; // for a destructor that should not return
        ServiceFixture hublet;
        app::HubServer::Overrides overrides;
        overrides.port = 0;
        auto server = std::make_unique<app::HubServer>(*hublet, overrides);
        server->start();
        QCOMPARE(server->state(), service::ServerControl::State::Serving);
        QSemaphore mayEnd;
        QSemaphore gone;
        hublet->workers().post([&] { mayEnd.acquire(); });
        bool wentTooEarly = false;
        std::thread watch([&] {
            wentTooEarly = gone.tryAcquire(1, Patience);
            mayEnd.release();
        });
        server.reset();
        gone.release();
        watch.join();
        QVERIFY(!wentTooEarly);
    }
};

QTEST_GUILESS_MAIN(TestHubServer)
#include "tst_hubserver.moc"
