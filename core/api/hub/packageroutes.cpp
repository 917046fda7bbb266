// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/jsonpieces.h"
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/hubjson.h"
#include "core/api/hub/packagebody.h"
#include "core/api/hub/packagejson.h"
#include "core/api/hub/revisionfiles.h"
#include "core/api/hub/uploadprobe.h"
#include "core/api/hub/xetheaders.h"
#include "core/service/services.h"

namespace hublet::api {

namespace {

using access::Action;
using http::Method;

struct Described {
    catalog::Package package;
    std::optional<catalog::Revision> revision; ///< nothing when nothing was published
};

/// What a package is described by when no revision is asked for: main, else what was published last; nothing
/// for an empty package.
Result<std::optional<QString>> defaultRevision(const PackageCall& call, const catalog::Package& package)
{
    if (!package.head.isNull())
        return QStringLiteral("main");
    const auto refs = call.services().browse().refs(call.permit(), call.id(), false);
    if (!refs)
        return forward(refs);
    const catalog::Ref* newest = nullptr;
    for (const catalog::Ref& ref : *refs) {
        const bool isHead = ref.kind == catalog::RefKind::Branch || ref.kind == catalog::RefKind::Release;
        if (isHead && (!newest || ref.updatedMs > newest->updatedMs))
            newest = &ref;
    }
    return newest ? std::optional(newest->fullName) : std::nullopt;
}

/// The package as it is now, but for its card, which is the revision's.
Result<Described> find(const PackageCall& call, const std::optional<QString>& rev)
{
    const service::Browse& browse = call.services().browse();
    auto package = browse.package(call.permit(), call.id());
    if (!package)
        return forward(package);
    Described found{std::move(*package), std::nullopt};
    const auto asked = rev ? Result<std::optional<QString>>(rev) : defaultRevision(call, found.package);
    if (!asked)
        return forward(asked);
    if (!*asked)
        return found;
    auto revision = browse.revision(call.permit(), call.id(), **asked);
    if (!revision)
        return forward(revision);
    if (revision->commit.oid != found.package.head) {
        auto card = browse.card(call.permit(), call.id(), *revision);
        if (!card)
            return forward(card);
        found.package.card = std::move(*card);
    }
    found.revision = std::move(*revision);
    return found;
}

Outcome describe(const PackageCall& call, const std::optional<QString>& rev)
{
    const auto found = find(call, rev);
    if (!found)
        return forward(found);
    const QByteArray sha = found->revision ? found->revision->sha : QByteArray();
    FilePages files = [] { return std::vector<catalog::TreeEntry>(); };
    if (found->revision)
        files = revisionFiles(call.services().browse(), call.permit(), call.id(), *found->revision);
    auto answer = jsonInPieces(std::make_shared<PackageJson>(
        found->package, sha, PackageFields::forInfo(call.request().query()).withXet(servesXet(call)),
        std::move(files)));
    if (!answer)
        return forward(answer);
    return std::move(*answer);
}

Outcome describeRevision(const PackageCall& call)
{
    const auto revision = revisionName(call.rest());
    if (!revision)
        return forward(revision);
    Outcome described = describe(call, *revision);
    if (!described) {
        if (auto probe = answerUploadProbe(call, described.error(), *revision))
            return std::move(*probe);
    }
    return described;
}

/// May the caller get the files, and with `action` Write also change them?
Outcome checkAccess(const PackageCall& call, Action action)
{
    const auto package = call.services().browse().package(call.permit(), call.id());
    if (!package)
        return forward(package);
    if (const auto permit = call.permit(action); !permit)
        return forward(permit);
    if (const auto gate = call.services().browse().checkGate(call.permit(), *package); !gate)
        return forward(gate);
    return jsonResponse(200, {});
}

/// Keys that this server has no use for are ignored.
Result<http::Response> changeSettings(const PackageCall& call, const QJsonObject& body)
{
    const auto isPrivate = privacyField(body);
    if (!isPrivate)
        return forward(isPrivate);
    const auto gating = gatingField(body);
    if (!gating)
        return forward(gating);
    service::PackageSettings settings;
    settings.isPrivate = *isPrivate;
    settings.gating = *gating;
    const auto package = call.services().packages().changeSettings(call.permit(), call.id(), settings);
    if (!package)
        return forward(package);
    return jsonResponse(200, {{QStringLiteral("private"), package->isPrivate},
                              {QStringLiteral("gated"), gatingValue(package->gating)}});
}

} // namespace

void addPackageRoutes(Routes& routes)
{
    const needs::Package read{Action::Read};
    routes.waiting(Method::Get, "/api/{type}/{id}", read,
                   [](const PackageCall& call) { return describe(call, std::nullopt); });
    routes.waiting(Method::Get, "/api/{type}/{id}/revision/{rest}", read, describeRevision);
    routes.waiting(Method::Get, "/api/{type}/{id}/auth-check", read,
                   [](const PackageCall& call) { return checkAccess(call, Action::Read); });
    routes.waiting(Method::Get, "/api/{type}/{id}/auth-check/write", read,
                   [](const PackageCall& call) { return checkAccess(call, Action::Write); });
    routes.quick(Method::Put, "/api/{type}/{id}/settings", needs::Package{Action::Write},
                 [](const PackageCall& call) -> Outcome {
                     return call.readJson(
                         [call](const QJsonObject& body) { return changeSettings(call, body); });
                 });
}

} // namespace hublet::api
