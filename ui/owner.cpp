// SPDX-License-Identifier: Apache-2.0
#include "ui/owner.h"

#include "core/service/services.h"
#include "ui/browse/browseitem.h"

namespace hublet::ui {

Result<access::Permit> permit(service::Services& services, access::Action action,
                              const RepositoryKey& repository, const QString& path)
{
    return services.policy().check(access::Principal::owner(), action, repository, path);
}

Result<access::Permit> readPermit(service::Services& services, const BrowseItem& item)
{
    return permit(services, access::Action::Read, item.repository->key,
                  item.package ? item.package->id.artifactPath() : QString());
}

Result<access::AdminPermit> adminPermit(service::Services& services)
{
    return services.policy().checkAdmin(access::Principal::owner());
}

} // namespace hublet::ui
