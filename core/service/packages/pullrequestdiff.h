// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"

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

    [[nodiscard]] Result<QString> between(const GitOid& before, const GitOid& after) const;
    /// Where the first-parent history of `head` left that of `base`; `base` itself when that is too long ago.
    [[nodiscard]] Result<GitOid> mergeBase(const GitOid& base, const GitOid& head) const;

private:
    const ServiceContext& m_context;
    const qint64 m_package;
};

} // namespace hublet::service
