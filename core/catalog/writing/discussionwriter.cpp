// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/discussionwriter.h"

#include "core/catalog/model/refname.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/reading/treemerge.h"
#include "core/catalog/tables/discussionqueries.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/writing/refpublisher.h"

#include <algorithm>

namespace hublet::catalog {

namespace {

using Kind = DiscussionEvent::Kind;

/// Names so many of the files that stop a merge.
constexpr std::size_t MaxNamedConflicts = 10;

Result<DiscussionEvent> addEvent(db::Transaction& transaction, const Discussion& discussion, Kind kind,
                                 const QString& author, const QString& text, qint64 nowMs)
{
    DiscussionEvent event;
    event.kind = kind;
    event.author = author;
    event.text = text;
    return queries::insertEvent(transaction, discussion.rowId, event, nowMs);
}

Result<queries::CommitRow> headOf(db::Transaction& transaction, qint64 package, const QString& fullName)
{
    const auto ref = queries::findRef(transaction, package, fullName);
    if (!ref)
        return forward(ref);
    if (!*ref)
        return fail(ErrorCode::RevisionNotFound, QStringLiteral("Invalid rev id: %1").arg(fullName));
    return queries::commit(transaction, (*ref)->commit);
}

tl::unexpected<Error> conflicting(const std::vector<RepoPath>& paths)
{
    QStringList names;
    for (std::size_t i = 0; i < std::min(paths.size(), MaxNamedConflicts); ++i)
        names += paths[i].text();
    return fail(ErrorCode::Conflict, QStringLiteral("%1 files changed on both sides: %2")
                                         .arg(paths.size())
                                         .arg(names.join(QLatin1String(", "))));
}

Result<DiscussionEvent> findComment(db::Transaction& transaction, const Discussion& discussion,
                                    const QByteArray& id)
{
    auto events = queries::discussionEvents(transaction, discussion.rowId);
    if (!events)
        return forward(events);
    const auto found = std::find_if(events->begin(), events->end(), [&](const DiscussionEvent& event) {
        return event.kind == Kind::Comment && event.hubId == id;
    });
    if (found == events->end())
        return fail(ErrorCode::NotFound, QStringLiteral("There is no comment of that id"));
    return std::move(*found);
}

/// Finds a comment, lets `change` change it and stores it.
template <typename Change>
Result<DiscussionEvent> changeComment(Catalog& catalog, qint64 package, int number, const QByteArray& comment,
                                      Change change)
{
    return catalog.write([&](db::Transaction& transaction) -> Result<DiscussionEvent> {
        const auto discussion = queries::discussion(transaction, package, number);
        if (!discussion)
            return forward(discussion);
        auto event = findComment(transaction, *discussion, comment);
        if (!event)
            return event;
        if (const Result<void> changed = change(*event); !changed)
            return forward(changed);
        if (const auto updated = queries::updateEvent(transaction, discussion->rowId, *event); !updated)
            return forward(updated);
        return event;
    });
}

} // namespace

DiscussionWriter::DiscussionWriter(Catalog& catalog, const Clock& clock) : m_catalog(catalog), m_clock(clock)
{
}

Result<Discussion> DiscussionWriter::create(qint64 package, const NewDiscussion& fresh)
{
    if (const auto valid = checkDiscussionTitle(fresh.title); !valid)
        return forward(valid);
    if (const auto valid = checkComment(fresh.description); !valid)
        return forward(valid);
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Discussion> {
        const auto owner = queries::package(transaction, package);
        if (!owner)
            return forward(owner);
        const qint64 nowMs = m_clock.nowMs();
        Discussion discussion;
        discussion.isPullRequest = fresh.pullRequest;
        discussion.title = fresh.title;
        discussion.status = fresh.pullRequest ? DiscussionStatus::Draft : DiscussionStatus::Open;
        discussion.author = fresh.author;
        discussion.createdMs = nowMs;
        discussion.baseBranch = fresh.pullRequest ? fresh.baseBranch : QString();
        auto made = queries::insertDiscussion(transaction, package, std::move(discussion));
        if (!made)
            return made;
        auto description =
            addEvent(transaction, *made, Kind::Comment, fresh.author, fresh.description, nowMs);
        if (!description)
            return forward(description);
        made->events.push_back(std::move(*description));
        made->commentCount = 1;
        if (!fresh.pullRequest)
            return made;
        const auto base = headOf(transaction, package, RefName::ofClientName(fresh.baseBranch));
        if (!base)
            return forward(base);
        const RefPublisher::Target target{RefName::pullRequest(made->number), RefKind::PullRequest, {}};
        const auto published = RefPublisher(transaction, m_catalog.treeReader(), nowMs)
                                   .publish(*owner, target, *base, fresh.author);
        if (!published)
            return forward(published);
        return made;
    });
}

Result<DiscussionEvent> DiscussionWriter::comment(qint64 package, int number, const QString& author,
                                                  const QString& text)
{
    if (const auto valid = checkComment(text); !valid)
        return forward(valid);
    return m_catalog.write([&](db::Transaction& transaction) -> Result<DiscussionEvent> {
        const auto discussion = queries::discussion(transaction, package, number);
        if (!discussion)
            return forward(discussion);
        return addEvent(transaction, *discussion, Kind::Comment, author, text, m_clock.nowMs());
    });
}

