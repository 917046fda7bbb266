// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/contentclaims.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/servicecontext.h"

namespace hublet::service {

namespace {

/// Anonymous callers upload nothing; their id is the owner's, who does.
constexpr qint64 NoUser = -1;

} // namespace

catalog::Claimant claimantOf(const access::Principal& principal)
{
    return {principal.isAnonymous() ? NoUser : principal.userId, principal.tokenRepository};
}

Result<std::optional<ContentRight>> rightTo(const ServiceContext& context, const access::Principal& principal,
                                            const Sha256& content, qint64 atMs)
{
    ContentRight right;
    const auto visible = [&](const catalog::Package& package) {
        right.package = package.rowId;
        return mayReadFiles(context.policy, principal, package);
    };
    const auto may = context.catalog.mayClaim(claimantOf(principal), content, atMs, visible);
    if (!may)
        return forward(may);
    return *may ? std::optional(right) : std::nullopt;
}

Result<bool> mayName(const ServiceContext& context, const access::Principal& principal, const Sha256& content,
                     qint64 atMs)
{
    const auto right = rightTo(context, principal, content, atMs);
    if (!right)
        return forward(right);
    return right->has_value();
}

Result<bool> uploadedBy(const ServiceContext& context, const catalog::Claimant& claimant,
                        const Sha256& content)
{
    return context.catalog.mayClaim(claimant, content, context.clock.nowMs(),
                                    [](const catalog::Package&) { return false; });
}

} // namespace hublet::service
