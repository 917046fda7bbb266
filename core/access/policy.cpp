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

/// What an action is done to.
struct Policy::Place {
    const RepositoryKey& repository;
    QString foldedPath;
    bool anyPathWillDo = false;

    [[nodiscard]] static Place of(Action action, const RepositoryKey& repository, const QString& path)
    {
        return {repository, path.toLower(), path.isEmpty() && action == Action::Read};
    }
    [[nodiscard]] bool isGranted(const std::vector<Snapshot::Grant>& grants, Action action,
                                 const RepositoryClassOf& classOf) const
    {
        return std::any_of(grants.begin(), grants.end(), [&](const Snapshot::Grant& grant) {
            return grant.actions.contains(action) && grant.where->coversRepository(repository, classOf) &&
                   (anyPathWillDo || grant.where->coversPath(foldedPath));
        });
    }
};

Policy::Decision Policy::decide(const Principal& principal, Action action, const Place& place) const
{
    if (isOwner(principal))
        return Decision::Allowed;
    const auto snapshot = m_directory.snapshot();
    const auto& classOf = m_directory.repositoryClassOf();
    if (principal.isAnonymous()) {
        const bool isAllowed = action == Action::Read && letsIn(snapshot->anonymousAccess(), principal) &&
                               place.isGranted(snapshot->anonymousGrants(), action, classOf);
        return isAllowed ? Decision::Allowed : Decision::Unknown;
    }
    const auto* user = currentUser(*snapshot, principal, m_directory.clock());
    if (!user)
        return Decision::Unknown;
    if (!actionsOf(principal.tokenRole).contains(action))
        return Decision::Refused;
    if (principal.tokenRepository && *principal.tokenRepository != place.repository.folded())
        return Decision::Refused;
    const bool isAllowed = user->user.admin || place.isGranted(user->grants, action, classOf);
    return isAllowed ? Decision::Allowed : Decision::Refused;
}

bool Policy::allows(const Principal& principal, Action action, const RepositoryKey& repository,
                    const QString& path) const
{
    return decide(principal, action, Place::of(action, repository, path)) == Decision::Allowed;
}

Result<Permit> Policy::check(const Principal& principal, Action action, const RepositoryKey& repository,
                             const QString& path) const
{
    const Decision decision = decide(principal, action, Place::of(action, repository, path));
    if (decision == Decision::Allowed)
        return Permit(principal, action, repository, path);
    const QString what = QStringLiteral("%1 in %2:%3").arg(actionName(action), repository.text(), path);
    return refuse(principal, decision == Decision::Refused, what);
}

bool Policy::knows(const Principal& principal, const RepositoryKey& repository) const
{
    return std::any_of(AllActions.begin(), AllActions.end(), [&](Action action) {
        return decide(principal, action, Place{repository, {}, true}) == Decision::Allowed;
    });
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
