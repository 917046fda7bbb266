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

catalog::PackageQuery packageQuery(PackageType type, const QStringList& words)
{
    catalog::PackageQuery query;
    query.type = type;
    query.search = words;
    query.sort = catalog::PackageQuery::Sort::Id;
    query.descending = false;
    return query;
}

/// Without words everything is found, also what is empty.
Result<bool> findsAny(service::Services& services, const RepositoryKey& key, PackageType type,
                      const QStringList& words)
{
    if (words.isEmpty())
        return true;
    catalog::PackageQuery query = packageQuery(type, words);
    query.limit = 1;
    const auto found = services.browse().packages(access::Principal::owner(), key, query);
    if (!found)
        return forward(found);
    return !found->items.empty();
}

Result<BrowsePage> types(service::Services& services, const BrowseItem& repository, const QStringList& words)
{
    BrowsePage page;
    for (const PackageType type : {PackageType::Model, PackageType::Dataset}) {
        const auto found = findsAny(services, repository.repository->key, type, words);
        if (!found)
            return forward(found);
        if (!*found)
            continue;
        BrowseItem item;
        item.kind = BrowseKind::Type;
        item.key = packageTypePlural(type);
        item.repository = repository.repository;
        item.type = type;
        page.items.push_back(std::move(item));
    }
    return page;
}

Result<BrowsePage> repositories(service::Services& services, const QStringList& words)
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
        item.repository = std::make_shared<const catalog::Repository>(repository);
        const auto below = types(services, item, words);
        if (!below)
            return forward(below);
        if (!below->items.empty())
            page.items.push_back(std::move(item));
    }
    return page;
}

using Counts = std::vector<std::pair<QString, qint64>>;

/// Namespaces of the packages that are found; of the first MaxFound ones.
Result<Counts> namespacesFound(service::Services& services, const BrowseItem& parent,
                               const QStringList& words)
{
    constexpr qint64 MaxFound = 2000;
    Counts counts;
    catalog::PackageQuery query = packageQuery(parent.type, words);
    qint64 found = 0;
    do {
        const auto page =
            services.browse().packages(access::Principal::owner(), parent.repository->key, query);
        if (!page)
            return forward(page);
        for (const catalog::Package& package : page->items) {
            const QString& name = package.id.nameSpace();
            if (counts.empty() || counts.back().first.compare(name, Qt::CaseInsensitive) != 0)
                counts.emplace_back(name, 0);
            ++counts.back().second;
            ++found;
        }
        query.cursor = page->nextCursor;
    } while (!query.cursor.isEmpty() && found < MaxFound);
    return counts;
}

Result<BrowsePage> namespaces(service::Services& services, const BrowseItem& parent, const QStringList& words)
{
    const auto list = words.isEmpty() ? services.browse().namespaces(access::Principal::owner(),
                                                                     parent.repository->key, parent.type)
                                      : namespacesFound(services, parent, words);
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

Result<BrowsePage> packages(service::Services& services, const BrowseItem& parent, const ListRequest& request)
{
    catalog::PackageQuery query = packageQuery(parent.type, request.words);
    query.author = parent.nameSpace;
    query.limit = request.limit;
    query.cursor = request.cursor;
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
        item.package = std::make_shared<const catalog::Package>(package);
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

/// The commits of main but its head: that is what the branch itself shows.
Result<BrowsePage> earlierCommits(service::Services& services, const BrowseItem& parent,
                                  const ListRequest& request)
{
    auto page = listCommits(services, parent, request);
    if (page && request.cursor.isEmpty() && !page->items.empty())
        page->items.erase(page->items.begin());
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

Result<BrowsePage> listCommits(service::Services& services, const BrowseItem& parent,
                               const ListRequest& request)
{
    const auto permit = readPermit(services, parent);
    if (!permit)
        return forward(permit);
    const auto revision = services.browse().revision(*permit, parent.package->id, parent.revision);
    if (!revision)
        return forward(revision);
    const auto list =
        services.browse().commits(*permit, parent.package->id, *revision, request.limit, request.cursor);
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

Result<BrowsePage> listBelow(service::Services& services, const std::optional<BrowseItem>& parent,
                             const ListRequest& request)
{
    if (!parent)
        return repositories(services, request.words);
    switch (parent->kind) {
    case BrowseKind::Repository:
        return types(services, *parent, request.words);
    case BrowseKind::Type:
        return namespaces(services, *parent, request.words);
    case BrowseKind::Namespace:
        return packages(services, *parent, request);
    case BrowseKind::Package:
        return refs(services, *parent);
    case BrowseKind::Earlier:
        return earlierCommits(services, *parent, request);
    case BrowseKind::Ref:
    case BrowseKind::Commit:
    case BrowseKind::Folder:
        return files(services, *parent, request.cursor, request.limit);
    case BrowseKind::File:
        break;
    }
    return BrowsePage();
}

} // namespace hublet::ui
