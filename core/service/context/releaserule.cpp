// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/releaserule.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/servicecontext.h"

#include <algorithm>

namespace hublet::service {

namespace {

tl::unexpected<Error> refusal(const catalog::Package& package, const catalog::Ref& ref)
{
    return fail(
        ErrorCode::Conflict,
        QStringLiteral("Revision '%1' of %2 already exists and you have no Delete/Overwrite permission on %3")
            .arg(ref.name, package.id.id(), package.repository.text()));
}

/// Did the principal deploy all that there is of this release, and some of it lately?
Result<bool> isMaking(const ServiceContext& context, const access::Principal& principal,
                      const catalog::Package& package, const catalog::Ref& ref)
{
    constexpr int PageSize = 1000;
    QByteArray cursor;
    do {
        const auto page = context.catalog.deployments(package.rowId, ref.name, PageSize, cursor);
        if (!page)
            return forward(page);
        if (page->items.empty())
            return false;
        const bool isLate = page->items.front().publishedMs + ReleaseWindowMs < context.clock.nowMs();
        if (cursor.isEmpty() && isLate) // the newest comes first
            return false;
        const bool isSole = std::all_of(page->items.begin(), page->items.end(), [&](const auto& deployment) {
            return deployment.publisher == principal.name;
        });
        if (!isSole)
            return false;
        cursor = page->nextCursor;
    } while (!cursor.isEmpty());
    return true;
}

} // namespace

Result<void> checkMayReplace(const ServiceContext& context, const access::Permit& permit,
                             const catalog::Package& package, const catalog::Ref& ref)
{
    if (ref.kind != catalog::RefKind::Release || mayDelete(context.policy, permit, package.id))
        return {};
    return refusal(package, ref);
}

Result<bool> mayDeploy(const ServiceContext& context, const access::Permit& permit,
                       const catalog::Package& package, const catalog::Ref& ref)
{
    if (ref.kind != catalog::RefKind::Release || mayDelete(context.policy, permit, package.id))
        return true;
    return isMaking(context, permit.principal(), package, ref);
}

Result<void> checkMayDeploy(const ServiceContext& context, const access::Permit& permit,
                            const catalog::Package& package, const catalog::Ref& ref)
{
    const auto may = mayDeploy(context, permit, package, ref);
    if (!may)
        return forward(may);
    return *may ? Result<void>() : refusal(package, ref);
}

Result<void> checkMayReplace(const ServiceContext& context, const access::Permit& permit,
                             const catalog::Package& package, const QString& branch)
{
    const auto ref = context.catalog.ref(package.rowId, QStringLiteral("refs/heads/") + branch);
    if (!ref)
        return forward(ref);
    return *ref ? checkMayReplace(context, permit, package, **ref) : Result<void>();
}

} // namespace hublet::service
