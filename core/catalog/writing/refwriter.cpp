// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/refwriter.h"

#include "core/catalog/model/refname.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/trees/treebuilder.h"
#include "core/catalog/writing/refpublisher.h"

namespace hublet::catalog {

namespace {

/// A parentless commit of the empty tree.
Result<queries::CommitRow> emptyCommit(db::Transaction& transaction, const TreeReader& reader, qint64 package,
                                       const Signature& author, qint64 nowMs)
{
    const auto tree = TreeBuilder(transaction, reader).edit(nullptr, {});
    if (!tree)
        return forward(tree);
    return queries::insertCommit(
        transaction, {package, *tree, {}, author, nowMs, QStringLiteral("initial commit"), {}, std::nullopt});
}

/// Where a new branch starts.
Result<queries::CommitRow> startOf(db::Transaction& transaction, const TreeReader& reader, qint64 package,
                                   const NewBranch& branch, qint64 nowMs)
{
    if (branch.startingPoint && !branch.empty)
        return queries::commit(transaction, package, *branch.startingPoint);
    if (!branch.empty) {
        const auto main = queries::findRef(transaction, package, RefName::main());
        if (!main)
            return forward(main);
        if (*main)
            return queries::commit(transaction, (*main)->commit);
    }
    return emptyCommit(transaction, reader, package, branch.author, nowMs);
}

/// Removes a branch or tag and what was deployed to it. `unknown`: what to say when there is none.
Result<void> removeRef(Catalog& catalog, const Clock& clock, qint64 package, const QString& fullName,
                       const QString& unknown)
{
    return catalog.write([&](db::Transaction& transaction) -> Result<void> {
        const auto owner = queries::package(transaction, package);
        if (!owner)
            return forward(owner);
        const auto row = queries::findRef(transaction, package, fullName);
        if (!row)
            return forward(row);
        if (!*row)
            return fail(ErrorCode::RevisionNotFound, unknown);
        return RefPublisher(transaction, catalog.treeReader(), clock.nowMs()).withdraw(*owner, **row);
    });
}

Result<void> checkMessage(const QString& message)
{
    const qsizetype bytes = message.toUtf8().size();
    if (bytes <= RefWriter::MaxMessageBytes)
        return {};
    return fail(
        ErrorCode::InvalidArgument,
        QStringLiteral("A message has at most %1 bytes, not %2").arg(RefWriter::MaxMessageBytes).arg(bytes));
}

} // namespace

RefWriter::RefWriter(Catalog& catalog, const Clock& clock) : m_catalog(catalog), m_clock(clock) {}

Result<Ref> RefWriter::createBranch(qint64 package, const NewBranch& branch)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Ref> {
        const auto owner = queries::package(transaction, package);
        if (!owner)
            return forward(owner);
        const qint64 nowMs = m_clock.nowMs();
        const TreeReader& reader = m_catalog.treeReader();
        const auto start = startOf(transaction, reader, package, branch, nowMs);
        if (!start)
            return forward(start);
        RefPublisher publisher(transaction, reader, nowMs);
        const QString fullName = RefName::branch(branch.name);
        const auto known = queries::findRef(transaction, package, fullName);
        if (!known)
            return forward(known);
        if (!*known || !branch.overwrite) {
            if (const auto checked = publisher.checkNew(*owner, fullName, RefKind::Branch); !checked)
                return forward(checked);
        }
        auto row = publisher.publish(*owner, {fullName, RefKind::Branch, {}}, *start, branch.author.name);
        if (!row)
            return forward(row);
        return std::move(row->ref);
    });
}

Result<void> RefWriter::deleteBranch(qint64 package, const QString& name)
{
    const QString fullName = RefName::branch(name);
    if (fullName == RefName::main())
        return fail(ErrorCode::Forbidden, QStringLiteral("Cannot delete refs/heads/main"));
    return removeRef(m_catalog, m_clock, package, fullName,
                     QStringLiteral("Invalid rev id: %1 (Reference does not exist)").arg(fullName));
}

Result<Ref> RefWriter::createTag(qint64 package, const NewTag& tag)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Ref> {
        const auto owner = queries::package(transaction, package);
        if (!owner)
            return forward(owner);
        const auto commit = queries::commit(transaction, package, tag.commit);
        if (!commit)
            return forward(commit);
        RefPublisher publisher(transaction, m_catalog.treeReader(), m_clock.nowMs());
        const QString fullName = RefName::tag(tag.name);
        if (const auto checked = publisher.checkNew(*owner, fullName, RefKind::Tag); !checked)
            return forward(checked);
        if (const auto valid = checkMessage(tag.message); !valid)
            return forward(valid);
        auto row = publisher.publish(*owner, {fullName, RefKind::Tag, tag.message}, *commit, tag.author.name);
        if (!row)
            return forward(row);
        return std::move(row->ref);
    });
}

Result<void> RefWriter::deleteTag(qint64 package, const QString& name)
{
    const QString fullName = RefName::tag(name);
    return removeRef(m_catalog, m_clock, package, fullName,
                     QStringLiteral("Invalid rev id: %1").arg(fullName));
}

Result<Commit> RefWriter::squash(qint64 package, const QString& fullName, const QString& message,
                                 const Signature& author)
{
    if (const auto valid = checkMessage(message); !valid)
        return forward(valid);
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Commit> {
        const auto owner = queries::package(transaction, package);
        if (!owner)
            return forward(owner);
        const auto row = queries::findRef(transaction, package, fullName);
        if (!row)
            return forward(row);
        if (!*row || (*row)->ref.kind == RefKind::Tag)
            return fail(ErrorCode::RevisionNotFound, QStringLiteral("Invalid rev id: %1").arg(fullName));
        const auto head = queries::commit(transaction, (*row)->commit);
        if (!head)
            return forward(head);
        const TreeReader& reader = m_catalog.treeReader();
        const auto tree = reader.tree(transaction, head->tree);
        if (!tree)
            return forward(tree);
        const QString title =
            message.isEmpty() ? QStringLiteral("Super-squash branch '%1'").arg((*row)->ref.name) : message;
        const qint64 nowMs = m_clock.nowMs();
        const auto commit =
            queries::insertCommit(transaction, {package, *tree, {}, author, nowMs, title, {}, {}});
        if (!commit)
            return forward(commit);
        const RefPublisher::Target target{fullName, (*row)->ref.kind, {}};
        if (const auto published = RefPublisher(transaction, reader, nowMs)
                                       .publish(*owner, target, *commit, commit->commit.author);
            !published)
            return forward(published);
        return commit->commit;
    });
}

} // namespace hublet::catalog
