// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/packages.h"

#include "core/access/policy.h"
#include "core/catalog/model/refname.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/commitwriter.h"
#include "core/catalog/writing/packagewriter.h"
#include "core/catalog/writing/refwriter.h"
#include "core/service/context/eventbus.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/releaserule.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/storestate.h"
#include "core/service/context/xetswitch.h"
#include "core/service/packages/lfsfileoid.h"
#include "core/service/uploads/quotaroom.h"
#include "core/store/contentstore.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace hublet::service {

using access::Action;
using access::Permit;

namespace {

void postRefChanged(EventBus& events, const catalog::Package& package, const QString& ref)
{
    const QString repository = package.repository.text();
    emit events.refChanged(repository, package.id.type(), package.id.id(), ref);
    emit events.packageChanged(repository, package.id.type(), package.id.id());
}

Result<QByteArray> cardWithLicense(const QString& license)
{
    static const QRegularExpression form(QStringLiteral("\\A[A-Za-z0-9][A-Za-z0-9.+_-]{0,99}\\z"));
    if (!form.match(license).hasMatch())
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("'%1' is not a licence id").arg(license.left(100)));
    return QByteArrayLiteral("---\nlicense: ") + license.toLatin1() + QByteArrayLiteral("\n---\n");
}

/// Puts bytes that are in memory into the store's staging.
Result<catalog::AddFile> stage(store::ContentWriter& writer, const RepoPath& path, const QByteArray& bytes)
{
    if (const auto begun = writer.begin(bytes.size()); !begun)
        return forward(begun);
    if (const auto appended = writer.append(bytes); !appended)
        return forward(appended);
    auto content = writer.end();
    if (!content)
        return forward(content);
    catalog::AddFile file{path, std::move(*content), catalog::StoreAs::Auto, {}};
    if (catalog::AddFile::keepsText(path))
        file.text = bytes;
    return file;
}

/// Paths of the LFS files at a commit that are among `wanted` (lfsFileOid()).
Result<std::vector<RepoPath>> lfsPaths(const catalog::Catalog& catalog, qint64 package, const GitOid& commit,
                                       const QSet<QByteArray>& wanted)
{
    std::vector<RepoPath> paths;
    const auto visited =
        catalog.forEachFile(package, commit, RepoPath(), [&](const catalog::TreeEntry& entry) {
            if (entry.lfs && wanted.contains(lfsFileOid(entry.content, entry.path)))
                paths.push_back(entry.path);
            return true;
        });
    if (!visited)
        return forward(visited);
    return paths;
}

/// The short form of a name that may come in full: "dev" of "refs/heads/dev".
QString shortName(const QString& name, const QString& space)
{
    return name.startsWith(space) ? name.sliced(space.size()) : name;
}

/// Releases go only with the Delete right (DECISIONS 3). Error: Forbidden.
Result<void> checkMayDeleteBranch(const ServiceContext& context, const Permit& permit,
                                  const catalog::Package& package, const QString& branch)
{
    const auto ref = context.catalog.ref(package.rowId, catalog::RefName::branch(branch));
    if (!ref)
        return forward(ref);
    if (!*ref || (*ref)->kind != catalog::RefKind::Release || mayDelete(context.policy, permit, package.id))
        return {};
    return fail(
        ErrorCode::Forbidden,
        QStringLiteral("'%1' is a release of %2: deleting it needs the Delete/Overwrite permission on %3")
            .arg(branch, package.id.id(), package.repository.text()));
}

/// A branch that is moved loses files, as if they were deleted. Errors: Conflict (a release), Forbidden.
Result<void> checkMayMoveBranch(const ServiceContext& context, const Permit& permit,
                                const catalog::Package& package, const QString& branch)
{
    const auto ref = context.catalog.ref(package.rowId, catalog::RefName::branch(branch));
    if (!ref)
        return forward(ref);
    if (!*ref)
        return {};
    if (const auto free = checkMayReplace(context, permit, package, **ref); !free)
        return free;
    return checkMayDelete(context.policy, permit, package.id,
                          QStringLiteral("Overwriting branch '%1'").arg(branch));
}

/// Error: InvalidName. Own accounts may have names that new organisations may not.
Result<void> checkForCreation(const Permit& permit, const PackageId& id)
{
    return id.checkForCreation(permit.principal().belongsTo(id.nameSpace())
                                   ? PackageId::Namespace::OwnAccount
                                   : PackageId::Namespace::Documented);
}

