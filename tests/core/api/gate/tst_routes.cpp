// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/routes.h"

#include <QTest>

using namespace hublet;
using namespace hublet::api;
using access::Action;
using http::Method;

namespace {

Outcome forAnyone(const Call&)
{
    return http::Response(200);
}

Outcome forPackages(const PackageCall&)
{
    return http::Response(200);
}

Outcome forAdministrators(const AdminCall&)
{
    return http::Response(200);
}

template <typename... Arguments>
concept CanAddWaiting = requires(Routes& routes, Arguments... arguments)
{
    routes.waiting(arguments...);
};
template <typename... Arguments>
concept CanAddQuick = requires(Routes& routes, Arguments... arguments)
{
    routes.quick(arguments...);
};

using AnyHandler = decltype(&forAnyone);
using PackageHandler = decltype(&forPackages);
using AdminHandler = decltype(&forAdministrators);

// A route says what it needs, or it does not compile.
static_assert(CanAddWaiting<Method, const char*, needs::Package, PackageHandler>);
static_assert(!CanAddWaiting<Method, const char*, PackageHandler>);
static_assert(!CanAddQuick<Method, const char*, AnyHandler>);
static_assert(!CanAddWaiting<Method, const char*, int, AnyHandler>);
// A handler that demands a permit is only reached by way of a requirement that makes one.
static_assert(!CanAddWaiting<Method, const char*, needs::Nothing, PackageHandler>);
static_assert(!CanAddWaiting<Method, const char*, needs::Login, PackageHandler>);
static_assert(!CanAddWaiting<Method, const char*, needs::Repository, PackageHandler>);
static_assert(!CanAddWaiting<Method, const char*, needs::Ticket, PackageHandler>);
static_assert(!CanAddWaiting<Method, const char*, needs::Package, AdminHandler>);
// One that demands none may stand behind any.
static_assert(CanAddWaiting<Method, const char*, needs::Nothing, AnyHandler>);
static_assert(CanAddWaiting<Method, const char*, needs::Admin, AnyHandler>);

std::vector<QByteArrayView> split(const QByteArrayList& parts)
{
    return {parts.begin(), parts.end()};
}

} // namespace

class TestRoutes : public QObject {
    Q_OBJECT

    Routes m_routes;

private slots:
    void initTestCase()
    {
        const needs::Package read{Action::Read};
        m_routes.waiting(Method::Get, "/api/{type}/{id}", read, forPackages);
        m_routes.waiting(Method::Get, "/api/{type}/{id}/refs", read, forPackages);
        m_routes.waiting(Method::Post, "/api/{type}/{id}/branch/{rest}", needs::Package{Action::Write},
                         forPackages);
        m_routes.waiting(Method::Delete, "/api/{type}/{id}/branch/{rest}", needs::Package{Action::Write},
                         forPackages);
        m_routes.setChallenge(true);
        m_routes.waiting(Method::Post, "/{tp}{id}.git/info/lfs/objects/batch", read, forPackages);
        m_routes.setChallenge(false);
        m_routes.quick(Method::Get, "/api/telemetry/{rest}", needs::Nothing{}, forAnyone);
    }

    void find_data()
    {
        QTest::addColumn<Method>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("idSegments");
        QTest::addColumn<QByteArray>("expected"); ///< template; empty = none
        QTest::addRow("get") << Method::Get << QByteArray("api/models/acme/bert") << 2
                             << QByteArray("/api/{type}/{id}");
        QTest::addRow("head") << Method::Head << QByteArray("api/models/acme/bert") << 2
                              << QByteArray("/api/{type}/{id}");
        QTest::addRow("other method")
            << Method::Put << QByteArray("api/models/acme/bert") << 2 << QByteArray();
        QTest::addRow("package called refs")
            << Method::Get << QByteArray("api/models/acme/refs") << 2 << QByteArray("/api/{type}/{id}");
        QTest::addRow("refs of a short id")
            << Method::Get << QByteArray("api/models/acme/refs") << 1 << QByteArray("/api/{type}/{id}/refs");
        QTest::addRow("same path, post") << Method::Post << QByteArray("api/models/a/b/branch/x") << 2
                                         << QByteArray("/api/{type}/{id}/branch/{rest}");
        QTest::addRow("unknown") << Method::Get << QByteArray("api/unknown") << 2 << QByteArray();
        QTest::addRow("root") << Method::Get << QByteArray() << 2 << QByteArray();
    }
    void find()
    {
        QFETCH(Method, method);
        QFETCH(QByteArray, path);
        QFETCH(int, idSegments);
        QFETCH(QByteArray, expected);
        const QByteArrayList parts = path.isEmpty() ? QByteArrayList() : path.split('/');
        const Routes::Found found = m_routes.find(method, split(parts), idSegments);
        QCOMPARE(found.route ? found.route->path.text() : QByteArray(), expected);
    }

    void methodsOfPath()
    {
        const QByteArrayList branch{"api", "models", "a", "b", "branch", "x"};
        QCOMPARE(m_routes.methodsOf(split(branch)), (QList<Method>{Method::Post, Method::Delete}));
        const QByteArrayList info{"api", "models", "gpt2"};
        QCOMPARE(m_routes.methodsOf(split(info)), (QList<Method>{Method::Get, Method::Head}));
        const QByteArrayList unknown{"nothing"};
        QVERIFY(m_routes.methodsOf(split(unknown)).isEmpty());
    }

    void challengeStandsFromOneCallToTheNext()
    {
        const QByteArrayList batch{"a", "b.git", "info", "lfs", "objects", "batch"};
        QVERIFY(m_routes.find(Method::Post, split(batch), 2).route->challenge);
        const QByteArrayList info{"api", "models", "a", "b"};
        QVERIFY(!m_routes.find(Method::Get, split(info), 2).route->challenge);
        const QByteArrayList telemetry{"api", "telemetry", "x"};
        QVERIFY(!m_routes.find(Method::Get, split(telemetry), 2).route->challenge);
    }
};

QTEST_APPLESS_MAIN(TestRoutes)
#include "tst_routes.moc"
