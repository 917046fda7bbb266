// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/hubapi.h"

#include "core/api/hub/huberror.h"

namespace hublet::api {

namespace {

Routes hubRoutes(const LfsOptions& lfs)
{
    Routes routes;
    // What is asked most comes first: the table is searched from the top.
    addResolveRoutes(routes);
    addPackageRoutes(routes);
    addRevisionRoutes(routes);
    addPathsInfoRoutes(routes);
    addLfsRoutes(routes, lfs);
    addXetRoutes(routes);
    addCommitRoutes(routes);
    addListingRoutes(routes);
    addIdentityRoutes(routes);
    addRepositoryRoutes(routes);
    addRefRoutes(routes);
    addDiscussionRoutes(routes);
    addManifestRoutes(routes);
    addWebRoutes(routes);
    return routes;
}

} // namespace

HubApi::HubApi(service::Services& services, const LfsOptions& lfs)
    : m_gate(services, hubRoutes(lfs), encodeHubError)
{
}

} // namespace hublet::api
