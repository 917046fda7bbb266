// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/deletion.h"

#include "core/service/services.h"
#include "ui/browse/browsetext.h"
#include "ui/owner.h"

#include <QCoreApplication>

namespace hublet::ui {

namespace {

using catalog::RefKind;

QString tr(const char* text)
{
    return QCoreApplication::translate("hublet::ui::Deletion", text);
}

Deletion deleteRepository(service::Services& services, const BrowseItem& item)
{
    const RepositoryKey key = item.repository->key;
    return {tr("the repository %1").arg(key.text()),
            tr("Every model and dataset in it goes with it. This cannot be undone."), key.text(),
            [&services, key] {
                return services.run([key](service::Services& services) -> Result<void> {
                    const auto admin = adminPermit(services);
                    if (!admin)
                        return forward(admin);
                    return services.repositories().remove(*admin, key);
                });
            }};
}

Deletion deletePackage(service::Services& services, const BrowseItem& item)
{
    const RepositoryKey key = item.repository->key;
    const PackageId id = item.package->id;
    return {tr("the %1 %2").arg(kindText(item), id.id()),
            tr("All its branches, tags and commits go with it. This cannot be undone."), id.id(),
            [&services, key, id] {
                return services.run([key, id](service::Services& services) -> Result<void> {
                    const auto allowed = permit(services, access::Action::Delete, key, id.artifactPath());
                    if (!allowed)
                        return forward(allowed);
                    return services.packages().remove(*allowed, id);
                });
            }};
}

Deletion deleteRef(service::Services& services, const BrowseItem& item)
{
    const RepositoryKey key = item.repository->key;
    const PackageId id = item.package->id;
    const QString name = item.ref->name;
    const bool isTag = item.ref->kind == RefKind::Tag;
    return {tr("the %1 %2 of %3").arg(kindText(item), name, id.id()),
            tr("Its commits stay and can be fetched by their ids."), name, [&services, key, id, name, isTag] {
                return services.run([key, id, name, isTag](service::Services& services) -> Result<void> {
                    const auto allowed = permit(services, access::Action::Write, key, id.artifactPath());
                    if (!allowed)
                        return forward(allowed);
                    return isTag ? services.packages().deleteTag(*allowed, id, name)
                                 : services.packages().deleteBranch(*allowed, id, name);
                });
            }};
}

} // namespace

std::optional<Deletion> deletionOf(service::Services& services, const BrowseItem& item)
{
    switch (item.kind) {
    case BrowseKind::Repository:
        return deleteRepository(services, item);
    case BrowseKind::Package:
        return deletePackage(services, item);
    case BrowseKind::Ref: {
        const RefKind kind = item.ref->kind;
        const bool isMain = kind == RefKind::Branch && item.ref->name == u"main";
        if (isMain || kind == RefKind::PullRequest || kind == RefKind::Convert)
            return std::nullopt;
        return deleteRef(services, item);
    }
    default:
        return std::nullopt;
    }
}

} // namespace hublet::ui
