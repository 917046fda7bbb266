// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"
#include "core/catalog/model/discussion.h"

#include <QString>

namespace hublet::service {

struct ServiceContext;

/// A diff in git's form between two commits of a package: names of all files that differ, and lines where
/// both sides are text of at most MaxTextBytes. Reading: some database and store reads per file.
class PullRequestDiff {
public:
    static constexpr qint64 MaxTextBytes = 256 * 1024;     ///< of one side; larger files are only named
    static constexpr int MaxFiles = 1000;                  ///< more are only counted
    static constexpr qsizetype MaxBytes = 4 * 1024 * 1024; ///< of the whole; files after that are only named

    PullRequestDiff(const ServiceContext& context, qint64 package) : m_context(context), m_package(package) {}

    /// What the pull request changes since it left its base; of a merged one what it brought, whatever became
    /// of its base since. Error: RevisionNotFound (the base of one that is not merged is gone).
    [[nodiscard]] Result<QString> of(const catalog::Discussion& pullRequest) const;
    [[nodiscard]] Result<QString> between(const GitOid& before, const GitOid& after) const;

private:
    [[nodiscard]] Result<QString> sinceFork(const GitOid& base, const GitOid& head) const;

    const ServiceContext& m_context;
    const qint64 m_package;
};

} // namespace hublet::service
