// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/hubapi.h"
#include "core/base/clock.h"
#include "core/service/services.h"

#include <QLocale>

namespace hublet::api {

namespace {

using access::Action;
using http::Method;
using service::Browse;

// Where the addresses lead that clients print after an upload. Plain pages for people; nothing a program
// should read.

constexpr int kEntries = 1000; ///< of a folder on its page

/// A page that may run nothing and load nothing. `title` is text, `body` HTML.
http::Response htmlPage(const QString& title, const QString& body)
{
    const QString page =
        QStringLiteral("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%1</title>"
                       "</head><body><h1>%1</h1>\n%2</body></html>\n")
            .arg(title.toHtmlEscaped(), body);
    return http::Response::bytes(200, page.toUtf8(), "text/html; charset=utf-8")
        .setHeader("Content-Security-Policy", "sandbox allow-downloads; default-src 'none'")
        .setHeader("X-Content-Type-Options", "nosniff")
        .setHeader("Cache-Control", "no-cache");
}

QString link(const QByteArray& path, const QString& text)
{
    return QStringLiteral("<a href=\"%1\">%2</a>").arg(QString::fromLatin1(path), text.toHtmlEscaped());
}

/// "<prefix>/datasets/acme/squad/<what>/<revision>/<path>", percent-encoded.
QByteArray webPath(const PackageCall& call, QByteArrayView what, const QString& revision,
                   const RepoPath& path)
{
    const QByteArray type = call.id().type() == PackageType::Dataset ? "/datasets/" : "/";
    QByteArray url = call.prefix() + type + call.id().id().toUtf8() + '/' + what.toByteArray() + '/' +
                     revision.toUtf8().toPercentEncoding();
    if (!path.isRoot())
        url += '/' + path.bytes().toPercentEncoding("/");
    return url;
}

QString folderRows(const PackageCall& call, const catalog::Revision& revision,
                   const catalog::Page<Browse::TreeItem>& page)
{
    QString rows;
    for (const Browse::TreeItem& item : page.items) {
        const bool isFile = item.entry.kind == catalog::TreeEntry::Kind::File;
        const QString name =
            QString::fromUtf8(item.entry.path.name()) + (isFile ? QString() : QStringLiteral("/"));
        const QString size = isFile ? QLocale::c().formattedDataSize(item.entry.size) : QString();
        rows += QStringLiteral("<li>%1 %2</li>\n")
                    .arg(link(webPath(call, isFile ? "blob" : "tree", revision.asked, item.entry.path), name),
                         size);
    }
    if (!page.nextCursor.isEmpty())
        rows += QStringLiteral("<li>…</li>\n");
    return rows;
}

Outcome folderPage(const PackageCall& call, const catalog::Revision& revision, const RepoPath& folder)
{
    Browse::TreeRequest request;
    request.folder = folder;
    request.limit = kEntries;
    const auto page = call.services().browse().tree(call.permit(), call.id(), revision, request);
    if (!page)
        return forward(page);
    const QString title = folder.isRoot() ? call.id().id() : call.id().id() + u'/' + folder.text();
    return htmlPage(title, QStringLiteral("<p>%1 (%2)</p>\n<ul>\n%3</ul>\n")
                               .arg(revision.asked.toHtmlEscaped(), QString::fromLatin1(revision.sha),
                                    folderRows(call, revision, *page)));
}

Outcome packagePage(const PackageCall& call)
{
    const Browse& browse = call.services().browse();
    const auto package = browse.package(call.permit(), call.id());
    if (!package)
        return forward(package);
    if (package->head.isNull())
        return htmlPage(package->id.id(), QStringLiteral("<p>Nothing was published on main.</p>\n"));
    const auto revision = browse.revision(call.permit(), call.id(), QStringLiteral("main"));
    if (!revision)
        return forward(revision);
    return folderPage(call, *revision, RepoPath());
}

Outcome treePage(const PackageCall& call)
{
    const auto where = call.services().browse().revisionAndPath(call.permit(), call.id(), call.rest());
    if (!where)
        return forward(where);
    return folderPage(call, where->first, where->second);
}

Outcome filePage(const PackageCall& call)
{
    const auto file = call.services().browse().file(call.permit(), call.id(), call.rest(), nullptr);
    if (!file)
        return forward(file);
    const catalog::TreeEntry& entry = (*file)->entry;
    const QByteArray download = webPath(call, "resolve", (*file)->revision.asked, entry.path);
    return htmlPage(entry.path.text(),
                    QStringLiteral("<p>%1, %2</p>\n<p>%3</p>\n")
                        .arg(QLocale::c().formattedDataSize(entry.size), QString::fromLatin1(entry.etag()),
                             link(download, QStringLiteral("Download"))));
}

Outcome commitPage(const PackageCall& call)
{
    const auto revision =
        call.services().browse().revision(call.permit(), call.id(), QString::fromUtf8(call.name()));
    if (!revision)
        return forward(revision);
    const catalog::Commit& commit = revision->commit;
    return htmlPage(commit.title,
                    QStringLiteral("<pre>%1</pre>\n<p>%2, %3</p>\n<p>%4</p>\n")
                        .arg(commit.message.toHtmlEscaped(), commit.author.toHtmlEscaped(),
                             QString::fromLatin1(isoTime(commit.timeMs)),
                             link(webPath(call, "tree", QString::fromLatin1(commit.oid.toHex()), RepoPath()),
                                  QStringLiteral("Files"))));
}

} // namespace

void addWebRoutes(Routes& routes)
{
    const needs::Package read{Action::Read};
    routes.waiting(Method::Get, "/{tp}{full-id}", read, packagePage);
    routes.waiting(Method::Get, "/{tp}{id}/tree/{rest}", read, treePage);
    routes.waiting(Method::Get, "/{tp}{id}/blob/{rest}", read, filePage);
    routes.waiting(Method::Get, "/{tp}{id}/commit/{name}", read, commitPage);
}

} // namespace hublet::api
