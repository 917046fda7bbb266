// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/contentclaims.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/servicecontext.h"

namespace hublet::service {

Result<bool> mayName(const ServiceContext& context, const access::Principal& principal, const Sha256& content,
                     qint64 atMs)
{
    return context.catalog.mayClaim(principal.userId, content, atMs, [&](const catalog::Package& package) {
        return mayRead(context.policy, principal, package) && passesGate(context.policy, principal, package);
    });
}

Result<bool> uploadedBy(const ServiceContext& context, qint64 userId, const Sha256& content)
{
    return context.catalog.mayClaim(userId, content, context.clock.nowMs(),
                                    [](const catalog::Package&) { return false; });
}

} // namespace hublet::service
