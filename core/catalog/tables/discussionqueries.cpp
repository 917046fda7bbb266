// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/discussionqueries.h"

#include "core/base/random.h"
#include "core/db/statements.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace hublet::catalog::queries {

namespace {

// The order of these columns is known to readEvent().
#define EVENT_COLUMNS                                                                                        \
    "hub_id, kind, author, created_ms, body, former_body, commit_oid, edited, hidden, updated_ms "

/// Of one page of events: the event with which there is more text ends it.
constexpr qsizetype PageTextChars = 128 * 1024;
constexpr int PageEvents = 100;

#define DISCUSSION_COLUMNS                                                                                   \
    "d.id, d.number, d.is_pull_request, d.title, d.status, d.author, d.created_ms, d.base_branch, "          \
    "d.merge_commit, "                                                                                       \
    "(SELECT count(*) FROM discussion_event e WHERE e.discussion = d.id AND e.kind = 'comment') "

// Filters that are not wanted are switched off by their first value. Open includes drafts, closed what was
// merged.
#define DISCUSSION_FILTER                                                                                    \
    "FROM discussion d WHERE d.package = ? AND (? < 0 OR d.is_pull_request = ?) "                            \
    "AND (? <> 'open' OR d.status IN ('draft', 'open')) AND (? <> 'closed' OR d.status IN ('closed', "       \
    "'merged')) "                                                                                            \
    "AND (? = '' OR lower(d.author) = ?) "

constexpr DiscussionStatus AllStatuses[] = {DiscussionStatus::Draft, DiscussionStatus::Open,
                                            DiscussionStatus::Closed, DiscussionStatus::Merged};
constexpr DiscussionEvent::Kind AllKinds[] = {
    DiscussionEvent::Kind::Comment, DiscussionEvent::Kind::StatusChange, DiscussionEvent::Kind::Commit,
    DiscussionEvent::Kind::TitleChange};

QString kindName(DiscussionEvent::Kind kind)
{
    switch (kind) {
    case DiscussionEvent::Kind::Comment:
        return QStringLiteral("comment");
    case DiscussionEvent::Kind::StatusChange:
        return QStringLiteral("status-change");
    case DiscussionEvent::Kind::Commit:
        return QStringLiteral("commit");
    case DiscussionEvent::Kind::TitleChange:
        return QStringLiteral("title-change");
    }
    return {};
}

DiscussionStatus statusFromName(const QString& name)
{
    for (const DiscussionStatus status : AllStatuses) {
        if (name == discussionStatusName(status))
            return status;
    }
    return DiscussionStatus::Open;
}

DiscussionEvent::Kind kindFromName(const QString& name)
{
    for (const DiscussionEvent::Kind kind : AllKinds) {
        if (name == kindName(kind))
            return kind;
    }
    return DiscussionEvent::Kind::Comment;
}

/// `former_body` holds the old title of a title-change; of a comment its versions: [[time, text], ...].
QString formerBody(const DiscussionEvent& event)
{
    if (event.kind != DiscussionEvent::Kind::Comment || event.history.empty())
        return event.formerText;
    QJsonArray versions;
    for (const DiscussionEvent::Version& version : event.history)
        versions.append(QJsonArray{version.writtenMs, version.text});
    return QString::fromUtf8(QJsonDocument(versions).toJson(QJsonDocument::Compact));
}

std::vector<DiscussionEvent::Version> versionsFrom(const QString& formerBody)
{
    std::vector<DiscussionEvent::Version> versions;
    for (const QJsonValue& version : QJsonDocument::fromJson(formerBody.toUtf8()).array())
        versions.push_back({version[1].toString(), version[0].toInteger()});
    return versions;
}

Discussion readDiscussion(const db::Query& query)
{
    Discussion discussion;
    discussion.rowId = query.integer(0);
    discussion.number = int(query.integer(1));
    discussion.isPullRequest = query.flag(2);
    discussion.title = query.text(3);
    discussion.status = statusFromName(query.text(4));
    discussion.author = query.text(5);
    discussion.createdMs = query.integer(6);
    discussion.baseBranch = query.text(7);
    if (!query.isNull(8))
        discussion.mergeCommit = query.digest<GitOid>(8);
    discussion.commentCount = int(query.integer(9));
    return discussion;
}

DiscussionEvent readEvent(const db::Query& query)
{
    DiscussionEvent event;
    event.hubId = query.text(0).toLatin1();
    event.kind = kindFromName(query.text(1));
    event.author = query.text(2);
    event.createdMs = query.integer(3);
    event.text = query.text(4);
    if (event.kind == DiscussionEvent::Kind::Comment)
        event.history = versionsFrom(query.text(5));
    else
        event.formerText = query.text(5);
    event.commit = query.digest<GitOid>(6);
    event.edited = query.flag(7);
    event.hidden = query.flag(8);
    event.updatedMs = query.integer(9);
    return event;
}

} // namespace

QString discussionStatusName(DiscussionStatus status)
{
    switch (status) {
    case DiscussionStatus::Draft:
        return QStringLiteral("draft");
    case DiscussionStatus::Open:
        return QStringLiteral("open");
    case DiscussionStatus::Closed:
        return QStringLiteral("closed");
    case DiscussionStatus::Merged:
        return QStringLiteral("merged");
    }
    return {};
}

