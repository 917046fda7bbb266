// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/routes.h"

namespace hublet::api {

namespace {

bool answers(http::Method route, http::Method asked)
{
    return route == asked || (route == http::Method::Get && asked == http::Method::Head);
}

} // namespace

void Routes::add(http::Method method, QByteArrayView path, Runs runs, Door door)
{
    Route route{method, RouteTemplate(path), runs, m_challenge, std::move(door)};
    Q_ASSERT(std::holds_alternative<needs::Package>(route.door.needs) ? route.path.hasId() : true);
    Q_ASSERT(std::holds_alternative<needs::Ticket>(route.door.needs) == route.path.hasTicket());
    m_routes.push_back(std::move(route));
}

Routes::Found Routes::find(http::Method method, std::span<const QByteArrayView> segments,
                           int idSegments) const
{
    for (const Route& route : m_routes) {
        if (!answers(route.method, method))
            continue;
        if (std::optional<RouteMatch> match = route.path.match(segments, idSegments))
            return {&route, std::move(*match)};
    }
    return {};
}

QList<http::Method> Routes::methodsOf(std::span<const QByteArrayView> segments) const
{
    QList<http::Method> methods;
    const auto note = [&methods](http::Method method) {
        if (!methods.contains(method))
            methods.append(method);
    };
    for (const Route& route : m_routes) {
        if (!route.path.match(segments, 2) && !route.path.match(segments, 1))
            continue;
        note(route.method);
        if (route.method == http::Method::Get)
            note(http::Method::Head);
    }
    return methods;
}

} // namespace hublet::api
