// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/commitmaker.h"

#include "core/base/hasher.h"
#include "core/catalog/formats/lfspointer.h"
#include "core/catalog/model/refname.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/tables/discussionqueries.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/writing/refpublisher.h"
#include "core/catalog/writing/replayfinder.h"
#include "core/store/tables/contentqueries.h"

namespace hublet::catalog {

namespace {

constexpr int MinParentDigits = 5;

tl::unexpected<Error> parentMoved()
{
    // Both sentences: client versions look for either (hub-api 2.4).
    return fail(
        ErrorCode::ParentMoved,
        QStringLiteral("The branch was updated since you opened this page. Please refresh and try again. "
                       "(A commit has happened since. Please refresh and try again.)"));
}

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

} // namespace

Result<CommitResult> CommitMaker::run(const std::optional<store::StagedContent>& attributes)
{
    if (const auto found = findPackage(); !found)
        return forward(found);
    if (const auto found = findTarget(); !found)
        return forward(found);
    auto replay = findReplay();
    if (!replay)
        return forward(replay);
    if (*replay)
        return std::move(**replay);
    if (const auto free = checkRelease(); !free)
        return forward(free);
    if (const auto found = findParent(); !found)
        return forward(found);
    if (const auto checked = checkPlan(); !checked)
        return forward(checked);
    if (const auto begun = m_quota.begin(m_package->repositoryId); !begun)
        return forward(begun);
    if (const auto applied = apply(attributes); !applied)
        return forward(applied);
    if (const auto fits = m_quota.finish(); !fits)
        return forward(fits);
    const auto tree = m_draft->save();
    if (!tree)
        return forward(tree);
    queries::NewCommit fresh;
    fresh.package = m_package->rowId;
    fresh.tree = *tree;
    if (m_parent)
        fresh.parents.push_back(*m_parent);
    fresh.author = m_request.author;
    fresh.timeMs = m_nowMs;
    fresh.title = m_request.title;
    fresh.message = m_request.description;
    fresh.requestDigest = m_request.requestDigest;
    const auto commit = queries::insertCommit(m_transaction, fresh);
    if (!commit)
        return forward(commit);
    return publish(*commit);
}

Result<void> CommitMaker::findPackage()
{
    if (m_request.newPackage) {
        auto known =
            queries::findPackage(m_transaction, m_request.newPackage->repositoryId, m_request.newPackage->id);
        if (!known)
            return forward(known);
        m_package = std::move(*known);
        if (m_package && !m_request.packageMustBeNew)
            return {};
    }
    m_packageCreated = m_request.newPackage.has_value();
    auto package = m_packageCreated ? queries::insertPackage(m_transaction, *m_request.newPackage, m_nowMs)
                                    : queries::package(m_transaction, m_request.package);
    if (!package)
        return forward(package);
    m_package = std::move(*package);
    return {};
}

Result<void> CommitMaker::findTarget()
{
    const auto invalid = [&] {
        return fail(ErrorCode::RevisionNotFound,
                    QStringLiteral("Invalid rev id: %1").arg(m_request.ref.left(300)));
    };
    auto ref = queries::findRef(m_transaction, m_package->rowId, m_request.ref);
    if (!ref)
        return forward(ref);
    m_ref = std::move(*ref);
    m_target = m_request.ref;
    if (!m_ref) {
        const auto name = RefName::parse(m_target);
        if (!m_request.createRef || m_request.createPullRequest ||
            (name && name->space != RefName::Space::Heads))
            return invalid();
        return RefPublisher(m_transaction, m_reader, m_nowMs)
            .checkNew(*m_package, m_target, RefKind::Release);
    }
    if (m_ref->ref.kind == RefKind::Tag)
        return invalid();
    return {};
}

Result<void> CommitMaker::checkRelease() const
{
    if (!m_ref || m_ref->ref.kind != RefKind::Release || m_request.mayOverwriteRelease ||
        m_request.createPullRequest)
        return {};
    return fail(ErrorCode::Conflict,
                QStringLiteral("Revision '%1' of %2 already exists and you have no "
                               "Delete/Overwrite permission on %3")
                    .arg(m_ref->ref.name, m_package->id.id(), m_package->repository.text()));
}

Result<std::optional<CommitResult>> CommitMaker::findReplay()
{
    if (!m_ref)
        return std::nullopt;
    auto replay = ReplayFinder(m_transaction, m_request, *m_ref, m_nowMs).find();
    if (!replay)
        return forward(replay);
    if (!*replay)
        return std::nullopt;
    m_target = (*replay)->ref;
    m_pullRequest = (*replay)->pullRequest;
    auto answer = result((*replay)->commit);
    if (!answer)
        return forward(answer);
    answer->replayed = true;
    answer->refCreated = false;
    return std::move(*answer);
}

Result<void> CommitMaker::findParent()
{
    const QByteArray& asked = m_request.parentCommit;
    if (!asked.isEmpty() && asked.size() < MinParentDigits)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("parentCommit needs at least 5 digits"));
    if (!m_ref)
        return asked.isEmpty() ? Result<void>() : parentMoved();
    if (m_request.createPullRequest && !asked.isEmpty()) {
        auto parent = queries::commitByPrefix(m_transaction, m_package->rowId, asked);
        if (!parent)
            return forward(parent);
        if (!*parent)
            return parentMoved();
        m_parent = std::move(*parent);
        return {};
    }
    auto head = queries::commit(m_transaction, m_ref->commit);
    if (!head)
        return forward(head);
    if (!head->commit.oid.toHex().startsWith(asked.toLower()))
        return parentMoved();
    m_parent = std::move(*head);
    return {};
}

