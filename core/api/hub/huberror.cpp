// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/huberror.h"

#include "core/api/hub/hubjson.h"

#include <QLoggingCategory>

namespace hublet::api {

namespace {

Q_LOGGING_CATEGORY(logHub, "hublet.api.hub")

constexpr QByteArrayView RetryAfterSeconds = "2";

constexpr QByteArrayView RepoNotFound = "RepoNotFound";
constexpr QByteArrayView RevisionNotFound = "RevisionNotFound";
constexpr QByteArrayView EntryNotFound = "EntryNotFound";
constexpr QByteArrayView GatedRepo = "GatedRepo";

struct Answer {
    int status = 500;
    QByteArrayView code; ///< X-Error-Code
    QString message;
};

/// Clients recognise a disabled package by this text and by nothing else (hub-api 2.4).
QString disabledText()
{
    return QStringLiteral("Access to this resource is disabled.");
}

/// Two client generations look for one sentence each (hub-api 2.4).
QString parentMovedText()
{
    return QStringLiteral("The branch was updated since you opened this page. Please refresh and try again. "
                          "(A commit has happened since. Please refresh and try again.)");
}

QString gatedText(const ErrorScene& scene)
{
    const QString what = scene.package ? packageTypeName(scene.package->type()) + u' ' + scene.package->id()
                                       : QStringLiteral("this repository");
    const QString restricted = QStringLiteral("Access to %1 is restricted").arg(what);
    if (scene.anonymous)
        return restricted +
               QStringLiteral(
                   ". You must have access to it and be authenticated to access it. Please log in.");
    return restricted + QStringLiteral(" and you are not in the authorized list. Ask its owner for access.");
}

Answer aboutCaller(const Error& error, const ErrorScene& scene)
{
    switch (error.code()) {
    case ErrorCode::Unauthenticated:
        return {401, {}, QStringLiteral("Invalid username or password.")};
    case ErrorCode::BadCredentials:
        return {401, {}, QStringLiteral("Invalid credentials in Authorization header")};
    case ErrorCode::Gated:
        return {scene.anonymous ? 401 : 403, GatedRepo, gatedText(scene)};
    case ErrorCode::Blocked:
        // Without a code clients hide a 403 behind "check your connection" (DECISIONS 28).
        return {403, error.detail() == disabledText() ? QByteArrayView() : GatedRepo, error.detail()};
    default:
        return {403, {}, error.detail()};
    }
}

Answer aboutWorld(const Error& error)
{
    switch (error.code()) {
    case ErrorCode::QuotaExceeded:
    case ErrorCode::NoSpace:
    case ErrorCode::ReadOnly:
        return {507, {}, error.detail()}; // permanent: a 503 would be retried (DECISIONS 6)
    case ErrorCode::Busy:
    case ErrorCode::Unavailable:
        return {503, {}, error.detail()};
    case ErrorCode::TimedOut:
        return {504, {}, error.detail()};
    default:
        return {500, {}, QStringLiteral("Internal error: %1").arg(error.detail())};
    }
}

Answer answerTo(const Error& error, const ErrorScene& scene)
{
    switch (error.code()) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidName:
    case ErrorCode::InvalidRevision:
    case ErrorCode::InvalidHash:
    case ErrorCode::Malformed:
    case ErrorCode::Unsupported:
        return {400, {}, error.detail()};
    case ErrorCode::InvalidPath:
    case ErrorCode::LengthMismatch:
    case ErrorCode::DigestMismatch:
    case ErrorCode::ContentMissing:
        return {422, {}, error.detail()};
    case ErrorCode::Unauthenticated:
    case ErrorCode::BadCredentials:
    case ErrorCode::Forbidden:
    case ErrorCode::Gated:
    case ErrorCode::Blocked:
        return aboutCaller(error, scene);
    case ErrorCode::RepositoryNotFound:
    case ErrorCode::PackageNotFound:
        return {scene.anonymous ? 401 : 404, RepoNotFound, QStringLiteral("Repository not found")};
    case ErrorCode::RevisionNotFound:
        return {404, RevisionNotFound, error.detail()};
    case ErrorCode::EntryNotFound:
        return {404, EntryNotFound, error.detail()};
    case ErrorCode::NotFound:
        return {404, {}, error.detail()};
    case ErrorCode::AlreadyExists:
    case ErrorCode::Conflict:
        return {409, {}, error.detail()};
    case ErrorCode::ParentMoved:
        return {412, {}, parentMovedText()};
    case ErrorCode::TooLarge:
        return {413, {}, error.detail()};
    case ErrorCode::RangeNotSatisfiable:
        return {416, {}, error.detail()};
    default:
        return aboutWorld(error);
    }
}

} // namespace

http::Response hubErrorResponse(int status, QByteArrayView code, const QString& message)
{
    http::Response response = http::Response::refusal(status, message);
    if (!code.isEmpty())
        response.setHeader("X-Error-Code", code.toByteArray());
    return response;
}

http::Response encodeHubError(const Error& error, const ErrorScene& scene)
{
    const Answer answer = answerTo(error, scene);
    if (answer.status >= 500)
        qCWarning(logHub).noquote() << "Answered" << answer.status << '-' << error.describe();
    http::Response response = hubErrorResponse(answer.status, answer.code, answer.message);
    if (answer.status == 503)
        response.setHeader("Retry-After", RetryAfterSeconds.toByteArray());
    if (answer.status == 401 && scene.challenge)
        response.setHeader("WWW-Authenticate", R"(Basic realm="Hublet", charset="UTF-8")");
    return response;
}

} // namespace hublet::api