Result<DiscussionPage> discussions(db::Transaction& transaction, qint64 package, const DiscussionQuery& query)
{
    const int kind = query.pullRequests ? int(*query.pullRequests) : -1;
    const QString status = query.status == DiscussionQuery::Status::Open     ? QStringLiteral("open")
                           : query.status == DiscussionQuery::Status::Closed ? QStringLiteral("closed")
                                                                             : QString();
    const QString author = query.author.value_or(QString()).toLower();
    const auto count = selectOne(
        transaction, u"SELECT count(*) " DISCUSSION_FILTER,
        [](const db::Query& row) { return int(row.integer(0)); }, package, kind, kind, status, status, author,
        author);
    if (!count)
        return forward(count);
    auto items = selectAll(
        transaction,
        u"SELECT " DISCUSSION_COLUMNS DISCUSSION_FILTER "ORDER BY d.number DESC LIMIT ? OFFSET ?",
        readDiscussion, package, kind, kind, status, status, author, author, query.limit, query.offset);
    if (!items)
        return forward(items);
    return DiscussionPage{std::move(*items), count->value_or(0)};
}

Result<Discussion> discussion(db::Transaction& transaction, qint64 package, int number)
{
    auto found = selectOne(
        transaction, u"SELECT " DISCUSSION_COLUMNS "FROM discussion d WHERE d.package = ? AND d.number = ?",
        readDiscussion, package, number);
    if (!found)
        return forward(found);
    if (!*found)
        return fail(ErrorCode::NotFound, QStringLiteral("There is no discussion %1").arg(number));
    return std::move(**found);
}

Result<std::vector<DiscussionEvent>> discussionEvents(db::Transaction& transaction, qint64 discussion)
{
    return selectAll(transaction,
                     u"SELECT " EVENT_COLUMNS "FROM discussion_event WHERE discussion = ? ORDER BY id",
                     readEvent, discussion);
}

Result<Page<DiscussionEvent>> discussionEvents(db::Transaction& transaction, qint64 discussion, qint64 after)
{
    db::Query statement = transaction.query(u"SELECT " EVENT_COLUMNS
                                            ", id FROM discussion_event WHERE discussion = ? AND id > ? "
                                            "ORDER BY id LIMIT ?");
    if (const auto run = statement.run(discussion, after, PageEvents + 1); !run)
        return forward(run);
    Page<DiscussionEvent> page;
    qsizetype text = 0;
    qint64 last = 0;
    while (statement.next()) {
        if (text > PageTextChars || int(page.items.size()) == PageEvents) {
            page.nextCursor = QByteArray::number(last);
            break;
        }
        page.items.push_back(readEvent(statement));
        text += statement.text(4).size() + statement.text(5).size();
        last = statement.integer(10);
    }
    return page;
}

Result<Discussion> insertDiscussion(db::Transaction& transaction, qint64 package, Discussion fresh)
{
    const auto last = selectOne(
        transaction, u"SELECT coalesce(max(number), 0) FROM discussion WHERE package = ?",
        [](const db::Query& query) { return int(query.integer(0)); }, package);
    if (!last)
        return forward(last);
    fresh.number = last->value_or(0) + 1;
    const auto row = transaction.insert(u"INSERT INTO discussion (package, number, is_pull_request, title, "
                                        u"status, author, created_ms, base_branch, "
                                        "merge_commit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                                        package, fresh.number, fresh.isPullRequest, fresh.title,
                                        discussionStatusName(fresh.status), fresh.author, fresh.createdMs,
                                        fresh.baseBranch, fresh.mergeCommit);
    if (!row)
        return forward(row);
    fresh.rowId = *row;
    return fresh;
}

Result<void> updateDiscussion(db::Transaction& transaction, const Discussion& discussion)
{
    const auto done = execute(
        transaction, u"UPDATE discussion SET title = ?, status = ?, merge_commit = ? WHERE id = ?",
        discussion.title, discussionStatusName(discussion.status), discussion.mergeCommit, discussion.rowId);
    return done ? Result<void>() : forward(done);
}

Result<DiscussionEvent> insertEvent(db::Transaction& transaction, qint64 discussion, DiscussionEvent fresh,
                                    qint64 nowMs)
{
    fresh.hubId = randomHubId();
    fresh.createdMs = nowMs;
    fresh.updatedMs = nowMs;
    const std::optional<GitOid> commit = fresh.commit.isNull() ? std::nullopt : std::optional(fresh.commit);
    const auto done = execute(
        transaction,
        u"INSERT INTO discussion_event (discussion, hub_id, kind, author, created_ms, body, former_body, "
        "commit_oid, edited, hidden, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        discussion, QString::fromLatin1(fresh.hubId), kindName(fresh.kind), fresh.author, fresh.createdMs,
        fresh.text, formerBody(fresh), commit, fresh.edited, fresh.hidden, fresh.updatedMs);
    if (!done)
        return forward(done);
    return fresh;
}

Result<void> updateEvent(db::Transaction& transaction, qint64 discussion, const DiscussionEvent& event)
{
    const auto done = execute(transaction,
                              u"UPDATE discussion_event SET body = ?, former_body = ?, edited = ?, "
                              u"hidden = ?, updated_ms = ? WHERE discussion = ? AND hub_id = ?",
                              event.text, formerBody(event), event.edited, event.hidden, event.updatedMs,
                              discussion, QString::fromLatin1(event.hubId));
    return done ? Result<void>() : forward(done);
}

} // namespace hublet::catalog::queries