Result<void> CommitMaker::checkPlan()
{
    std::optional<StoredEntry> entry;
    if (m_parent) {
        auto found = m_reader.findPath(m_transaction, m_parent->tree, CommitPlan::attributesPath());
        if (!found)
            return forward(found);
        entry = std::move(*found);
    }
    m_planIsStale = (entry ? entry->oid : GitOid()) != m_plan.assumedAttributes;
    return m_planIsStale ? fail(ErrorCode::Busy, QStringLiteral("Another commit changed .gitattributes"))
                         : Result<void>();
}

Result<void> CommitMaker::apply(const std::optional<store::StagedContent>& attributes)
{
    m_draft = std::make_unique<TreeDraft>(m_transaction, m_reader, m_parent ? m_parent->tree : 0);
    for (std::size_t i = 0; i < m_request.operations.size(); ++i) {
        const auto done = std::visit(
            Overloaded{
                [&](const AddFile& operation) { return add(operation, m_plan.asLfs[i]); },
                [&](const DeletePath& operation) { return m_draft->remove(operation.path); },
                [&](const DeleteFolder& operation) { return removeFolder(operation.path); },
                [&](const CopyPath& operation) { return copy(operation); },
                [&](const RenamePath& operation) { return m_draft->rename(operation.from, operation.to); }},
            m_request.operations[i]);
        if (!done)
            return done;
    }
    if (!m_plan.newAttributes)
        return {};
    if (!attributes)
        return fail(ErrorCode::Internal, QStringLiteral("The new .gitattributes was not staged"));
    AddFile last;
    last.path = CommitPlan::attributesPath();
    last.content = *attributes;
    last.text = m_plan.newAttributes;
    return add(last, false);
}

Result<void> CommitMaker::add(const AddFile& add, bool asLfs)
{
    StoredEntry entry;
    entry.content = add.content.sha256;
    entry.size = add.content.size;
    if (add.content.blobOid.isNull()) {
        const auto stored = store::queries::findContent(m_transaction, entry.content);
        if (!stored)
            return forward(stored);
        if (!*stored) {
            return fail(ErrorCode::ContentMissing,
                        QStringLiteral("LFS object %1 not found").arg(QLatin1String(entry.content.toHex())));
        }
        if (entry.size >= 0 && entry.size != (*stored)->size) {
            return fail(ErrorCode::LengthMismatch, QStringLiteral("LFS object %1 has %2 bytes, not %3")
                                                       .arg(QLatin1String(entry.content.toHex()))
                                                       .arg((*stored)->size)
                                                       .arg(entry.size));
        }
        entry.size = (*stored)->size;
        if (const auto kept = store::queries::keepContent(m_transaction, entry.content); !kept)
            return kept;
    }
    // git-lfs leaves empty files alone: they have no pointer.
    entry.lfs = asLfs && entry.size > 0;
    if (entry.lfs)
        entry.oid = LfsPointer{entry.content, entry.size}.oid();
    else
        entry.oid = entry.size > 0 ? add.content.blobOid : gitObjectOid("blob", {});
    if (const auto put = m_draft->put(add.path, entry); !put)
        return put;
    if (add.text && add.text->size() <= AddFile::TextLimit) {
        if (const auto saved = queries::saveText(m_transaction, entry.content, *add.text); !saved)
            return saved;
    }
    if (const auto counted = m_quota.count(entry.content, entry.size); !counted)
        return counted;
    return queries::addContentUse(m_transaction, m_package->rowId, entry.content, m_nowMs);
}

