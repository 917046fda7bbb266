// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/refpublisher.h"

#include "core/catalog/formats/card.h"
#include "core/catalog/model/refname.h"
#include "core/catalog/reading/revisionresolver.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/tables/repositoryqueries.h"

#include <QRegularExpression>

namespace hublet::catalog {

namespace {

/// What git abbreviates commit ids to at least. Shorter ones are no pins that a name could break, and a year
/// as the name of a release begins some commit id before long.
constexpr qsizetype AbbreviationDigits = 7;

/// As clients know the text: a release is a branch to them.
QString kindText(RefKind kind)
{
    return kind == RefKind::Tag ? QStringLiteral("tag") : QStringLiteral("branch");
}

} // namespace

Result<queries::RefRow> RefPublisher::publish(const Package& package, const Target& target,
                                              const queries::CommitRow& commit, const QString& publisher)
{
    const auto name = RefName::parse(target.fullName);
    const bool isHead = name && name->space == RefName::Space::Heads;
    if (target.fullName == RefName::main() || (isHead && package.head.isNull())) {
        if (const auto described = describe(package, target.fullName, commit); !described)
            return forward(described);
    }
    if (const auto touched = queries::touchPackage(m_transaction, package.rowId, commit.commit.timeMs);
        !touched)
        return forward(touched);
    if (isHead || (name && name->space == RefName::Space::Tags)) {
        const auto deployed = queries::insertDeployment(m_transaction, package.rowId, target.fullName,
                                                        commit.id, publisher, m_nowMs);
        if (!deployed)
            return forward(deployed);
    }
    return queries::setRef(m_transaction, package.rowId, target.fullName, target.kind, commit.id,
                           target.message, m_nowMs);
}

Result<void> RefPublisher::describe(const Package& package, const QString& fullName,
                                    const queries::CommitRow& commit)
{
    auto head = headFacts(package, commit);
    if (!head)
        return forward(head);
    if (fullName != RefName::main())
        head->head = GitOid();
    return queries::setHead(m_transaction, package.rowId, *head);
}

Result<void> RefPublisher::describeByNewest(const Package& package)
{
    const auto refs = queries::refs(m_transaction, package.rowId);
    if (!refs)
        return forward(refs);
    const queries::RefRow* newest = nullptr;
    for (const queries::RefRow& row : *refs) {
        const bool isHead = row.ref.kind == RefKind::Branch || row.ref.kind == RefKind::Release;
        if (isHead && (!newest || row.ref.updatedMs > newest->ref.updatedMs))
            newest = &row;
    }
    if (!newest)
        return queries::setHead(m_transaction, package.rowId, {});
    const auto commit = queries::commit(m_transaction, newest->commit);
    return commit ? describe(package, newest->ref.fullName, *commit) : forward(commit);
}

Result<void> RefPublisher::withdraw(const Package& package, const queries::RefRow& ref)
{
    if (const auto deleted = queries::deleteRef(m_transaction, ref.id); !deleted)
        return deleted;
    if (const auto deleted = queries::deleteDeployments(m_transaction, package.rowId, ref.ref.fullName);
        !deleted)
        return deleted;
    return package.head.isNull() ? describeByNewest(package) : Result<void>();
}

Result<void> RefPublisher::checkNew(const Package& package, const QString& fullName, RefKind kind)
{
    const auto name = RefName::parse(fullName);
    const auto space = kind == RefKind::Tag ? RefName::Space::Tags : RefName::Space::Heads;
    const QString what = kindText(kind);
    if (!name || name->space != space || !isCreatableRefName(name->shortName))
        return fail(ErrorCode::InvalidRevision, QStringLiteral("Invalid reference for a %1").arg(what));
    const auto repository = queries::repository(m_transaction, package.repositoryId);
    if (!repository)
        return forward(repository);
    static const QRegularExpression strict(QStringLiteral("\\A[A-Za-z0-9.-]+\\z"));
    if (repository->settings.strictRevisionNames && !strict.match(name->shortName).hasMatch()) {
        return fail(
            ErrorCode::InvalidRevision,
            QStringLiteral("Invalid reference for a %1: this repository allows letters, digits, '.' and '-'")
                .arg(what));
    }
    if (const auto checked = checkHidesNoCommit(package, name->shortName, kind); !checked)
        return checked;
    const auto refs = queries::refs(m_transaction, package.rowId);
    if (!refs)
        return forward(refs);
    for (const queries::RefRow& row : *refs) {
        const QString& other = row.ref.fullName;
        if (other == fullName || other.startsWith(fullName + u'/') || fullName.startsWith(other + u'/')) {
            return fail(ErrorCode::AlreadyExists,
                        QStringLiteral("Reference %1 already exists (Reference already exists)").arg(other));
        }
    }
    return {};
}

Result<void> RefPublisher::checkHidesNoCommit(const Package& package, const QString& name, RefKind kind)
{
    if (name.size() < AbbreviationDigits)
        return {};
    const auto commit = RevisionResolver(m_transaction, package.rowId).findCommit(name);
    if (!commit)
        return forward(commit);
    if (!*commit && (kind == RefKind::Release || !RevisionResolver::isCommitId(name)))
        return {};
    return fail(
        ErrorCode::InvalidRevision,
        QStringLiteral("Invalid reference for a %1: '%2' is the name of a commit").arg(kindText(kind), name));
}

Result<queries::PackageHead> RefPublisher::headFacts(const Package& package, const queries::CommitRow& commit)
{
    const auto tree = m_reader.tree(m_transaction, commit.tree);
    if (!tree)
        return forward(tree);
    queries::PackageHead head{commit.commit.oid, (*tree)->size, (*tree)->fileCount, {}};
    const auto readme = m_reader.findPath(m_transaction, commit.tree, Card::path());
    if (!readme)
        return forward(readme);
    if (!*readme || (*readme)->isDirectory())
        return head;
    const auto text = queries::loadText(m_transaction, (*readme)->content);
    if (!text)
        return forward(text);
    if (*text)
        head.card = Card::parse(package.id.type(), **text).facts;
    return head;
}

} // namespace hublet::catalog
