// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/gate.h"
#include "core/api/hub/lfsroutes.h"

#include <optional>

namespace hublet::api {

// Each group of routes is a free function in a file of its own that adds its routes; handlers have no state
// but the Call.
void addIdentityRoutes(Routes& routes);   ///< whoami, overviews, harmless probes
void addListingRoutes(Routes& routes);    ///< lists and search
void addRepositoryRoutes(Routes& routes); ///< create, delete, move
void addPackageRoutes(Routes& routes);    ///< info, auth-check, settings
void addRevisionRoutes(Routes& routes);   ///< refs, commits, tree, treesize
void addPathsInfoRoutes(Routes& routes);  ///< paths-info
void addResolveRoutes(Routes& routes);    ///< resolve, raw
void addCommitRoutes(Routes& routes);     ///< preupload, commit, validate-yaml
void addRefRoutes(Routes& routes);        ///< branches, tags, super-squash, lfs-files
void addDiscussionRoutes(Routes& routes); ///< discussions and pull requests
void addManifestRoutes(Routes& routes);   ///< which GGUF file to load, for older llama.cpp
void addWebRoutes(Routes& routes);        ///< pages for people
void addXetRoutes(Routes& routes);        ///< tokens for the Xet CAS
// addLfsRoutes: lfsroutes.h

/// The Hugging Face Hub API (hub-api.md) over the services, under /artifactory/api/huggingfaceml/<key>,
/// /artifactory/api/huggingface/<key> and the root. Thread-safe; must outlive the server whose dispatch it
/// is.
class HubApi {
public:
    explicit HubApi(service::Services& services, const LfsOptions& lfs = {});

    [[nodiscard]] http::Reply dispatch(const http::Request& request) const
    {
        return m_gate.dispatch(request);
    }
    /// The repository served at the root (DECISIONS 27); nothing: none.
    void setDefaultRepository(std::optional<RepositoryKey> key)
    {
        m_gate.setDefaultRepository(std::move(key));
    }

private:
    Gate m_gate;
};

} // namespace hublet::api
