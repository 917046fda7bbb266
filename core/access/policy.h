// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"

namespace hublet::access {

class Directory;

/// Decides who may do what. Reads only the Directory's snapshot in memory: fast, thread-safe, and a change is
/// in force at the next call. No grant = no access; grants add up over users and groups; excludes win inside
/// one permission; an administrator passes everywhere; a token narrows what its user may do, never widens it:
/// role Read leaves Read, role Write Read, Annotate, Write and Delete. Anonymous callers never get more than
/// Read, and that only from where Directory::anonymousAccess() says. Principal::owner() passes everywhere.
class Policy {
public:
    explicit Policy(const Directory& directory) : m_directory(directory) {}

    /// `path`: artifact path ("models/acme/bert-tiny[/...]") or empty for the repository as a whole (then any
    /// grant on any path of it is enough for Read; other actions need a grant that covers everything).
    /// Errors: Unauthenticated (anonymous lacks it, or the principal's token or user is gone by now),
    /// Forbidden (a known caller lacks it).
    [[nodiscard]] Result<Permit> check(const Principal& principal, Action action,
                                       const RepositoryKey& repository, const QString& path) const;
    [[nodiscard]] bool allows(const Principal& principal, Action action, const RepositoryKey& repository,
                              const QString& path) const;
    /// May the principal do anything at all, anywhere in the repository? Who may not is told that there is
    /// none.
    [[nodiscard]] bool knows(const Principal& principal, const RepositoryKey& repository) const;
    /// A token counts as its administrator only with the role Full and not limited to a repository.
    /// Errors: Unauthenticated, Forbidden.
    [[nodiscard]] Result<AdminPermit> checkAdmin(const Principal& principal) const;

private:
    enum class Decision {
        Allowed,
        Unknown, ///< nobody in particular, or nobody any more: a credential could help
        Refused,
    };
    struct Place;
    [[nodiscard]] Decision decide(const Principal& principal, Action action, const Place& place) const;

    const Directory& m_directory;
};

} // namespace hublet::access
