// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browselister.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/owner.h"

#include <algorithm>

namespace hublet::ui {

namespace {

using catalog::RefKind;
using catalog::TreeEntry;

Result<BrowsePage> repositories(service::Services& services)
{
    const auto list = services.browse().repositories(access::Principal::owner());
    if (!list)
        return forward(list);
    BrowsePage page;
    for (const catalog::Repository& repository : *list) {
        BrowseItem item;
        item.kind = BrowseKind::Repository;
        item.key = repository.key.folded();
        item.title = repository.key.text();
        item.note = catalog::repositoryClassName(repository.rclass);
        item.repository = repository;
        page.items.push_back(std::move(item));
    }
    return page;
}

BrowsePage types(const BrowseItem& repository)
{
    BrowsePage page;
    for (const PackageType type : {PackageType::Model, PackageType::Dataset}) {
        BrowseItem item;
        item.kind = BrowseKind::Type;
        item.key = packageTypePlural(type);
        item.repository = repository.repository;
        item.type = type;
        page.items.push_back(std::move(item));
    }
    return page;
}

Result<BrowsePage> namespaces(service::Services& services, const BrowseItem& parent)
{
    const auto list =
        services.browse().namespaces(access::Principal::owner(), parent.repository->key, parent.type);
    if (!list)
        return forward(list);
    BrowsePage page;
    for (const auto& [name, packages] : *list) {
        BrowseItem item = parent;
        item.kind = BrowseKind::Namespace;
        item.key = name.toLower();
        item.title = name;
        item.note = QString::number(packages);
        item.nameSpace = name;
        page.items.push_back(std::move(item));
    }
    return page;
}

Result<BrowsePage> packages(service::Services& services, const BrowseItem& parent, const QByteArray& cursor,
                            int limit)
{
    catalog::PackageQuery query;
    query.type = parent.type;
    query.author = parent.nameSpace;
    query.sort = catalog::PackageQuery::Sort::Id;
    query.descending = false;
    query.limit = limit;
    query.cursor = cursor;
    const auto list = services.browse().packages(access::Principal::owner(), parent.repository->key, query);
    if (!list)
        return forward(list);
    BrowsePage page;
    page.nextCursor = list->nextCursor;
    for (const catalog::Package& package : list->items) {
        BrowseItem item = parent;
        item.kind = BrowseKind::Package;
        item.key = package.id.folded();
        item.title = package.id.name();
        item.note = humanSize(package.totalSize);
        item.stamp = QByteArray::number(package.modifiedMs);
        item.package = package;
        page.items.push_back(std::move(item));
    }
    return page;
}

Result<BrowsePage> refs(service::Services& services, const BrowseItem& parent)
{
    const auto permit = readPermit(services, parent);
    if (!permit)
        return forward(permit);
    auto list = services.browse().refs(*permit, parent.package->id, true);
    if (!list)
        return forward(list);
    const auto rank = [](const catalog::Ref& ref) {
        return std::pair(ref.kind == RefKind::Branch && ref.name == u"main" ? -1 : int(ref.kind), ref.name);
    };
    std::sort(list->begin(), list->end(),
              [&](const catalog::Ref& a, const catalog::Ref& b) { return rank(a) < rank(b); });
    BrowsePage page;
    for (const catalog::Ref& ref : *list) {
        BrowseItem item = parent;
        item.kind = BrowseKind::Ref;
        item.key = ref.fullName;
        item.title = ref.name;
        item.stamp = ref.commit.toBytes();
        item.ref = ref;
        item.revision = ref.name;
        page.items.push_back(std::move(item));
    }
    if (!parent.package->head.isNull()) {
        BrowseItem item = parent;
        item.kind = BrowseKind::Earlier;
        item.key = QStringLiteral("earlier");
        item.stamp = parent.package->head.toBytes();
        item.revision = QStringLiteral("main");
        page.items.push_back(std::move(item));
    }
    return page;
}

Result<BrowsePage> commits(service::Services& services, const BrowseItem& parent, const QByteArray& cursor,
                           int limit)
{
    const auto permit = readPermit(services, parent);
    if (!permit)
        return forward(permit);
    const auto revision = services.browse().revision(*permit, parent.package->id, parent.revision);
    if (!revision)
        return forward(revision);
    const auto list = services.browse().commits(*permit, parent.package->id, *revision, limit, cursor);
    if (!list)
        return forward(list);
    BrowsePage page;
    page.nextCursor = list->nextCursor;
    for (const catalog::Commit& commit : list->commits) {
        BrowseItem item = parent;
        item.kind = BrowseKind::Commit;
        item.key = QString::fromLatin1(commit.oid.toHex());
        item.title = commit.title;
        item.note = item.key.left(8);
        item.stamp = commit.oid.toBytes();
        item.commit = commit;
        item.revision = item.key;
        page.items.push_back(std::move(item));
    }
    return page;
}

Result<BrowsePage> files(service::Services& services, const BrowseItem& parent, const QByteArray& cursor,
                         int limit)
{
    const auto permit = readPermit(services, parent);
    if (!permit)
        return forward(permit);
    const auto revision = services.browse().revision(*permit, parent.package->id, parent.revision);
    if (!revision)
        return forward(revision);
    service::Browse::TreeRequest request;
    if (parent.kind == BrowseKind::Folder)
        request.folder = parent.entry->path;
    request.limit = limit;
    request.cursor = cursor;
    const auto list = services.browse().tree(*permit, parent.package->id, *revision, request);
    if (!list)
        return forward(list);
    BrowsePage page;
    page.nextCursor = list->nextCursor;
    for (const auto& found : list->items) {
        BrowseItem item = parent;
        const bool isFolder = found.entry.kind == TreeEntry::Kind::Directory;
        item.kind = isFolder ? BrowseKind::Folder : BrowseKind::File;
        item.key = QString::fromUtf8(found.entry.path.name());
        item.title = item.key;
        item.note = humanSize(found.entry.size);
        item.stamp = found.entry.oid.toBytes();
        item.hasChildren = isFolder;
        item.entry = found.entry;
        page.items.push_back(std::move(item));
    }
    return page;
}

} // namespace

Result<BrowsePage> listBelow(service::Services& services, const std::optional<BrowseItem>& parent,
                             const QByteArray& cursor, int limit)
{
    if (!parent)
        return repositories(services);
    switch (parent->kind) {
    case BrowseKind::Repository:
        return types(*parent);
    case BrowseKind::Type:
        return namespaces(services, *parent);
    case BrowseKind::Namespace:
        return packages(services, *parent, cursor, limit);
    case BrowseKind::Package:
        return refs(services, *parent);
    case BrowseKind::Earlier:
        return commits(services, *parent, cursor, limit);
    case BrowseKind::Ref:
    case BrowseKind::Commit:
    case BrowseKind::Folder:
        return files(services, *parent, cursor, limit);
    case BrowseKind::File:
        break;
    }
    return BrowsePage();
}

} // namespace hublet::ui