tl::unexpected<Error> nameTaken(const PackageId& id)
{
    return fail(
        ErrorCode::AlreadyExists,
        QStringLiteral("A %1 repository called %2 already exists").arg(packageTypeName(id.type()), id.id()));
}

} // namespace

Packages::Packages(ServiceContext& context) : m_context(context) {}

Packages::~Packages() = default;

Result<catalog::Package> Packages::create(const Permit& permit, const PackageId& id, const NewPackage& what)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    if (const auto valid = checkForCreation(permit, id); !valid)
        return forward(valid);
    const auto repository = m_context.catalog.repository(permit.repository());
    if (!repository)
        return forward(repository);
    if (const auto writable = checkTakesWrites(*repository); !writable)
        return forward(writable);

    store::ContentWriter writer = m_context.store.writer(storageForm(*repository));
    std::vector<catalog::AddFile> files;
    std::vector<NewPackage::File> sources = what.files;
    const auto card = RepoPath::parse("README.md");
    const bool hasCard =
        std::any_of(sources.begin(), sources.end(), [&](const auto& file) { return file.path == *card; });
    if (what.license && !hasCard) {
        auto text = cardWithLicense(*what.license);
        if (!text)
            return forward(text);
        sources.push_back({*card, std::move(*text)});
    }
    qint64 bytes = 0;
    for (const NewPackage::File& source : sources)
        bytes += source.content.size();
    const auto room = QuotaRoom::of(m_context, *repository);
    if (!room)
        return forward(room);
    if (const auto fits = room->check(bytes); bytes > 0 && !fits)
        return forward(fits);
    for (const NewPackage::File& source : sources) {
        auto file = stage(writer, source.path, source.content);
        if (!file)
            return forward(file);
        files.push_back(std::move(*file));
    }
    auto package = m_context.packageWriter.create(
        {repository->id, id, what.isPrivate, signatureOf(permit.principal())}, files, &writer);
    if (package)
        emit m_context.events.packageAdded(repository->key.text(), id.type(), package->id.id());
    else
        reportStoreState(m_context);
    return package;
}

Result<void> Packages::remove(const Permit& permit, const PackageId& id)
{
    Q_ASSERT(covers(permit, Action::Delete, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    if (const auto removed = m_context.packageWriter.remove(located->package.rowId); !removed)
        return forward(removed);
    emit m_context.events.packageRemoved(located->repository.key.text(), id.type(), located->package.id.id());
    return {};
}

Result<void> Packages::move(const Permit& from, const PackageId& oldId, const Permit& to,
                            const PackageId& newId)
{
    Q_ASSERT(covers(from, Action::Delete, oldId) && covers(to, Action::Write, newId));
    if (const auto valid = checkForCreation(to, newId); !valid)
        return forward(valid);
    const auto source = locate(m_context.catalog, from, oldId);
    if (!source)
        return forward(source);
    const auto target = m_context.catalog.repository(to.repository());
    if (!target)
        return forward(target);
    if (const auto writable = checkTakesWrites(*target); !writable)
        return forward(writable);
    const auto moved = m_context.packageWriter.move(source->package.rowId, target->id, newId);
    if (!moved)
        return moved.error().code() == ErrorCode::AlreadyExists ? nameTaken(newId) : forward(moved);

    const QString oldName = source->package.id.id();
    if (target->id == source->repository.id) {
        emit m_context.events.packageMoved(target->key.text(), newId.type(), oldName, moved->id.id());
    } else {
        emit m_context.events.packageRemoved(source->repository.key.text(), oldId.type(), oldName);
        emit m_context.events.packageAdded(target->key.text(), newId.type(), moved->id.id());
    }
    return {};
}

Result<catalog::Package> Packages::changeSettings(const Permit& permit, const PackageId& id,
                                                  const PackageSettings& settings)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    if (!ownsPackage(m_context.policy, permit.principal(), located->package)) {
        return fail(
            ErrorCode::Forbidden,
            QStringLiteral("Only owners of %1 may change its settings").arg(located->package.id.id()));
    }
    auto package = m_context.packageWriter.change(located->package.rowId,
                                                  {settings.isPrivate, settings.gating, settings.disabled});
    if (package)
        emit m_context.events.packageChanged(located->repository.key.text(), id.type(), package->id.id());
    return package;
}

Result<void> Packages::createBranch(const Permit& permit, const PackageId& id, const NewBranch& branch)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    const qint64 package = located->package.rowId;
    catalog::NewBranch request{branch.name, std::nullopt, branch.empty, branch.overwrite,
                               signatureOf(permit.principal())};
    if (branch.startingPoint) {
        const auto start = m_context.catalog.resolve(package, *branch.startingPoint);
        if (!start)
            return forward(start);
        request.startingPoint = start->commit.oid;
    }
    if (branch.overwrite && !mayDelete(m_context.policy, permit, located->package.id)) {
        const auto free = checkMayMoveBranch(m_context, permit, located->package, branch.name);
        if (!free)
            return forward(free);
        request.overwrite = false; // there is none, unless somebody makes it this moment
    }
    const auto ref = m_context.refWriter.createBranch(package, request);
    if (!ref)
        return forward(ref);
    postRefChanged(m_context.events, located->package, ref->name);
    return {};
}

