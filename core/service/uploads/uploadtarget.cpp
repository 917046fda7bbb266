// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/uploadtarget.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/servicecontext.h"

#include <algorithm>

namespace hublet::service {

namespace {

constexpr QLatin1StringView Heads("refs/heads/");

tl::unexpected<Error> revisionNotFound(const QString& revision)
{
    return fail(ErrorCode::RevisionNotFound, QStringLiteral("Invalid rev id: %1").arg(revision));
}

/// Only branches, releases, pull requests and converts take commits.
std::optional<QString> fullNameOf(const QString& revision)
{
    if (revision == u"HEAD")
        return Heads + QStringLiteral("main");
    if (!revision.startsWith(QLatin1StringView("refs/")))
        return Heads + revision;
    for (const QLatin1StringView prefix :
         {Heads, QLatin1StringView("refs/pr/"), QLatin1StringView("refs/convert/")}) {
        if (revision.startsWith(prefix))
            return revision;
    }
    return std::nullopt;
}

/// JFrog's documented rule for revisions (artifactory 2.6).
bool isStrictName(const QString& name)
{
    return std::all_of(name.begin(), name.end(), [](QChar c) {
        return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'-' || c == u'.');
    });
}

/// Does the name stand for something that cannot be committed to, a tag or a commit by its id or part of it,
/// so that a release of that name would hide it?
Result<bool> namesTagOrCommit(const catalog::Catalog& catalog, qint64 package, const QString& revision)
{
    const auto known = catalog.resolve(package, revision);
    if (!known && known.error().code() != ErrorCode::RevisionNotFound)
        return forward(known);
    return known.has_value();
}

Result<void> checkCreatesPackage(const catalog::Catalog& catalog, const catalog::Repository& repository,
                                 const access::Principal& principal, const PackageId& id,
                                 bool createPullRequest)
{
    if (!repository.settings.createOnDeploy || createPullRequest)
        return packageNotFound();
    const auto moved = catalog.movedTo(repository.id, id);
    if (!moved)
        return forward(moved);
    if (*moved) // clients are sent on to the new name
        return packageNotFound();
    return id.checkForCreation(principal.belongsTo(id.nameSpace()) ? PackageId::Namespace::OwnAccount
                                                                   : PackageId::Namespace::Documented);
}

Result<void> checkCreatesRef(const catalog::Catalog& catalog, const UploadTarget& target,
                             const QString& revision, bool createPullRequest)
{
    if (createPullRequest || !target.repository.settings.createOnDeploy ||
        !target.fullRefName.startsWith(Heads))
        return revisionNotFound(revision);
    const QString name = target.fullRefName.mid(Heads.size());
    if (target.package) {
        const auto taken = namesTagOrCommit(catalog, target.package->rowId, name);
        if (!taken)
            return forward(taken);
        if (*taken)
            return revisionNotFound(revision);
    }
    if (!isCreatableRefName(name) ||
        (target.repository.settings.strictRevisionNames && !isStrictName(name))) {
        return fail(ErrorCode::InvalidRevision,
                    target.repository.settings.strictRevisionNames
                        ? QStringLiteral("Invalid revision '%1': use letters, digits, '-' and '.'").arg(name)
                        : QStringLiteral("Invalid reference for a branch: '%1'").arg(name));
    }
    return {};
}

} // namespace

Result<UploadTarget> findUploadTarget(const ServiceContext& context, const access::Permit& permit,
                                      const PackageId& id, const QString& revision, bool createPullRequest)
{
    const catalog::Catalog& catalog = context.catalog;
    auto repository = catalog.repository(permit.repository());
    if (!repository)
        return forward(repository);
    if (const auto writable = checkTakesWrites(*repository); !writable)
        return forward(writable);

    UploadTarget target{std::move(*repository), std::nullopt, std::nullopt, QString()};
    auto package = catalog.package(target.repository.id, id);
    if (package) {
        if (!maySee(permit.principal(), *package))
            return packageNotFound();
        if (const auto enabled = checkEnabled(*package); !enabled)
            return forward(enabled);
        target.package = std::move(*package);
    } else if (package.error().code() != ErrorCode::PackageNotFound) {
        return forward(package);
    } else if (const auto creatable =
                   checkCreatesPackage(catalog, target.repository, permit.principal(), id, createPullRequest);
               !creatable) {
        return forward(creatable);
    }

    const auto fullName = fullNameOf(revision);
    if (!fullName)
        return revisionNotFound(revision);
    target.fullRefName = *fullName;
    if (target.package) {
        auto ref = catalog.ref(target.package->rowId, target.fullRefName);
        if (!ref)
            return forward(ref);
        target.ref = std::move(*ref);
    }
    if (!target.ref) {
        if (const auto creatable = checkCreatesRef(catalog, target, revision, createPullRequest); !creatable)
            return forward(creatable);
    }
    return target;
}

} // namespace hublet::service
