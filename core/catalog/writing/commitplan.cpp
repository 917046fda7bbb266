// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/commitplan.h"

#include "core/catalog/formats/uploadmoderule.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/tables/commitqueries.h"

#include <QLoggingCategory>

namespace hublet::catalog {

namespace {

Q_LOGGING_CATEGORY(logCatalog, "hublet.catalog")

/// The commit that the new one will stand on; nothing when it has none, or when the request will be refused
/// anyway.
struct Base {
    qint64 package = 0;
    std::optional<GitOid> commit;
};

Result<Base> findBase(const Catalog& catalog, const CommitRequest& request)
{
    Base base{request.package, std::nullopt};
    if (request.newPackage) {
        const auto package = catalog.package(request.newPackage->repositoryId, request.newPackage->id);
        if (!package)
            return package.error().code() == ErrorCode::PackageNotFound ? Result<Base>(base)
                                                                        : forward(package);
        base.package = package->rowId;
    }
    if (request.createPullRequest && !request.parentCommit.isEmpty()) {
        const auto parent = catalog.read([&](db::Transaction& transaction) {
            return queries::commitByPrefix(transaction, base.package, request.parentCommit);
        });
        if (!parent)
            return forward(parent);
        if (*parent)
            base.commit = (*parent)->commit.oid;
        return base;
    }
    const auto ref = catalog.ref(base.package, request.ref);
    if (!ref)
        return forward(ref);
    if (*ref)
        base.commit = (*ref)->commit;
    return base;
}

struct BaseAttributes {
    GitOid oid;
    QByteArray text;
};

Result<BaseAttributes> attributesAt(const Catalog& catalog, const Base& base)
{
    BaseAttributes attributes;
    if (!base.commit)
        return attributes;
    const auto entry = catalog.entry(base.package, *base.commit, CommitPlan::attributesPath());
    if (!entry)
        return entry.error().code() == ErrorCode::EntryNotFound ? Result<BaseAttributes>(attributes)
                                                                : forward(entry);
    const auto text = catalog.text(base.package, *base.commit, CommitPlan::attributesPath());
    if (!text)
        return forward(text);
    attributes.oid = entry->oid;
    attributes.text = text->value_or(QByteArray());
    return attributes;
}

/// The text that .gitattributes will have through the operations alone.
QByteArray textAfter(const CommitRequest& request, QByteArray text)
{
    const RepoPath& path = CommitPlan::attributesPath();
    for (const Operation& operation : request.operations) {
        if (const auto* add = std::get_if<AddFile>(&operation); add && add->path == path)
            text = add->text.value_or(QByteArray());
        else if (const auto* removal = std::get_if<DeletePath>(&operation); removal && removal->path == path)
            text.clear();
    }
    return text;
}

/// A file that is copied or renamed keeps being LFS. Folders are not looked into: what covers their files
/// nearly always goes by the files' names.
Result<std::optional<RepoPath>> movedLfsFile(const Catalog& catalog, const Base& base,
                                             const Operation& operation)
{
    const auto isLfs = [&](const GitOid& commit, const RepoPath& path) {
        const auto entry = catalog.entry(base.package, commit, path);
        return entry && entry->kind == TreeEntry::Kind::File && entry->lfs;
    };
    if (const auto* rename = std::get_if<RenamePath>(&operation)) {
        if (base.commit && isLfs(*base.commit, rename->from))
            return rename->to;
    } else if (const auto* copy = std::get_if<CopyPath>(&operation)) {
        const std::optional<GitOid> commit = copy->commit ? copy->commit : base.commit;
        if (commit && isLfs(*commit, copy->from))
            return copy->to;
    }
    return std::nullopt;
}

bool becomesLfs(const AddFile& add, const UploadModeRule& rule, MatchBudget& budget)
{
    if (add.content.size == 0 || add.path == CommitPlan::attributesPath())
        return false;
    if (add.content.blobOid.isNull() || add.storeAs == StoreAs::Lfs)
        return true;
    return add.storeAs == StoreAs::Auto && rule.isLfs(add.path, add.content.size, {}, budget);
}

} // namespace

const RepoPath& CommitPlan::attributesPath()
{
    static const RepoPath path = RepoPath::parse(".gitattributes").value();
    return path;
}

Result<CommitPlan> CommitPlan::make(const Catalog& catalog, const CommitRequest& request)
{
    const auto base = findBase(catalog, request);
    if (!base)
        return forward(base);
    const auto before = attributesAt(catalog, *base);
    if (!before)
        return forward(before);
    CommitPlan plan;
    plan.assumedAttributes = before->oid;
    QByteArray text = textAfter(request, before->text);
    const UploadModeRule rule(GitAttributes::parse(text));
    MatchBudget budget;
    QByteArray lines;
    const auto cover = [&](const RepoPath& path) {
        if (rule.attributes().lfs(path, budget) != GitAttributes::Lfs::Yes)
            lines += GitAttributes::lineFor(path);
    };
    for (const Operation& operation : request.operations) {
        const auto* add = std::get_if<AddFile>(&operation);
        plan.asLfs.push_back(add && becomesLfs(*add, rule, budget));
        if (plan.asLfs.back())
            cover(add->path);
        const auto moved = movedLfsFile(catalog, *base, operation);
        if (!moved)
            return forward(moved);
        if (*moved)
            cover(**moved);
        if (budget.isSpent()) {
            return fail(
                ErrorCode::TooLarge,
                QStringLiteral("The patterns in .gitattributes take too long to compare with so many paths: "
                               "use simpler ones, or commit fewer files at once"));
        }
    }
    if (lines.isEmpty())
        return plan;
    if (text.size() + lines.size() > AddFile::TextLimit) {
        qCWarning(logCatalog) << "package" << base->package
                              << ".gitattributes is full: new LFS files are not added to it";
        return plan;
    }
    if (!text.isEmpty() && !text.endsWith('\n'))
        text += '\n';
    plan.newAttributes = text + lines;
    return plan;
}

} // namespace hublet::catalog
