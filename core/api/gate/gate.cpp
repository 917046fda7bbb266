// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/gate.h"

#include "core/access/authenticator.h"
#include "core/service/services.h"

#include <array>
#include <span>

namespace hublet::api {

namespace {

/// "/artifactory/api/huggingfaceml/<key>", and the older word "huggingface".
constexpr std::size_t PrefixSegments = 4;

bool hasRepositoryPrefix(std::span<const QByteArrayView> segments)
{
    return segments.size() >= PrefixSegments && segments[0] == QByteArrayView("artifactory") &&
           segments[1] == QByteArrayView("api") &&
           (segments[2] == QByteArrayView("huggingfaceml") || segments[2] == QByteArrayView("huggingface"));
}

Error repositoryNotFound()
{
    return Error(ErrorCode::RepositoryNotFound, QStringLiteral("There is no repository with this key."));
}

Error packageNotFound()
{
    return Error(ErrorCode::PackageNotFound, QStringLiteral("Repository not found"));
}

/// Makes the Call that a requirement promises, or says why the caller does not get in.
class Admission {
public:
    explicit Admission(std::shared_ptr<const Call::Context> context) : m_context(std::move(context)) {}

    Result<Call> admit(const needs::Nothing&) const
    {
        if (!knowsRepository())
            return tl::unexpected(repositoryNotFound());
        return Call(m_context);
    }
    Result<LoginCall> admit(const needs::Login&) const
    {
        if (!knowsRepository())
            return tl::unexpected(repositoryNotFound());
        if (m_context->principal.isAnonymous())
            return fail(ErrorCode::Unauthenticated, QStringLiteral("Log in first."));
        return LoginCall(m_context);
    }
    Result<PackageCall> admit(const needs::Package& need) const
    {
        if (!m_context->match.type)
            return tl::unexpected(packageNotFound());
        const Result<PackageId> id = PackageId::parse(*m_context->match.type, m_context->match.id);
        if (!id)
            return need.action == access::Action::Read ? tl::unexpected(packageNotFound()) : forward(id);
        Result<access::Permit> permit = Call(m_context).permit(need.action, *id);
        if (!permit)
            return forward(permit);
        return PackageCall(m_context, *id, std::move(*permit));
    }
    Result<RepositoryCall> admit(const needs::Repository& need) const
    {
        Result<access::Permit> permit = m_context->services->policy().check(m_context->principal, need.action,
                                                                            m_context->repository.key, {});
        if (permit)
            return RepositoryCall(m_context, std::move(*permit));
        return knowsRepository() ? forward(permit) : tl::unexpected(repositoryNotFound());
    }
    Result<TicketCall> admit(const needs::Ticket&) const
    {
        Result<service::UploadTicket> ticket =
            m_context->services->uploads().readTicket(m_context->match.ticket);
        if (!ticket)
            return forward(ticket);
        if (ticket->repository != m_context->repository.key)
            return fail(ErrorCode::Forbidden, QStringLiteral("This upload URL is not valid here."));
        return TicketCall(m_context, std::move(*ticket));
    }
    Result<AdminCall> admit(const needs::Admin&) const
    {
        Result<access::AdminPermit> permit = m_context->services->policy().checkAdmin(m_context->principal);
        if (!permit)
            return forward(permit);
        return AdminCall(m_context, std::move(*permit));
    }

private:
    [[nodiscard]] bool knowsRepository() const
    {
        return m_context->services->policy().knows(m_context->principal, m_context->repository.key);
    }

