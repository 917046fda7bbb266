// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/call.h"

#include "core/api/gate/jsonbody.h"
#include "core/service/services.h"

namespace hublet::api {

namespace {

/// Still percent-encoded segments of a path, runs of '/' collapsed as in http::Request::segments().
QList<QByteArrayView> rawSegments(QByteArrayView path)
{
    QList<QByteArrayView> segments;
    for (qsizetype begin = 0; begin < path.size();) {
        const qsizetype slash = path.indexOf('/', begin);
        const qsizetype end = slash < 0 ? path.size() : slash;
        if (end > begin)
            segments.append(path.sliced(begin, end - begin));
        begin = end + 1;
    }
    return segments;
}

/// The request's own path and query with another package in it: absolute path without scheme and host, the
/// only form of redirect that every client follows on HEAD (hub-api 3.2).
QByteArray pathOfMoved(const Call::Context& context, const PackageId& movedTo)
{
    QList<QByteArrayView> segments = rawSegments(context.request->rawPath());
    const qsizetype idBegin = context.prefixSegments + context.match.idBegin;
    const QByteArray id = movedTo.id().toUtf8() + context.match.idSuffix;
    segments.remove(idBegin, context.match.idCount);
    segments.insert(idBegin, id);
    QByteArray path;
    for (const QByteArrayView segment : segments)
        path += '/' + segment.toByteArray();
    const QByteArrayView query = context.request->query().raw();
    return query.isEmpty() ? path : path + '?' + query.toByteArray();
}

/// The package that the path names; nothing when the path has none or it cannot be one.
std::optional<PackageId> packageOf(const RouteMatch& match)
{
    if (!match.hasId || !match.type)
        return std::nullopt;
    const Result<PackageId> id = PackageId::parse(*match.type, match.id);
    return id ? std::optional(*id) : std::nullopt;
}

/// Where the package of this path went, when it was renamed and the caller may see it under its new name.
std::optional<PackageId> visibleNewName(const Call::Context& context)
{
    const std::optional<PackageId> id = packageOf(context.match);
    if (!id)
        return std::nullopt;
    const RepositoryKey& repository = context.repository.key;
    const auto moved = context.services->browse().movedTo(repository, *id);
    if (!moved || !*moved)
        return std::nullopt;
    const auto permit = context.services->policy().check(context.principal, access::Action::Read, repository,
                                                         (*moved)->artifactPath());
    if (!permit || !context.services->browse().package(*permit, **moved))
        return std::nullopt;
    return **moved;
}

} // namespace

ErrorScene Call::Context::scene() const
{
    return {principal.isAnonymous(), packageOf(match), challenge};
}

Result<access::Permit> Call::permit(access::Action action, const PackageId& id) const
{
    const access::Policy& policy = d->services->policy();
    const QString path = id.artifactPath();
    Result<access::Permit> permit = policy.check(d->principal, action, d->repository.key, path);
    if (permit)
        return permit;
    const bool readable = action != access::Action::Read &&
                          policy.allows(d->principal, access::Action::Read, d->repository.key, path);
    if (readable)
        return permit;
    return fail(ErrorCode::PackageNotFound, QStringLiteral("Repository not found"));
}

http::Response Call::refuse(const Error& error) const
{
    if (error.code() == ErrorCode::PackageNotFound) {
        if (const std::optional<PackageId> moved = visibleNewName(*d))
            return http::Response::empty(307).setHeader("Location", pathOfMoved(*d, *moved));
    }
    return (*d->encodeError)(error, d->scene());
}

http::Response Call::answer(Result<http::Response> result) const
{
    return result ? std::move(*result) : refuse(result.error());
}

http::Reply Call::readJson(const BodyRule& rule, JsonWork work) const
{
    return readBody(rule, [work = std::move(work)](const QByteArray& body) -> Result<http::Response> {
        const Result<QJsonObject> object = parseJsonObject(body);
        return object ? work(*object) : forward(object);
    });
}

http::Reply Call::readBody(const BodyRule& rule, BytesWork work) const
{
    const bool isStranger = d->principal.isAnonymous() && d->match.ticket.isEmpty();
    return http::Reply::readBody(
        {rule.maxBytes, isStranger, rule.lane},
        [call = *this, work = std::move(work)](const QByteArray& body) { return call.answer(work(body)); });
}

} // namespace hublet::api
