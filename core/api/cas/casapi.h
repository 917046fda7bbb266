// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/cas/casroutes.h"
#include "core/http/reply.h"

namespace hublet::api::cas {

// Each group of routes is a free function in a file of its own; handlers have no state but the Call. Every
// path that some client generation uses leads to the same handler (xet.md 6.1).
void addReconstructionRoutes(Routes& routes); ///< which chunks make up a file
void addFetchRoutes(Routes& routes);          ///< the chunks, at signed URLs
void addDedupRoutes(Routes& routes);          ///< which known xorb has a chunk
void addXorbRoutes(Routes& routes);           ///< upload of chunks
void addShardRoutes(Routes& routes);          ///< registration of files
void addServiceRoutes(Routes& routes);        ///< health, telemetry

/// The Xet CAS API (xet.md 6) over the services, under "/cas/<store>", where <store> is Xet::storeName(): a
/// client that remembers what another store had never mistakes it for this one (xet.md 9.4). Thread-safe;
/// must outlive the server whose dispatch it is.
class CasApi {
public:
    /// `services` must outlive the API.
    explicit CasApi(service::Services& services);

    /// Does this path belong here, also when it names a store that is gone?
    [[nodiscard]] static bool owns(const http::Request& request);
    /// For requests that owns(): never waits.
    [[nodiscard]] http::Reply dispatch(const http::Request& request) const;

private:
    [[nodiscard]] Result<std::shared_ptr<const Call>> admit(const http::Request& request,
                                                            Routes::Found& found) const;

    service::Services& m_services;
    Routes m_routes;
};

} // namespace hublet::api::cas