    std::shared_ptr<const Call::Context> m_context;
};

/// What there is to say when there is no repository: to an upload URL the same as to one that was made up.
Error nothingHere(const Routes::Route& route)
{
    if (std::holds_alternative<needs::Ticket>(route.door.needs))
        return Error(ErrorCode::Forbidden, QStringLiteral("This upload URL is not valid"));
    return repositoryNotFound();
}

} // namespace

struct Gate::Target {
    QByteArray prefix;
    qsizetype prefixSegments = 0;
    std::span<const QByteArrayView> segments; ///< after the prefix
    std::optional<RepositoryKey> repository;  ///< nothing: a key that cannot exist, or no default one
};

Gate::Gate(service::Services& services, Routes routes, ErrorEncoder encodeError)
    : m_services(services), m_routes(std::move(routes)), m_encodeError(std::move(encodeError)),
      m_repositories(services)
{
}

Gate::~Gate() = default;

void Gate::setDefaultRepository(std::optional<RepositoryKey> key)
{
    const std::lock_guard lock(m_mutex);
    m_defaultRepository = std::move(key);
}

Gate::Target Gate::targetOf(const http::Request& request) const
{
    const std::span<const QByteArrayView> segments(request.segments());
    if (!hasRepositoryPrefix(segments)) {
        const std::lock_guard lock(m_mutex);
        return {{}, 0, segments, m_defaultRepository};
    }
    const QByteArray key = segments[3].toByteArray();
    Target target;
    target.prefix = "/artifactory/api/" + segments[2].toByteArray() + '/' + key.toPercentEncoding();
    target.prefixSegments = PrefixSegments;
    target.segments = segments.subspan(PrefixSegments);
    if (Result<RepositoryKey> parsed = RepositoryKey::parse(QString::fromUtf8(key)))
        target.repository = std::move(*parsed);
    return target;
}

http::Reply Gate::dispatch(const http::Request& request) const
{
    if (m_repositories.isLoaded())
        return enter(request, targetOf(request), 2);
    return http::Reply::later([this, &request]() -> http::Reply {
        if (const auto loaded = m_repositories.load(); !loaded)
            return m_encodeError(loaded.error(), {});
        return enter(request, targetOf(request), 2);
    });
}

http::Reply Gate::unknownRoute(const http::Request& request, const Target& target) const
{
    const QList<http::Method> methods = m_routes.methodsOf(target.segments);
    if (methods.isEmpty() || request.method() == http::Method::Options)
        return http::Response::refusal(404, QStringLiteral("Not found"));
    QByteArrayList names;
    for (const http::Method method : methods)
        names.append(http::methodName(method).toByteArray());
    return http::Response::refusal(405, QStringLiteral("Method not allowed"))
        .setHeader("Allow", names.join(", "));
}

http::Reply Gate::enter(const http::Request& request, const Target& target, int idSegments) const
{
    const Routes::Found found = m_routes.find(request.method(), target.segments, idSegments);
    if (!found.route)
        return idSegments == 2 ? enter(request, target, 1) : unknownRoute(request, target);
    const Routes::Route& route = *found.route;

    ErrorScene scene;
    scene.challenge = route.challenge;
    Result<access::Principal> principal = identify(request, route);
    if (!principal)
        return m_encodeError(principal.error(), scene);
    scene.anonymous = principal->isAnonymous();

    const auto call = admit(request, target, found, std::move(*principal));
    if (!call) {
        if (hasOtherReading(request, target, idSegments, call.error()))
            return enter(request, target, 1);
        return m_encodeError(call.error(), scene);
    }
    if (route.door.first) {
        if (QuickOutcome quick = route.door.first(**call))
            return std::move(*quick);
    }
    auto work = [this, &request, &route, target, idSegments, call = *call]() -> http::Reply {
        Outcome outcome = route.door.handler(*call);
        if (outcome)
            return std::move(*outcome);
        if (hasOtherReading(request, target, idSegments, outcome.error()))
            return enter(request, target, 1);
        return call->refuse(outcome.error());
    };
    return route.runs == Routes::Runs::Quick ? work() : http::Reply::later(std::move(work));
}

Result<access::Principal> Gate::identify(const http::Request& request, const Routes::Route& route) const
{
    if (std::holds_alternative<needs::Ticket>(route.door.needs))
        return access::Principal();
    return m_services.authenticator().authenticate({request.header("Authorization"),
                                                    request.header("X-JFrog-Art-Api"),
                                                    request.remoteAddress(), request.isFromThisMachine()});
}

bool Gate::hasOtherReading(const http::Request& request, const Target& target, int idSegments,
                           const Error& error) const
{
    return error.code() == ErrorCode::PackageNotFound && idSegments == 2 &&
           m_routes.find(request.method(), target.segments, 1).route;
}

Result<std::shared_ptr<const Call>> Gate::admit(const http::Request& request, const Target& target,
                                                const Routes::Found& found, access::Principal principal) const
{
    if (!target.repository)
        return tl::unexpected(nothingHere(*found.route));
    auto repository = m_repositories.find(*target.repository);
    if (!repository)
        return tl::unexpected(nothingHere(*found.route));
    const Admission admission(std::make_shared<const Call::Context>(
        Call::Context{&request, &m_services, &m_encodeError, std::move(principal), std::move(*repository),
                      target.prefix, target.prefixSegments, found.match, found.route->challenge}));
    return std::visit(
        [&admission](const auto& need) -> Result<std::shared_ptr<const Call>> {
            using CallType = typename std::decay_t<decltype(need)>::CallType;
            Result<CallType> call = admission.admit(need);
            if (!call)
                return forward(call);
            return std::make_shared<const CallType>(std::move(*call));
        },
        found.route->door.needs);
}

} // namespace hublet::api
