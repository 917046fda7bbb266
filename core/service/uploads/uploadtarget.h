// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/repository.h"
#include "core/catalog/model/revision.h"

#include <optional>

namespace hublet::service {

struct ServiceContext;

/// Where an upload lands: an existing ref, or a new release of an existing or new package (DECISIONS 2).
struct UploadTarget {
    catalog::Repository repository;
    std::optional<catalog::Package> package; ///< absent: the upload creates it
    std::optional<catalog::Ref> ref;         ///< absent: the upload creates it
    QString fullRefName;                     ///< "refs/heads/main"
};

/// Finds out what `revision` means to an upload; says nothing about the right to replace a release. With
/// `createPullRequest` the ref is the base, which must exist. Errors: RepositoryNotFound, Unsupported (takes
/// no uploads), PackageNotFound, RevisionNotFound (also for a tag or commit id), InvalidName,
/// InvalidRevision, Blocked (disabled).
[[nodiscard]] Result<UploadTarget> findUploadTarget(const ServiceContext& context,
                                                    const access::Permit& permit, const PackageId& id,
                                                    const QString& revision, bool createPullRequest);

} // namespace hublet::service
