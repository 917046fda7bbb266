// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/uploadprobe.h"

#include "core/api/hub/clientversion.h"
#include "core/api/hub/hubjson.h"
#include "core/api/hub/xetheaders.h"
#include "core/service/services.h"

#include <QJsonObject>

namespace hublet::api {

namespace {

bool asksBeforeUploads(const PackageCall& call)
{
    const auto version = hubClientVersion(call.request().userAgent());
    return version && *version >= kProbesXet && *version < kProbesXetNoMore &&
           call.request().values("expand") == QStringList{QStringLiteral("xetEnabled")};
}

/// As a commit judges it: only what looks like a branch becomes a release; tags and commits were found.
bool mayBecomeRelease(const QString& revision)
{
    const QString heads = QStringLiteral("refs/heads/");
    return isCreatableRefName(revision.startsWith(heads) ? revision.sliced(heads.size()) : revision);
}

} // namespace

bool mayComeToBe(const PackageCall& call)
{
    const auto rule = call.principal().belongsTo(call.id().nameSpace()) ? PackageId::Namespace::OwnAccount
                                                                        : PackageId::Namespace::Documented;
    if (!call.repository().settings.createOnDeploy || !call.id().checkForCreation(rule))
        return false;
    const auto moved = call.services().browse().movedTo(call.repository().key, call.id());
    return moved && !*moved;
}

std::optional<http::Response> answerUploadProbe(const PackageCall& call, const Error& error,
                                                const QString& revision)
{
    const bool packageIsAbsent = error.code() == ErrorCode::PackageNotFound;
    if (!packageIsAbsent && error.code() != ErrorCode::RevisionNotFound)
        return std::nullopt;
    if (!asksBeforeUploads(call) || !call.repository().settings.createOnDeploy ||
        !mayBecomeRelease(revision) || !call.permit(access::Action::Write) ||
        (packageIsAbsent && !mayComeToBe(call)))
        return std::nullopt;
    return jsonResponse(
        200, {{QStringLiteral("id"), call.id().id()}, {QStringLiteral("xetEnabled"), servesXet(call)}});
}

} // namespace hublet::api