Result<void> Packages::deleteBranch(const Permit& permit, const PackageId& id, const QString& name)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    const QString branch = shortName(name, QStringLiteral("refs/heads/"));
    if (const auto allowed = checkMayDeleteBranch(m_context, permit, located->package, branch); !allowed)
        return forward(allowed);
    if (const auto deleted = m_context.refWriter.deleteBranch(located->package.rowId, branch); !deleted)
        return forward(deleted);
    postRefChanged(m_context.events, located->package, branch);
    return {};
}

Result<void> Packages::createTag(const Permit& permit, const PackageId& id, const QString& revision,
                                 const QString& name, const QString& message)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    const auto target = m_context.catalog.resolve(located->package.rowId, revision);
    if (!target)
        return forward(target);
    const auto tag = m_context.refWriter.createTag(
        located->package.rowId, {name, target->commit.oid, message, signatureOf(permit.principal())});
    if (!tag)
        return forward(tag);
    postRefChanged(m_context.events, located->package, tag->name);
    return {};
}

Result<void> Packages::deleteTag(const Permit& permit, const PackageId& id, const QString& name)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    const QString tag = shortName(name, QStringLiteral("refs/tags/"));
    if (const auto deleted = m_context.refWriter.deleteTag(located->package.rowId, tag); !deleted)
        return forward(deleted);
    postRefChanged(m_context.events, located->package, tag);
    return {};
}

Result<catalog::Commit> Packages::squash(const Permit& permit, const PackageId& id, const QString& branch,
                                         const QString& message)
{
    Q_ASSERT(covers(permit, Action::Delete, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    const QString fullName =
        branch.startsWith(QLatin1String("refs/")) ? branch : QStringLiteral("refs/heads/") + branch;
    auto commit = m_context.refWriter.squash(located->package.rowId, fullName, message,
                                             signatureOf(permit.principal()));
    if (commit)
        postRefChanged(m_context.events, located->package, branch);
    return commit;
}

Result<void> Packages::deleteLfsFiles(const Permit& permit, const PackageId& id,
                                      const QList<QByteArray>& fileOids)
{
    Q_ASSERT(covers(permit, Action::Delete, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    const catalog::Package& package = located->package;
    const auto refs = m_context.catalog.refs(package.rowId, true);
    if (!refs)
        return forward(refs);
    const QSet<QByteArray> wanted(fileOids.begin(), fileOids.end());
    std::vector<std::pair<catalog::Ref, std::vector<RepoPath>>> holders;
    for (const catalog::Ref& ref : *refs) {
        auto paths = lfsPaths(m_context.catalog, package.rowId, ref.commit, wanted);
        if (!paths)
            return forward(paths);
        if (paths->empty())
            continue;
        if (ref.kind == catalog::RefKind::Tag) {
            return fail(ErrorCode::Conflict, QStringLiteral("The tag %1 holds %2: delete the tag first")
                                                 .arg(ref.name, paths->front().text()));
        }
        holders.emplace_back(ref, std::move(*paths));
    }
    for (const auto& [ref, paths] : holders) {
        catalog::CommitRequest request;
        for (const RepoPath& path : paths)
            request.operations.push_back(catalog::DeletePath{path});
        request.package = package.rowId;
        request.ref = ref.fullName;
        request.author = signatureOf(permit.principal());
        request.title = QStringLiteral("Delete LFS files");
        request.parentCommit = ref.commit.toHex();
        if (const auto made = m_context.commitWriter.commit(request, nullptr); !made)
            return forward(made);
        postRefChanged(m_context.events, package, ref.name);
    }
    return {};
}

} // namespace hublet::service
