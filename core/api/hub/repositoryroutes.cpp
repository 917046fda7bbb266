// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/huberror.h"
#include "core/api/hub/hubjson.h"
#include "core/api/hub/huburls.h"
#include "core/api/hub/packagebody.h"
#include "core/base/jsonwriter.h"
#include "core/service/services.h"

namespace hublet::api {

namespace {

using access::Action;
using http::Method;

/// `name`, `organization` and `type` of a body. Without an organisation a bare name belongs to the caller.
Result<PackageId> packageField(const LoginCall& call, const QJsonObject& body)
{
    const auto type = typeField(body);
    if (!type)
        return forward(type);
    const auto name = textField(body, u"name");
    if (!name)
        return forward(name);
    const auto organisation = optionalTextField(body, u"organization");
    if (!organisation)
        return forward(organisation);
    if (name->contains(u'/'))
        return PackageId::parse(*type, *name);
    const QString owner = organisation->value_or(QString());
    return PackageId::parse(*type, (owner.isEmpty() ? call.principal().name : owner) + u'/' + *name);
}

/// The right to make a package of that name. There is nothing to hide: who may not even read there is told no
/// more.
Result<access::Permit> permitToCreate(const LoginCall& call, const PackageId& id)
{
    auto permit = call.permit(Action::Write, id);
    if (permit)
        return permit;
    return fail(ErrorCode::Forbidden,
                QStringLiteral("You don't have the rights to create a %1 under the namespace \"%2\"")
                    .arg(packageTypeName(id.type()), id.nameSpace()));
}

/// What exists already, if the caller may see it.
std::optional<catalog::Package> visiblePackage(const LoginCall& call, const PackageId& id)
{
    const auto permit = call.permit(Action::Read, id);
    if (!permit)
        return std::nullopt;
    auto package = call.services().browse().package(*permit, id);
    return package ? std::optional(std::move(*package)) : std::nullopt;
}

/// Clients that may live with an existing package read `url` from this very answer (hub-api 3.2).
http::Response alreadyCreated(const LoginCall& call, const PackageId& id)
{
    const QString message =
        QStringLiteral("You already created this %1 repo").arg(packageTypeName(id.type()));
    http::Response response = hubErrorResponse(409, {}, message);
    JsonWriter json;
    json.beginObject();
    json.key("error").value(message);
    json.key("url").utf8(repoUrl(call, id));
    json.endObject();
    response.setBody(json.take());
    return response;
}

Result<std::vector<service::NewPackage::File>> filesField(const QJsonObject& body)
{
    std::vector<service::NewPackage::File> files;
    const auto array = arrayField(body, u"files");
    if (!array)
        return forward(array);
    for (const QJsonValue& value : *array) {
        const auto object = objectElement(value);
        if (!object)
            return forward(object);
        auto path = pathField(*object, u"path");
        if (!path)
            return forward(path);
        const auto content = textField(*object, u"content");
        if (!content)
            return forward(content);
        const auto encoding = optionalTextField(*object, u"encoding");
        if (!encoding)
            return forward(encoding);
        if (*encoding != QStringLiteral("base64")) {
            files.push_back({std::move(*path), content->toUtf8()});
            continue;
        }
        auto bytes =
            QByteArray::fromBase64Encoding(content->toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
        if (!bytes)
            return fail(ErrorCode::Malformed, QStringLiteral("\"content\" must be base64"));
        files.push_back({std::move(*path), std::move(*bytes)});
    }
    return files;
}

Result<service::NewPackage> newPackage(const QJsonObject& body)
{
    service::NewPackage what;
    const auto isPrivate = privacyField(body);
    if (!isPrivate)
        return forward(isPrivate);
    what.isPrivate = isPrivate->value_or(false);
    const auto license = optionalTextField(body, u"license");
    if (!license)
        return forward(license);
    what.license = *license;
    auto files = filesField(body);
    if (!files)
        return forward(files);
    what.files = std::move(*files);
    return what;
}

Result<http::Response> createPackage(const LoginCall& call, const QJsonObject& body)
{
    const auto id = packageField(call, body);
    if (!id)
        return forward(id);
    // Before rights: a client that may live with an existing package must not be told 403 (hub-api 1.4).
    if (const auto existing = visiblePackage(call, *id))
        return alreadyCreated(call, existing->id);
    const auto permit = permitToCreate(call, *id);
    if (!permit)
        return forward(permit);
    const auto what = newPackage(body);
    if (!what)
        return forward(what);
    const auto package = call.services().packages().create(*permit, *id, *what);
    if (!package && package.error().code() == ErrorCode::AlreadyExists)
        return alreadyCreated(call, *id);
    if (!package)
        return forward(package);
    return jsonResponse(200, {{QStringLiteral("url"), QString::fromUtf8(repoUrl(call, package->id))},
                              {QStringLiteral("name"), package->id.id()},
                              {QStringLiteral("id"), QString::fromLatin1(package->hubId)}});
}

Result<http::Response> deletePackage(const LoginCall& call, const QJsonObject& body)
{
    const auto id = packageField(call, body);
    if (!id)
        return forward(id);
    if (!visiblePackage(call, *id))
        return fail(ErrorCode::PackageNotFound, QStringLiteral("Repository not found"));
    const auto permit = call.permit(Action::Delete, *id);
    if (!permit)
        return forward(permit);
    if (const auto removed = call.services().packages().remove(*permit, *id); !removed)
        return forward(removed);
    return http::Response::text(200, "OK");
}

Result<PackageId> idField(const QJsonObject& body, QStringView name, PackageType type)
{
    const auto text = textField(body, name);
    if (!text)
        return forward(text);
    return PackageId::parse(type, *text);
}

Result<http::Response> movePackage(const LoginCall& call, const QJsonObject& body)
{
    const auto type = typeField(body);
    if (!type)
        return forward(type);
    const auto from = idField(body, u"fromRepo", *type);
    if (!from)
        return forward(from);
    const auto to = idField(body, u"toRepo", *type);
    if (!to)
        return forward(to);
    if (!visiblePackage(call, *from))
        return fail(ErrorCode::PackageNotFound, QStringLiteral("Repository not found"));
    const auto mayTake = call.permit(Action::Delete, *from);
    if (!mayTake)
        return forward(mayTake);
    const auto mayPut = permitToCreate(call, *to);
    if (!mayPut)
        return forward(mayPut);
    const auto moved = call.services().packages().move(*mayTake, *from, *mayPut, *to);
    if (!moved && moved.error().code() == ErrorCode::AlreadyExists)
        return fail(
            ErrorCode::AlreadyExists,
            QStringLiteral("A %1 repository called %2 already exists").arg(packageTypeName(*type), to->id()));
    if (!moved)
        return forward(moved);
    return jsonResponse(200, {{QStringLiteral("url"), QString::fromUtf8(repoUrl(call, *to))}});
}

/// A route whose package comes in the body: the handler asks for the rights once it knows it.
template <typename Work>
auto withBody(Work work)
{
    return [work](const LoginCall& call) -> Outcome {
        return call.readJson([call, work](const QJsonObject& body) { return work(call, body); });
    };
}

} // namespace

void addRepositoryRoutes(Routes& routes)
{
    routes.quick(Method::Post, "/api/repos/create", needs::Login{}, withBody(createPackage));
    routes.quick(Method::Delete, "/api/repos/delete", needs::Login{}, withBody(deletePackage));
    routes.quick(Method::Post, "/api/repos/move", needs::Login{}, withBody(movePackage));
}

} // namespace hublet::api