Result<DiscussionEvent> DiscussionWriter::rename(qint64 package, int number, const QString& author,
                                                 const QString& title)
{
    if (const auto valid = checkDiscussionTitle(title); !valid)
        return forward(valid);
    return m_catalog.write([&](db::Transaction& transaction) -> Result<DiscussionEvent> {
        auto discussion = queries::discussion(transaction, package, number);
        if (!discussion)
            return forward(discussion);
        DiscussionEvent event;
        event.kind = Kind::TitleChange;
        event.author = author;
        event.text = title;
        event.formerText = discussion->title;
        discussion->title = title;
        if (const auto updated = queries::updateDiscussion(transaction, *discussion); !updated)
            return forward(updated);
        return queries::insertEvent(transaction, discussion->rowId, event, m_clock.nowMs());
    });
}

Result<DiscussionEvent> DiscussionWriter::setStatus(qint64 package, int number, const QString& author,
                                                    DiscussionStatus status, const QString& comment)
{
    if (const auto valid = checkComment(comment); !valid)
        return forward(valid);
    return m_catalog.write([&](db::Transaction& transaction) -> Result<DiscussionEvent> {
        auto discussion = queries::discussion(transaction, package, number);
        if (!discussion)
            return forward(discussion);
        if (discussion->status == DiscussionStatus::Merged)
            return fail(ErrorCode::Conflict, QStringLiteral("The pull request is merged already"));
        const qint64 nowMs = m_clock.nowMs();
        if (!comment.isEmpty()) {
            if (const auto added = addEvent(transaction, *discussion, Kind::Comment, author, comment, nowMs);
                !added)
                return added;
        }
        discussion->status = status;
        if (const auto updated = queries::updateDiscussion(transaction, *discussion); !updated)
            return forward(updated);
        return addEvent(transaction, *discussion, Kind::StatusChange, author,
                        queries::discussionStatusName(status), nowMs);
    });
}

Result<DiscussionEvent> DiscussionWriter::editComment(qint64 package, int number, const QByteArray& comment,
                                                      const QString& text)
{
    if (const auto valid = checkComment(text); !valid)
        return forward(valid);
    return changeComment(m_catalog, package, number, comment, [&](DiscussionEvent& event) -> Result<void> {
        if (event.hidden)
            return fail(ErrorCode::Conflict, QStringLiteral("A hidden comment cannot be edited"));
        event.history.push_back({event.text, event.updatedMs});
        if (event.history.size() > DiscussionEvent::MaxVersions)
            event.history.erase(event.history.begin());
        event.text = text;
        event.edited = true;
        event.updatedMs = m_clock.nowMs();
        return {};
    });
}

Result<DiscussionEvent> DiscussionWriter::hideComment(qint64 package, int number, const QByteArray& comment)
{
    return changeComment(m_catalog, package, number, comment, [&](DiscussionEvent& event) -> Result<void> {
        event.text.clear();
        event.history.clear();
        event.hidden = true;
        event.updatedMs = m_clock.nowMs();
        return {};
    });
}

Result<Discussion> DiscussionWriter::merge(qint64 package, int number, const Signature& author,
                                           const QString& comment)
{
    if (const auto valid = checkComment(comment); !valid)
        return forward(valid);
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Discussion> {
        const auto owner = queries::package(transaction, package);
        if (!owner)
            return forward(owner);
        auto discussion = queries::discussion(transaction, package, number);
        if (!discussion)
            return discussion;
        const bool open =
            discussion->status == DiscussionStatus::Open || discussion->status == DiscussionStatus::Draft;
        if (!discussion->isPullRequest || !open)
            return fail(ErrorCode::Conflict, QStringLiteral("There is no open pull request %1").arg(number));
        const QString base = RefName::ofClientName(discussion->baseBranch);
        const auto ours = headOf(transaction, package, base);
        if (!ours)
            return forward(ours);
        const auto theirs = headOf(transaction, package, RefName::pullRequest(number));
        if (!theirs)
            return forward(theirs);

        const TreeReader& reader = m_catalog.treeReader();
        TreeMerge merge(transaction, reader);
        const auto plan = merge.plan(*ours, *theirs);
        if (!plan)
            return forward(plan);
        if (!plan->conflicts.empty())
            return conflicting(plan->conflicts);
        const auto tree = merge.apply(*ours, *plan);
        if (!tree)
            return forward(tree);
        const qint64 nowMs = m_clock.nowMs();
        const QString title = QStringLiteral("%1 (#%2)").arg(discussion->title).arg(number);
        const auto commit = queries::insertCommit(
            transaction, {package, *tree, {*ours, *theirs}, author, nowMs, title, comment, {}});
        if (!commit)
            return forward(commit);

        if (!comment.isEmpty()) {
            const auto added = addEvent(transaction, *discussion, Kind::Comment, author.name, comment, nowMs);
            if (!added)
                return forward(added);
        }
        discussion->status = DiscussionStatus::Merged;
        discussion->mergeCommit = commit->commit.oid;
        if (const auto updated = queries::updateDiscussion(transaction, *discussion); !updated)
            return forward(updated);
        const auto noted = addEvent(transaction, *discussion, Kind::StatusChange, author.name,
                                    queries::discussionStatusName(DiscussionStatus::Merged), nowMs);
        if (!noted)
            return forward(noted);
        const auto published =
            RefPublisher(transaction, reader, nowMs)
                .publish(*owner, {base, RefKind::Branch, {}}, *commit, commit->commit.author);
        if (!published)
            return forward(published);
        return discussion;
    });
}

} // namespace hublet::catalog
