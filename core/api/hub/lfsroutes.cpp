// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/lfsroutes.h"

#include "core/api/gate/blobheaders.h"
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/lfsbatch.h"
#include "core/api/hub/lfsbatchanswer.h"
#include "core/api/hub/objectsink.h"
#include "core/api/hub/uploadprobe.h"
#include "core/service/services.h"

namespace hublet::api {
namespace {

using access::Action;
using http::Method;
using service::UploadTicket;

http::Response lfsJson(QByteArray body)
{
    return http::Response::bytes(200, std::move(body), "application/vnd.git-lfs+json");
}

enum class Absent {
    Refused,
    MayComeToBe, ///< fine where the commit that follows would create it (DECISIONS 2)
};

/// LFS objects belong to no package, but each request is about one: who may not see it, or asks for it by its
/// old name, is told so first. Error: PackageNotFound, on which Call::refuse() leads to the new name.
Result<void> checkPackage(const PackageCall& call, const access::Permit& permit, Absent absent)
{
    const auto package = call.services().browse().package(permit, call.id());
    if (package)
        return {};
    if (package.error().code() != ErrorCode::PackageNotFound || absent == Absent::Refused ||
        !mayComeToBe(call))
        return forward(package);
    return {};
}

Outcome batch(const PackageCall& call, const LfsOptions& options)
{
    return call.readJson([call, options](const QJsonObject& body) -> Result<http::Response> {
        const auto request = LfsBatchRequest::parse(body);
        if (!request)
            return forward(request);
        const bool upload = request->operation == LfsBatchRequest::Operation::Upload;
        const auto permit = upload ? call.permit(Action::Write) : call.permit();
        if (!permit)
            return forward(permit);
        const auto found = checkPackage(call, *permit, upload ? Absent::MayComeToBe : Absent::Refused);
        if (!found)
            return forward(found);
        return LfsBatchAnswer(call, *permit, options).answer(*request);
    });
}

bool isCompletion(const UploadTicket& ticket)
{
    return ticket.part == 0 && ticket.partSize > 0;
}

tl::unexpected<Error> wrongUse()
{
    return fail(ErrorCode::InvalidArgument, QStringLiteral("This upload URL is for another kind of request"));
}

Outcome put(const TicketCall& call)
{
    if (isCompletion(call.ticket()))
        return wrongUse();
    auto upload = call.services().uploads().receive(call.ticket(), call.request().contentLength(),
                                                    QString::fromUtf8(call.request().userAgent()));
    if (!upload)
        return forward(upload);
    return http::Reply::stream(std::make_unique<ObjectSink>(call, std::move(*upload)));
}

Outcome complete(const TicketCall& call)
{
    if (!isCompletion(call.ticket()))
        return wrongUse();
    return call.readJson([call](const QJsonObject& body) -> Result<http::Response> {
        const auto parts = parseLfsCompletion(body, call.ticket().content);
        if (!parts)
            return forward(parts);
        if (const auto completed = call.services().uploads().complete(call.ticket(), *parts); !completed)
            return forward(completed);
        return lfsJson("{}");
    });
}

Result<Sha256> objectName(QByteArrayView oid)
{
    const auto content = Sha256::fromHex(oid);
    if (!content)
        return fail(ErrorCode::InvalidHash, QStringLiteral("The oid is not a SHA-256"));
    return *content;
}

Outcome download(const PackageCall& call)
{
    if (const auto found = checkPackage(call, call.permit(), Absent::Refused); !found)
        return forward(found);
    const auto name = objectName(call.name());
    if (!name)
        return forward(name);
    const auto missing = [] { return fail(ErrorCode::NotFound, QStringLiteral("Object does not exist")); };
    catalog::TreeEntry entry;
    entry.content = *name;
    auto content = call.services().browse().content(entry);
    if (!content)
        return content.error().code() == ErrorCode::ContentMissing ? missing() : forward(content);
    const auto readable = call.services().uploads().alreadyUploaded(call.permit(), *name, content->size);
    if (!readable)
        return forward(readable);
    if (!*readable)
        return missing();
    http::Response response =
        http::Response::extents(200, std::move(content->extents), "application/octet-stream");
    setBlobHeaders(response);
    return response;
}

Outcome verify(const PackageCall& call)
{
    return call.readJson([call](const QJsonObject& body) -> Result<http::Response> {
        if (const auto found = checkPackage(call, call.permit(), Absent::MayComeToBe); !found)
            return forward(found);
        const auto oid = textField(body, u"oid");
        if (!oid)
            return forward(oid);
        const auto name = objectName(oid->toUtf8());
        if (!name)
            return forward(name);
        const auto size = countField(body, u"size");
        if (!size)
            return forward(size);
        const auto verified = call.services().uploads().verifyObject(call.permit(), *name, *size);
        if (!verified && verified.error().code() == ErrorCode::ContentMissing)
            return fail(ErrorCode::NotFound, verified.error().detail());
        if (!verified)
            return forward(verified);
        return lfsJson("{}");
    });
}

/// This server has no file locks: nobody holds one, and none can be taken.
Outcome listLocks(const PackageCall& call)
{
    if (const auto found = checkPackage(call, call.permit(), Absent::Refused); !found)
        return forward(found);
    return lfsJson(R"({"locks":[],"next_cursor":""})");
}

Outcome verifyLocks(const PackageCall& call)
{
    if (const auto found = checkPackage(call, call.permit(), Absent::Refused); !found)
        return forward(found);
    return lfsJson(R"({"ours":[],"theirs":[],"next_cursor":""})");
}

} // namespace

void addLfsRoutes(Routes& routes, const LfsOptions& options)
{
    routes.setChallenge(true);
    routes.waiting(Method::Post, "/{tp}{id}.git/info/lfs/objects/batch", needs::Package{Action::Read},
                   [options](const PackageCall& call) { return batch(call, options); });
    routes.waiting(Method::Post, "/{tp}{id}.git/info/lfs/verify", needs::Package{Action::Write}, verify);
    routes.waiting(Method::Get, "/{tp}{id}.git/info/lfs/locks", needs::Package{Action::Read}, listLocks);
    routes.waiting(Method::Post, "/{tp}{id}.git/info/lfs/locks/verify", needs::Package{Action::Write},
                   verifyLocks);
    routes.waiting(Method::Get, "/{tp}{id}.git/info/lfs/objects/{name}", needs::Package{Action::Read},
                   download);
    routes.setChallenge(false);
    routes.waiting(Method::Put, "/lfs/{ticket}", needs::Ticket{}, put);
    routes.waiting(Method::Post, "/lfs/{ticket}", needs::Ticket{}, complete);
}

} // namespace hublet::api
