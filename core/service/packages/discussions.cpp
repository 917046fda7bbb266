// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/discussions.h"

#include "core/access/policy.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/discussionwriter.h"
#include "core/service/context/eventbus.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/releaserule.h"
#include "core/service/context/servicecontext.h"
#include "core/service/packages/pullrequestdiff.h"

#include <algorithm>

namespace hublet::service {

using access::Action;
using access::Permit;
using catalog::Discussion;
using catalog::DiscussionEvent;

namespace {

catalog::DiscussionQuery::Status statusOf(Discussions::Filter::Status status)
{
    switch (status) {
    case Discussions::Filter::Status::Open:
        return catalog::DiscussionQuery::Status::Open;
    case Discussions::Filter::Status::Closed:
        return catalog::DiscussionQuery::Status::Closed;
    case Discussions::Filter::Status::All:
        break;
    }
    return catalog::DiscussionQuery::Status::All;
}

} // namespace

Discussions::Discussions(ServiceContext& context) : m_context(context) {}

Result<catalog::Package> Discussions::package(const Permit& permit, Action action, const PackageId& id) const
{
    Q_ASSERT(covers(permit, action, id));
    Q_UNUSED(action)
    auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    return std::move(located->package);
}

void Discussions::postChanged(const catalog::Package& package, int number) const
{
    emit m_context.events.discussionChanged(package.repository.text(), package.id.type(), package.id.id(),
                                            number);
}

Result<Discussions::Listing> Discussions::list(const Permit& permit, const PackageId& id,
                                               const Filter& filter) const
{
    const auto found = package(permit, Action::Read, id);
    if (!found)
        return forward(found);
    constexpr int MaxPage = 100'000;
    const int start = std::clamp(filter.page, 0, MaxPage) * PageSize;
    auto page = m_context.catalog.discussions(
        found->rowId, {filter.pullRequests, statusOf(filter.status), filter.author, start, PageSize});
    if (!page)
        return forward(page);
    return Listing{std::move(page->items), page->count, start};
}

Result<Discussion> Discussions::details(const Permit& permit, const PackageId& id, int number) const
{
    const auto found = package(permit, Action::Read, id);
    if (!found)
        return forward(found);
    return m_context.catalog.discussionFields(found->rowId, number);
}

Result<catalog::Page<DiscussionEvent>> Discussions::events(const Permit& permit, const PackageId& id,
                                                           int number, const QByteArray& cursor) const
{
    const auto found = package(permit, Action::Read, id);
    if (!found)
        return forward(found);
    return m_context.catalog.discussionEvents(found->rowId, number, cursor);
}

Result<QString> Discussions::diff(const Permit& permit, const PackageId& id, int number) const
{
    const auto found = package(permit, Action::Read, id);
    if (!found)
        return forward(found);
    const auto discussion = m_context.catalog.discussionFields(found->rowId, number);
    if (!discussion)
        return forward(discussion);
    if (!discussion->isPullRequest)
        return QString();
    if (const auto enabled = checkEnabled(*found); !enabled)
        return forward(enabled);
    if (const auto open = checkGate(m_context.policy, permit.principal(), *found); !open)
        return forward(open);
    return PullRequestDiff(m_context, found->rowId).of(*discussion);
}

Result<std::vector<RepoPath>> Discussions::conflicts(const Permit& permit, const PackageId& id,
                                                     int number) const
{
    const auto found = package(permit, Action::Read, id);
    if (!found)
        return forward(found);
    return m_context.catalog.mergeConflicts(found->rowId, number);
}

Result<Discussion> Discussions::create(const Permit& permit, const PackageId& id, const QString& title,
                                       const QString& description, bool pullRequest)
{
    const auto found = package(permit, Action::Write, id);
    if (!found)
        return forward(found);
    catalog::NewDiscussion request;
    request.title = title;
    request.description = description;
    request.author = permit.principal().name;
    request.pullRequest = pullRequest;
    auto discussion = m_context.discussionWriter.create(found->rowId, request);
    if (!discussion)
        return forward(discussion);
    if (pullRequest) {
        emit m_context.events.refChanged(found->repository.text(), found->id.type(), found->id.id(),
                                         QStringLiteral("refs/pr/%1").arg(discussion->number));
    }
    postChanged(*found, discussion->number);
    return discussion;
}

Result<DiscussionEvent> Discussions::comment(const Permit& permit, const PackageId& id, int number,
                                             const QString& text)
{
    const auto found = package(permit, Action::Write, id);
    if (!found)
        return forward(found);
    auto event = m_context.discussionWriter.comment(found->rowId, number, permit.principal().name, text);
    if (event)
        postChanged(*found, number);
    return event;
}

Result<DiscussionEvent> Discussions::rename(const Permit& permit, const PackageId& id, int number,
                                            const QString& title)
{
    const auto found = package(permit, Action::Write, id);
    if (!found)
        return forward(found);
    auto event = m_context.discussionWriter.rename(found->rowId, number, permit.principal().name, title);
    if (event)
        postChanged(*found, number);
    return event;
}

Result<DiscussionEvent> Discussions::setStatus(const Permit& permit, const PackageId& id, int number,
                                               catalog::DiscussionStatus status, const QString& comment)
{
    const auto found = package(permit, Action::Write, id);
    if (!found)
        return forward(found);
    auto event =
        m_context.discussionWriter.setStatus(found->rowId, number, permit.principal().name, status, comment);
    if (event)
        postChanged(*found, number);
    return event;
}

Result<Discussion> Discussions::merge(const Permit& permit, const PackageId& id, int number,
                                      const QString& comment)
{
    const auto found = package(permit, Action::Write, id);
    if (!found)
        return forward(found);
    const auto before = m_context.catalog.discussionFields(found->rowId, number);
    if (!before)
        return forward(before);
    if (const auto free = checkMayReplace(m_context, permit, *found, before->baseBranch); !free)
        return forward(free);
    auto merged =
        m_context.discussionWriter.merge(found->rowId, number, signatureOf(permit.principal()), comment);
    if (!merged)
        return forward(merged);
    const QString repository = found->repository.text();
    emit m_context.events.refChanged(repository, found->id.type(), found->id.id(), merged->baseBranch);
    emit m_context.events.packageChanged(repository, found->id.type(), found->id.id());
    postChanged(*found, number);
    return merged;
}

Result<void> Discussions::checkMayEdit(const Permit& permit, const catalog::Package& package, int number,
                                       const QByteArray& commentId) const
{
    const access::Principal& principal = permit.principal();
    if (principal.admin ||
        m_context.policy.allows(principal, Action::Manage, package.repository, package.id.artifactPath()))
        return {};
    const auto discussion = m_context.catalog.discussion(package.rowId, number);
    if (!discussion)
        return forward(discussion);
    for (const DiscussionEvent& event : discussion->events) {
        if (event.hubId == commentId && event.author.compare(principal.name, Qt::CaseInsensitive) != 0)
            return fail(ErrorCode::Forbidden, QStringLiteral("Only its author may edit a comment"));
    }
    return {};
}

Result<DiscussionEvent> Discussions::editComment(const Permit& permit, const PackageId& id, int number,
                                                 const QByteArray& commentId, const QString& text)
{
    const auto found = package(permit, Action::Write, id);
    if (!found)
        return forward(found);
    if (const auto mayEdit = checkMayEdit(permit, *found, number, commentId); !mayEdit)
        return forward(mayEdit);
    auto event = m_context.discussionWriter.editComment(found->rowId, number, commentId, text);
    if (event)
        postChanged(*found, number);
    return event;
}

Result<DiscussionEvent> Discussions::hideComment(const Permit& permit, const PackageId& id, int number,
                                                 const QByteArray& commentId)
{
    const auto found = package(permit, Action::Write, id);
    if (!found)
        return forward(found);
    auto event = m_context.discussionWriter.hideComment(found->rowId, number, commentId);
    if (event)
        postChanged(*found, number);
    return event;
}

} // namespace hublet::service
