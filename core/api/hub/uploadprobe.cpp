// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/uploadprobe.h"

#include "core/api/hub/hubjson.h"
#include "core/api/hub/xetheaders.h"

#include <QJsonObject>

namespace hublet::api {

std::optional<http::Response> answerUploadProbe(const PackageCall& call, const Error& error)
{
    const bool isAbsent =
        error.code() == ErrorCode::PackageNotFound || error.code() == ErrorCode::RevisionNotFound;
    const bool isProbe = call.request().values("expand") == QStringList{QStringLiteral("xetEnabled")};
    if (!isAbsent || !isProbe || !call.repository().settings.createOnDeploy ||
        !call.permit(access::Action::Write))
        return std::nullopt;
    return jsonResponse(
        200, {{QStringLiteral("id"), call.id().id()}, {QStringLiteral("xetEnabled"), servesXet(call)}});
}

} // namespace hublet::api
