// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/packageaccess.h"

#include "core/access/policy.h"
#include "core/catalog/reading/catalog.h"

namespace hublet::service {

bool covers(const access::Permit& permit, access::Action action, const PackageId& id)
{
    if (permit.action() != action && action != access::Action::Read)
        return false;
    const QString& allowed = permit.path();
    if (allowed.isEmpty())
        return true;
    const QString path = id.artifactPath();
    return path.startsWith(allowed, Qt::CaseInsensitive) &&
           (path.size() == allowed.size() || path.at(allowed.size()) == u'/');
}

bool maySee(const access::Principal& principal, const catalog::Package& package)
{
    if (!package.isPrivate || principal.admin)
        return true;
    return !principal.isAnonymous() && (principal.belongsTo(package.id.nameSpace()) ||
                                        principal.name.compare(package.creator, Qt::CaseInsensitive) == 0);
}

bool mayRead(const access::Policy& policy, const access::Principal& principal,
             const catalog::Package& package)
{
    return maySee(principal, package) &&
           policy.allows(principal, access::Action::Read, package.repository, package.id.artifactPath());
}

bool passesGate(const access::Policy& policy, const access::Principal& principal,
                const catalog::Package& package)
{
    return package.gating == catalog::Gating::Open ||
           policy.allows(principal, access::Action::Write, package.repository, package.id.artifactPath());
}

bool mayReadFiles(const access::Policy& policy, const access::Principal& principal,
                  const catalog::Package& package)
{
    return !package.disabled && mayRead(policy, principal, package) && passesGate(policy, principal, package);
}

bool ownsPackage(const access::Policy& policy, const access::Principal& principal,
                 const catalog::Package& package)
{
    const auto isOwnName = [&](const QString& name) {
        return !principal.isAnonymous() && principal.name.compare(name, Qt::CaseInsensitive) == 0;
    };
    return isOwnName(package.creator) || isOwnName(package.id.nameSpace()) ||
           policy.allows(principal, access::Action::Manage, package.repository, package.id.artifactPath());
}

Result<void> checkGate(const access::Policy& policy, const access::Principal& principal,
                       const catalog::Package& package)
{
    if (passesGate(policy, principal, package))
        return {};
    const QString start = QStringLiteral("Access to %1 %2 is restricted")
                              .arg(packageTypeName(package.id.type()), package.id.id());
    if (principal.isAnonymous()) {
        return fail(ErrorCode::Gated,
                    start + QStringLiteral(". You must have access to it and be authenticated to "
                                           "access it. Please log in."));
    }
    return fail(ErrorCode::Gated, start + QStringLiteral(" and you are not in the authorized list. "
                                                         "Ask its owner for the right to write to it."));
}

bool mayDelete(const access::Policy& policy, const access::Permit& permit, const PackageId& id)
{
    return policy.allows(permit.principal(), access::Action::Delete, permit.repository(), id.artifactPath());
}

Result<void> checkMayDelete(const access::Policy& policy, const access::Permit& permit, const PackageId& id,
                            const QString& what)
{
    if (mayDelete(policy, permit, id))
        return {};
    return fail(ErrorCode::Forbidden, QStringLiteral("%1 of %2 needs the Delete/Overwrite permission on %3")
                                          .arg(what, id.id(), permit.repository().text()));
}

Result<void> checkEnabled(const catalog::Package& package)
{
    // Clients know a disabled package by exactly this text (hub-api 2.4).
    if (package.disabled)
        return fail(ErrorCode::Blocked, QStringLiteral("Access to this resource is disabled."));
    return {};
}

tl::unexpected<Error> packageNotFound()
{
    return fail(ErrorCode::PackageNotFound, QStringLiteral("Repository not found"));
}

Result<LocatedPackage> locate(const catalog::Catalog& catalog, const access::Permit& permit,
                              const PackageId& id)
{
    auto repository = catalog.repository(permit.repository());
    if (!repository)
        return forward(repository);
    auto package = catalog.package(repository->id, id);
    if (package ? !maySee(permit.principal(), *package)
                : package.error().code() == ErrorCode::PackageNotFound)
        return packageNotFound();
    if (!package)
        return forward(package);
    return LocatedPackage{std::move(*repository), std::move(*package)};
}

Result<void> checkTakesWrites(const catalog::Repository& repository)
{
    if (repository.rclass == catalog::RepositoryClass::Local)
        return {};
    return fail(ErrorCode::Unsupported,
                QStringLiteral("The %1 repository '%2' takes no uploads")
                    .arg(catalog::repositoryClassName(repository.rclass), repository.key.text()));
}

catalog::Signature signatureOf(const access::Principal& principal)
{
    return {principal.name, principal.email};
}

} // namespace hublet::service
