// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/casroutes.h"

namespace hublet::api::cas {

Routes::Found Routes::find(http::Method method, std::span<const QByteArrayView> segments) const
{
    Found found;
    for (const Route& route : m_routes) {
        std::optional<RouteMatch> match = route.path.match(segments, 0);
        if (!match)
            continue;
        found.pathExists = true;
        if (route.method != method && !(route.method == http::Method::Get && method == http::Method::Head))
            continue;
        found.route = &route;
        found.match = std::move(*match);
        break;
    }
    return found;
}

} // namespace hublet::api::cas
