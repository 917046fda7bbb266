// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/releaserule.h"

#include "core/access/policy.h"
#include "core/catalog/reading/catalog.h"
#include "core/service/context/servicecontext.h"

namespace hublet::service {

bool mayReplaceReleases(const ServiceContext& context, const access::Permit& permit, const PackageId& id)
{
    return context.policy.allows(permit.principal(), access::Action::Delete, permit.repository(),
                                 id.artifactPath());
}

Result<void> checkMayReplace(const ServiceContext& context, const access::Permit& permit,
                             const catalog::Package& package, const catalog::Ref& ref)
{
    if (ref.kind != catalog::RefKind::Release || mayReplaceReleases(context, permit, package.id))
        return {};
    return fail(
        ErrorCode::Conflict,
        QStringLiteral("Revision '%1' of %2 already exists and you have no Delete/Overwrite permission on %3")
            .arg(ref.name, package.id.id(), package.repository.text()));
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
