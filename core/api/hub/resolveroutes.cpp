// SPDX-License-Identifier: Apache-2.0
#include "core/access/directory.h"
#include "core/api/hub/fileresponse.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/xetheaders.h"
#include "core/service/services.h"

#include <algorithm>

namespace hublet::api {

namespace {

using access::Action;
using http::Method;
using FileAnswer = service::Browse::FileAnswer;

constexpr qint64 kTransferBytes =
    1024 * 1024; ///< smaller downloads are not worth a line in the list of transfers

/// Whoever asks the same, from wherever, gets the same answer.
bool isForEveryone(const Call& call)
{
    return call.principal().isAnonymous() &&
           call.services().directory().anonymousAccess() == access::AnonymousAccess::Everywhere;
}

/// The file a route's {rest} names, for a caller who may have it; or what to say instead. Clients remember
/// that a commit has no such file, so the commit is told even then (hub-api 2.4).
tl::expected<std::shared_ptr<const FileAnswer>, http::Response> findFile(const PackageCall& call)
{
    const service::Browse& browse = call.services().browse();
    QByteArray sha;
    const auto file = browse.file(call.permit(), call.id(), call.rest(), &sha);
    if (!file) {
        http::Response response = call.refuse(file.error());
        if (!sha.isEmpty())
            response.setHeader("X-Repo-Commit", sha);
        return tl::unexpected(std::move(response));
    }
    if ((*file)->gated) {
        if (const auto gate = browse.checkGate(call.permit(), *(*file)->package); !gate)
            return tl::unexpected(call.refuse(gate.error()));
    }
    return *file;
}

/// Shows a large download in the list of transfers until its answer was sent.
void watchDownload(const PackageCall& call, const FileAnswer& file, http::Response& response)
{
    const qint64 length = response.contentLength();
    if (length < kTransferBytes)
        return;
    service::TransferInfo info;
    info.direction = service::TransferDirection::Download;
    info.principal = call.principal().name;
    info.client = QString::fromUtf8(call.request().userAgent());
    info.repository = call.repository().key.text();
    info.package = call.id().artifactPath();
    info.revision = file.revision.asked;
    info.file = file.entry.path.text();
    info.total = length;
    const auto transfer = call.services().transfers().start(std::move(info));
    response.setProgress([transfer, length](qint64 bytes) { transfer->setDone(std::min(bytes, length)); });
    response.setFinished([transfer, length](bool sent) {
        if (sent)
            transfer->setDone(length);
        else
            transfer->fail(QStringLiteral("The client went away"));
    });
}

bool hasXet(const PackageCall& call, const FileAnswer& file)
{
    return file.xetHash && servesXet(call);
}

/// Tells clients that they can have the file by Xet as well, when they can.
http::Response withXet(const PackageCall& call, const FileAnswer& file, http::Response response)
{
    if (hasXet(call, file))
        setXetHeaders(response, call, file.package->id, *file.xetHash, file.revision.sha);
    return response;
}

/// HEAD of a file that was asked for before: the hot path of every client that looks whether its copy is
/// still good.
QuickOutcome headFromMemory(const PackageCall& call)
{
    if (call.request().method() != Method::Head)
        return std::nullopt;
    const auto file = call.services().browse().cachedFile(call.permit(), call.id(), call.rest());
    if (!file)
        return std::nullopt;
    return withXet(call, *file, fileHead(*file, isForEveryone(call)));
}

Result<http::Response> serve(const PackageCall& call, const FileAnswer& file)
{
    if (call.request().method() == Method::Head)
        return withXet(call, file, fileHead(file, isForEveryone(call)));
    if (hasXet(call, file) && wantsXetFileInfo(call.request()))
        return withXet(call, file, xetFileInfo(file, isForEveryone(call)));
    auto content = call.services().browse().content(file.entry);
    if (!content)
        return fail(ErrorCode::Corrupt, QStringLiteral("The content of this file cannot be read"),
                    content.error());
    http::Response response = fileBody(call.request(), file, isForEveryone(call), std::move(content->extents));
    watchDownload(call, file, response);
    if (response.status() == 200) // not for each piece of a file
        call.services().downloads().count(file.package->rowId);
    return withXet(call, file, std::move(response));
}

Outcome resolve(const PackageCall& call)
{
    const auto file = findFile(call);
    return file ? call.answer(serve(call, **file)) : file.error();
}

/// The file as git has it: one under LFS is its pointer there.
Outcome raw(const PackageCall& call)
{
    const auto file = findFile(call);
    if (!file)
        return file.error();
    if ((*file)->entry.lfs)
        return pointerBody(call.request(), **file);
    return call.answer(serve(call, **file)).setHeader("Content-Type", "text/plain; charset=utf-8");
}

} // namespace

void addResolveRoutes(Routes& routes)
{
    const needs::Package read{Action::Read};
    for (const QByteArrayView path : {"/{tp}{id}/resolve/{rest}", "/api/{type}/{id}/resolve/{rest}"})
        routes.quickElseWaiting(Method::Get, path, read, headFromMemory, resolve);
    routes.waiting(Method::Get, "/{tp}{id}/raw/{rest}", read, raw);
}

} // namespace hublet::api
