// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/discussionjson.h"

#include "core/api/gate/jsonpieces.h"
#include "core/base/clock.h"

namespace hublet::api {
namespace {

void writeAuthor(JsonWriter& json, const QString& name)
{
    json.key("author").beginObject().key("name").value(name).endObject();
}

void writeVersion(JsonWriter& json, const QString& text, qint64 writtenMs, const QString& author)
{
    json.beginObject().key("raw").value(text);
    json.key("html").value(text.toHtmlEscaped());
    json.key("updatedAt").utf8(isoTime(writtenMs));
    writeAuthor(json, author);
    json.endObject();
}

void writeComment(JsonWriter& json, const catalog::DiscussionEvent& event)
{
    json.key("edited").value(event.edited).key("hidden").value(event.hidden);
    json.key("latest");
    writeVersion(json, event.text, event.updatedMs, event.author);
    json.key("history").beginArray();
    for (const catalog::DiscussionEvent::Version& version : event.history)
        writeVersion(json, version.text, version.writtenMs, event.author);
    json.endArray();
}

void writePullRequest(JsonWriter& json, const catalog::Discussion& discussion, const PullRequestFacts& facts)
{
    json.key("changes").beginObject().key("base").value(discussion.baseBranch);
    if (discussion.mergeCommit)
        json.key("mergeCommitId").utf8(discussion.mergeCommit->toHex());
    json.endObject().key("filesWithConflicts");
    if (facts.conflicts.empty()) {
        json.value(false);
    } else {
        json.beginArray();
        for (const RepoPath& path : facts.conflicts)
            json.utf8(path.bytes());
        json.endArray();
    }
    if (facts.diff)
        json.key("diff").value(*facts.diff);
}

} // namespace

QByteArrayView discussionStatusName(catalog::DiscussionStatus status)
{
    switch (status) {
    case catalog::DiscussionStatus::Draft:
        return "draft";
    case catalog::DiscussionStatus::Open:
        return "open";
    case catalog::DiscussionStatus::Closed:
        return "closed";
    case catalog::DiscussionStatus::Merged:
        return "merged";
    }
    Q_UNREACHABLE();
}

void writeDiscussionFields(JsonWriter& json, const catalog::Discussion& discussion, const PackageId& package)
{
    json.key("num").value(qint64(discussion.number)).key("title").value(discussion.title);
    json.key("status").utf8(discussionStatusName(discussion.status));
    writeAuthor(json, discussion.author);
    json.key("createdAt").utf8(isoTime(discussion.createdMs));
    json.key("isPullRequest").value(discussion.isPullRequest);
    json.key("repo").beginObject().key("name").value(package.id());
    json.key("type").value(packageTypeName(package.type())).endObject();
    json.key("numComments").value(qint64(discussion.commentCount));
}

void writeDiscussionEvent(JsonWriter& json, const catalog::DiscussionEvent& event)
{
    using Kind = catalog::DiscussionEvent::Kind;
    const QByteArrayView type = event.kind == Kind::Comment        ? "comment"
                                : event.kind == Kind::StatusChange ? "status-change"
                                : event.kind == Kind::Commit       ? "commit"
                                                                   : "title-change";
    json.beginObject().key("id").utf8(event.hubId).key("type").utf8(type);
    json.key("createdAt").utf8(isoTime(event.createdMs));
    writeAuthor(json, event.author);
    json.key("data").beginObject();
    switch (event.kind) {
    case Kind::Comment:
        writeComment(json, event);
        break;
    case Kind::StatusChange:
        json.key("status").value(event.text);
        break;
    case Kind::Commit:
        json.key("subject").value(event.text).key("oid").utf8(event.commit.toHex());
        break;
    case Kind::TitleChange:
        json.key("from").value(event.formerText).key("to").value(event.text);
        break;
    }
    json.endObject().endObject();
}

DiscussionJson::DiscussionJson(catalog::Discussion discussion, PackageId package, PullRequestFacts facts,
                               EventPages events)
    : m_discussion(std::move(discussion)), m_package(std::move(package)), m_facts(std::move(facts)),
      m_events(std::move(events))
{
}

Result<QByteArray> DiscussionJson::next()
{
    if (m_stage == Stage::Start)
        start();
    while (m_stage == Stage::Events && m_json.size() < kJsonPieceBytes) {
        if (const auto written = writeEvents(); !written)
            return forward(written);
    }
    return m_json.take();
}

void DiscussionJson::start()
{
    m_json.beginObject();
    writeDiscussionFields(m_json, m_discussion, m_package);
    if (m_discussion.isPullRequest)
        writePullRequest(m_json, m_discussion, m_facts);
    m_json.key("events").beginArray();
    m_stage = Stage::Events;
}

Result<void> DiscussionJson::writeEvents()
{
    auto page = m_events(m_cursor);
    if (!page)
        return forward(page);
    for (const catalog::DiscussionEvent& event : page->items)
        writeDiscussionEvent(m_json, event);
    m_cursor = std::move(page->nextCursor);
    if (m_cursor.isEmpty()) {
        m_json.endArray().endObject();
        m_stage = Stage::Done;
    }
    return {};
}

} // namespace hublet::api
