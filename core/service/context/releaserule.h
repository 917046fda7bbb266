// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"

namespace hublet::service {

struct ServiceContext;

/// May this principal change or remove what was deployed as a release (DECISIONS 3)?
[[nodiscard]] bool mayReplaceReleases(const ServiceContext& context, const access::Permit& permit,
                                      const PackageId& id);

/// Error: Conflict when `ref` is a release and the principal lacks the Delete right.
[[nodiscard]] Result<void> checkMayReplace(const ServiceContext& context, const access::Permit& permit,
                                           const catalog::Package& package, const catalog::Ref& ref);
/// The same for the branch of that name, if there is one.
[[nodiscard]] Result<void> checkMayReplace(const ServiceContext& context, const access::Permit& permit,
                                           const catalog::Package& package, const QString& branch);

} // namespace hublet::service
