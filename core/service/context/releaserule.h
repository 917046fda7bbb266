// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"

namespace hublet::service {

struct ServiceContext;

/// How long after the last deployment to it the maker of a release may go on with it: clients send a large
/// folder in several commits, and one again when the answer to it was lost (hub-api 2.5).
constexpr qint64 ReleaseWindowMs = 15 * 60 * 1000;

/// May this principal upload to `ref` (DECISIONS 3)? Yes unless it is a release; then with the Delete right,
/// or when nobody else deployed to it and its last deployment was at most ReleaseWindowMs ago.
[[nodiscard]] Result<bool> mayDeploy(const ServiceContext& context, const access::Permit& permit,
                                     const catalog::Package& package, const catalog::Ref& ref);
/// Error: Conflict when it may not.
[[nodiscard]] Result<void> checkMayDeploy(const ServiceContext& context, const access::Permit& permit,
                                          const catalog::Package& package, const catalog::Ref& ref);

/// For other changes than uploads. Error: Conflict when `ref` is a release and the principal lacks the Delete
/// right.
[[nodiscard]] Result<void> checkMayReplace(const ServiceContext& context, const access::Permit& permit,
                                           const catalog::Package& package, const catalog::Ref& ref);
/// The same for the branch of that name, if there is one.
[[nodiscard]] Result<void> checkMayReplace(const ServiceContext& context, const access::Permit& permit,
                                           const catalog::Package& package, const QString& branch);

} // namespace hublet::service
