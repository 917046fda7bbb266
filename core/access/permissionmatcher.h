// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/antpattern.h"
#include "core/access/permission.h"

#include <QSet>

#include <vector>

namespace hublet::access {

/// Where a permission applies: its repositories and patterns, ready for matching. Immutable, thread-safe.
class PermissionMatcher {
public:
    /// Errors: InvalidName (repository), InvalidArgument (pattern, or no repository at all).
    [[nodiscard]] static Result<PermissionMatcher> make(const Permission& permission);

    [[nodiscard]] bool coversRepository(const RepositoryKey& repository,
                                        const RepositoryClassOf& classOf) const;
    /// `foldedPath` as in AntPattern::covers; empty = the whole repository.
    [[nodiscard]] bool coversPath(QStringView foldedPath) const;

private:
    PermissionMatcher() = default;

    bool m_any = false;
    bool m_anyLocal = false;
    bool m_anyRemote = false;
    QSet<QString> m_repositories; ///< folded keys
    std::vector<AntPattern> m_includes;
    std::vector<AntPattern> m_excludes;
};

} // namespace hublet::access
