// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browseaddress.h"

#include "core/service/setmeup.h"

#include <QUrl>

namespace hublet::ui {

namespace {

QString encoded(const QString& text, const char* keep = "")
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text, keep));
}

} // namespace

QString clientAddress(const BrowseItem& item, const QString& server)
{
    const QString endpoint = service::huggingFaceEndpoint(server, item.repository->key.text());
    if (!item.package)
        return endpoint;
    const QString prefix =
        item.type == PackageType::Dataset ? QStringLiteral("/datasets/") : QStringLiteral("/");
    const QString package = endpoint + prefix + item.package->id.id();
    const QString revision = encoded(item.revision);
    switch (item.kind) {
    case BrowseKind::File:
        return package + QStringLiteral("/resolve/") + revision + u'/' +
               encoded(item.entry->path.text(), "/");
    case BrowseKind::Folder:
        return package + QStringLiteral("/tree/") + revision + u'/' + encoded(item.entry->path.text(), "/");
    case BrowseKind::Ref:
    case BrowseKind::Commit:
        return package + QStringLiteral("/tree/") + revision;
    default:
        return package;
    }
}

} // namespace hublet::ui
