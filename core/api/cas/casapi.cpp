// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casapi.h"

#include "core/api/cas/caserror.h"

namespace hublet::api::cas {

namespace {

constexpr QByteArrayView Root = "cas";
constexpr std::size_t BaseSegments = 2; ///< "cas", the store
constexpr QByteArrayView Bearer = "bearer ";

Routes allRoutes()
{
    Routes routes;
    // What is asked most comes first: the table is searched from the top.
    addFetchRoutes(routes);
    addReconstructionRoutes(routes);
    addXorbRoutes(routes);
    addDedupRoutes(routes);
    addShardRoutes(routes);
    addServiceRoutes(routes);
    return routes;
}

/// The token of "Bearer <token>"; empty without one.
QByteArrayView bearerToken(QByteArrayView authorization)
{
    const QByteArrayView scheme = authorization.first(std::min(authorization.size(), Bearer.size()));
    return scheme.compare(Bearer, Qt::CaseInsensitive) == 0 ? authorization.sliced(Bearer.size()).trimmed()
                                                            : QByteArrayView();
}

/// Makes the Call that a requirement promises, or says why the caller does not get in. Memory only.
class Admission {
public:
    explicit Admission(std::shared_ptr<const Call::Context> context) : m_context(std::move(context)) {}

    Result<Call> admit(const needs::Nothing&) const { return Call(m_context); }
    Result<TokenCall> admit(const needs::Token& need) const
    {
        const QByteArrayView token = bearerToken(m_context->request->header("Authorization"));
        Result<access::Permit> permit = m_context->services->xetAccess().admit(
            token, need.scope, m_context->request->isFromThisMachine());
        if (!permit)
            return forward(permit);
        return TokenCall(m_context, std::move(*permit));
    }
    Result<FetchCall> admit(const needs::FetchUrl&) const
    {
        const Result<service::XetFetch> fetch = m_context->services->xetAccess().admitFetch(
            m_context->match.ticket, m_context->request->isFromThisMachine());
        if (!fetch)
            return forward(fetch);
        return FetchCall(m_context, *fetch);
    }

private:
    std::shared_ptr<const Call::Context> m_context;
};

} // namespace

CasApi::CasApi(service::Services& services) : m_services(services), m_routes(allRoutes()) {}

bool CasApi::owns(const http::Request& request)
{
    const std::vector<QByteArrayView>& segments = request.segments();
    return segments.size() >= BaseSegments && segments[0] == Root &&
           service::XetAccess::isStoreName(segments[1]);
}

http::Reply CasApi::dispatch(const http::Request& request) const
{
    const std::span<const QByteArrayView> segments(request.segments());
    if (segments[1] != m_services.xetAccess().storeName()) {
        return http::Response::refusal(
            410, QStringLiteral("This store was replaced or cleaned. Ask for a new token and start again."));
    }
    Routes::Found found = m_routes.find(request.method(), segments.subspan(BaseSegments));
    if (!found.route)
        return found.pathExists ? http::Response::refusal(405, QStringLiteral("Method not allowed"))
                                : http::Response::refusal(404, QStringLiteral("Not found"));
    const auto call = admit(request, found);
    if (!call)
        return encodeError(call.error());
    auto work = [route = found.route, call = *call]() -> http::Reply {
        Outcome outcome = route->handler(*call);
        return outcome ? std::move(*outcome) : http::Reply(encodeError(outcome.error()));
    };
    return found.route->waits ? http::Reply::later(std::move(work)) : work();
}

Result<std::shared_ptr<const Call>> CasApi::admit(const http::Request& request, Routes::Found& found) const
{
    const Admission admission(std::make_shared<const Call::Context>(
        Call::Context{&request, &m_services,
                      request.baseUrl() + '/' + Root.toByteArray() + '/' + m_services.xetAccess().storeName(),
                      std::move(found.match)}));
    return std::visit(
        [&admission](const auto& need) -> Result<std::shared_ptr<const Call>> {
            using CallType = typename std::decay_t<decltype(need)>::CallType;
            Result<CallType> call = admission.admit(need);
            if (!call)
                return forward(call);
            return std::make_shared<const CallType>(std::move(*call));
        },
        found.route->needs);
}

} // namespace hublet::api::cas
