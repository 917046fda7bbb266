// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/commitrequest.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/repository.h"

namespace hublet::access {
class Policy;
}
namespace hublet::catalog {
class Catalog;
}

namespace hublet::service {

/// Does the permit reach the package, for this action? A permit for more than reading allows looking as well.
/// False is an error of the caller: services assert it.
[[nodiscard]] bool covers(const access::Permit& permit, access::Action action, const PackageId& id);

/// A private package is seen by its creator, its organisation and administrators only (DECISIONS 23).
[[nodiscard]] bool maySee(const access::Principal& principal, const catalog::Package& package);
/// The above and the right to read it.
[[nodiscard]] bool mayRead(const access::Policy& policy, const access::Principal& principal,
                           const catalog::Package& package);
/// Are the files of a gated package open to this caller (DECISIONS 30)? True for packages that are not gated.
[[nodiscard]] bool passesGate(const access::Policy& policy, const access::Principal& principal,
                              const catalog::Package& package);
/// The same; error: Gated, with the text that clients show.
[[nodiscard]] Result<void> checkGate(const access::Policy& policy, const access::Principal& principal,
                                     const catalog::Package& package);
/// May this caller have the bytes of the package's files: all of the above, and the package is not disabled?
[[nodiscard]] bool mayReadFiles(const access::Policy& policy, const access::Principal& principal,
                                const catalog::Package& package);
/// Is the caller an owner of the package, who decides who sees it: its creator, the user whose name its
/// namespace is, or whoever has the Manage right on it?
[[nodiscard]] bool ownsPackage(const access::Policy& policy, const access::Principal& principal,
                               const catalog::Package& package);
/// Has the permit's principal the Delete right on the package: to take files and releases away, beyond what
/// the permit itself says?
[[nodiscard]] bool mayDelete(const access::Policy& policy, const access::Permit& permit, const PackageId& id);
/// Error: Forbidden, with a sentence that says `what` ("Deleting files") needs that right.
[[nodiscard]] Result<void> checkMayDelete(const access::Policy& policy, const access::Permit& permit,
                                          const PackageId& id, const QString& what);
/// Error: Blocked when the package is disabled.
[[nodiscard]] Result<void> checkEnabled(const catalog::Package& package);

/// What absent and hidden packages have in common.
[[nodiscard]] tl::unexpected<Error> packageNotFound();

struct LocatedPackage {
    catalog::Repository repository;
    catalog::Package package;
};
/// The package `id` in the permit's repository, if its principal may see it. Errors: RepositoryNotFound,
/// PackageNotFound.
[[nodiscard]] Result<LocatedPackage> locate(const catalog::Catalog& catalog, const access::Permit& permit,
                                            const PackageId& id);

/// Only local repositories take what clients write. Error: Unsupported.
[[nodiscard]] Result<void> checkTakesWrites(const catalog::Repository& repository);

/// Who commits on behalf of this principal.
[[nodiscard]] catalog::Signature signatureOf(const access::Principal& principal);

} // namespace hublet::service