Result<void> CommitMaker::removeFolder(const RepoPath& path)
{
    const auto found = m_draft->look(path);
    if (!found)
        return forward(found);
    if (*found == TreeDraft::Found::Folder)
        return m_draft->remove(path);
    return fail(ErrorCode::EntryNotFound,
                QStringLiteral("A folder with this name doesn't exist: %1").arg(path.text()));
}

Result<void> CommitMaker::copy(const CopyPath& copy)
{
    if (!copy.commit)
        return m_draft->copy(copy.from, copy.to);
    const auto source = queries::commit(m_transaction, m_package->rowId, *copy.commit);
    if (!source)
        return forward(source);
    const auto entry = m_reader.findPath(m_transaction, source->tree, copy.from);
    if (!entry)
        return forward(entry);
    if (!*entry) {
        return fail(ErrorCode::EntryNotFound,
                    QStringLiteral("A file with this name doesn't exist: %1").arg(copy.from.text()));
    }
    return m_draft->putStored(copy.to, **entry);
}

Result<CommitResult> CommitMaker::publish(const queries::CommitRow& commit)
{
    if (m_request.createPullRequest) {
        if (const auto made = makePullRequest(commit); !made)
            return forward(made);
    } else if (m_ref && m_ref->ref.kind == RefKind::PullRequest) {
        const int number = RefName::parse(m_target)->shortName.toInt();
        if (const auto noted = noteInPullRequest(number, commit); !noted)
            return forward(noted);
    }
    RefPublisher::Target target{m_target, RefKind::Release, {}};
    if (m_target == RefName::main())
        target.kind = RefKind::Branch;
    else if (m_pullRequest)
        target.kind = RefKind::PullRequest;
    const auto published = RefPublisher(m_transaction, m_reader, m_nowMs)
                               .publish(*m_package, target, commit, commit.commit.author);
    if (!published)
        return forward(published);
    return result(commit);
}

Result<void> CommitMaker::makePullRequest(const queries::CommitRow& commit)
{
    Discussion fresh;
    fresh.isPullRequest = true;
    fresh.title = asDiscussionTitle(commit.commit.title);
    fresh.status = DiscussionStatus::Draft;
    fresh.author = m_request.author.name;
    fresh.createdMs = m_nowMs;
    fresh.baseBranch = m_ref->ref.name;
    const auto made = queries::insertDiscussion(m_transaction, m_package->rowId, fresh);
    if (!made)
        return forward(made);
    m_pullRequest = made->number;
    m_target = RefName::pullRequest(made->number);
    DiscussionEvent description;
    description.author = m_request.author.name;
    description.text = asComment(m_request.description);
    if (const auto noted = queries::insertEvent(m_transaction, made->rowId, description, m_nowMs); !noted)
        return forward(noted);
    return noteInPullRequest(made->number, commit);
}

Result<void> CommitMaker::noteInPullRequest(int number, const queries::CommitRow& commit)
{
    const auto discussion = queries::discussion(m_transaction, m_package->rowId, number);
    if (!discussion)
        return forward(discussion);
    DiscussionEvent event;
    event.kind = DiscussionEvent::Kind::Commit;
    event.author = m_request.author.name;
    event.text = asDiscussionTitle(commit.commit.title);
    event.commit = commit.commit.oid;
    const auto noted = queries::insertEvent(m_transaction, discussion->rowId, event, m_nowMs);
    return noted ? Result<void>() : forward(noted);
}

Result<CommitResult> CommitMaker::result(const queries::CommitRow& commit)
{
    auto package = queries::package(m_transaction, m_package->rowId);
    if (!package)
        return forward(package);
    auto ref = queries::findRef(m_transaction, m_package->rowId, m_target);
    if (!ref)
        return forward(ref);
    CommitResult result{std::move(*package), commit.commit, {}, m_pullRequest};
    if (*ref)
        result.ref = std::move((*ref)->ref);
    result.refCreated = !m_ref || m_pullRequest;
    result.packageCreated = m_packageCreated;
    return result;
}

} // namespace hublet::catalog
