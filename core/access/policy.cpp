// SPDX-License-Identifier: Apache-2.0
#include "core/access/policy.h"

#include "core/access/directory.h"
#include "core/access/snapshot.h"

#include <algorithm>

namespace hublet::access {

namespace {

/// What a token of this role may carry at most.
constexpr ActionSet actionsOf(Principal::TokenRole role)
{
    switch (role) {
    case Principal::TokenRole::Read:
        return {Action::Read};
    case Principal::TokenRole::Write:
        return {Action::Read, Action::Annotate, Action::Write, Action::Delete};
    case Principal::TokenRole::Full:
        break;
    }
    return ActionSet::all();
}

/// Principal::owner(): no user of the directory, so no snapshot can take its rights.
bool isOwner(const Principal& principal)
{
    return principal.kind == Principal::Kind::User && principal.userId == 0 && principal.admin;
}

/// The principal's user as it is now; null when the user is gone, or the token was revoked or has expired
/// since.
const Snapshot::UserEntry* currentUser(const Snapshot& snapshot, const Principal& principal,
                                       const Clock& clock)
{
    if (principal.tokenId != 0) {
        const auto* token = snapshot.token(principal.tokenId);
        if (!token || token->userId != principal.userId || token->isExpired(clock.nowMs()))
            return nullptr;
    }
    return snapshot.user(principal.userId);
}

bool isGranted(const std::vector<Snapshot::Grant>& grants, Action action, const RepositoryKey& repository,
               const QString& path, const RepositoryClassOf& classOf)
{
    const QString foldedPath = path.toLower();
    const bool anyPathWillDo = path.isEmpty() && action == Action::Read;
    return std::any_of(grants.begin(), grants.end(), [&](const Snapshot::Grant& grant) {
        return grant.actions.contains(action) && grant.where->coversRepository(repository, classOf) &&
               (anyPathWillDo || grant.where->coversPath(foldedPath));
    });
}

bool letsIn(AnonymousAccess access, const Principal& anonymous)
{
    return access == AnonymousAccess::Everywhere ||
           (access == AnonymousAccess::Machine && anonymous.isOnThisMachine);
}

tl::unexpected<Error> refuse(const Principal& principal, bool isKnown, const QString& what)
{
    if (!isKnown)
        return fail(ErrorCode::Unauthenticated, QStringLiteral("%1 needs valid credentials").arg(what));
    return fail(ErrorCode::Forbidden,
                QStringLiteral("User '%1' has no right to this: %2").arg(principal.name, what));
}

} // namespace

Policy::Decision Policy::decide(const Principal& principal, Action action, const RepositoryKey& repository,
                                const QString& path) const
{
    if (isOwner(principal))
        return Decision::Allowed;
    const auto snapshot = m_directory.snapshot();
    const auto& classOf = m_directory.repositoryClassOf();
    if (principal.isAnonymous()) {
        const bool isAllowed = action == Action::Read && letsIn(snapshot->anonymousAccess(), principal) &&
                               isGranted(snapshot->anonymousGrants(), action, repository, path, classOf);
        return isAllowed ? Decision::Allowed : Decision::Unknown;
    }
    const auto* user = currentUser(*snapshot, principal, m_directory.clock());
    if (!user)
        return Decision::Unknown;
    if (!actionsOf(principal.tokenRole).contains(action))
        return Decision::Refused;
    if (principal.tokenRepository && *principal.tokenRepository != repository.folded())
        return Decision::Refused;
    const bool isAllowed = user->user.admin || isGranted(user->grants, action, repository, path, classOf);
    return isAllowed ? Decision::Allowed : Decision::Refused;
}

bool Policy::allows(const Principal& principal, Action action, const RepositoryKey& repository,
                    const QString& path) const
{
    return decide(principal, action, repository, path) == Decision::Allowed;
}

Result<Permit> Policy::check(const Principal& principal, Action action, const RepositoryKey& repository,
                             const QString& path) const
{
    const Decision decision = decide(principal, action, repository, path);
    if (decision == Decision::Allowed)
        return Permit(principal, action, repository, path);
    const QString what = QStringLiteral("%1 in %2:%3").arg(actionName(action), repository.text(), path);
    return refuse(principal, decision == Decision::Refused, what);
}

Result<AdminPermit> Policy::checkAdmin(const Principal& principal) const
{
    if (isOwner(principal))
        return AdminPermit(principal);
    const auto snapshot = m_directory.snapshot();
    const auto* user =
        principal.isAnonymous() ? nullptr : currentUser(*snapshot, principal, m_directory.clock());
    const bool isWholeUser = principal.tokenRole == Principal::TokenRole::Full && !principal.tokenRepository;
    if (user && user->user.admin && isWholeUser)
        return AdminPermit(principal);
    return refuse(principal, user != nullptr, QStringLiteral("Administration"));
}

} // namespace hublet::access
