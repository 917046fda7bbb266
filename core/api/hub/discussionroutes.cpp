// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/jsonpieces.h"
#include "core/api/gate/routes.h"
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/discussionjson.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/storedid.h"
#include "core/service/services.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace hublet::api {
namespace {

using access::Action;
using http::Method;
using service::Discussions;

const Call::BodyRule Texts{.maxBytes = http::limits::kSmallJsonBodyBytes};

Result<int> discussionNumber(const PackageCall& call)
{
    bool isNumber = false;
    const int number = call.name().toInt(&isNumber);
    if (!isNumber || number < 1)
        return fail(ErrorCode::NotFound, QStringLiteral("There is no such discussion"));
    return number;
}

/// From 0; what is no number is the first page, and what is no int is behind the last.
int pageNumber(const QString& text)
{
    const bool isNumber = !text.isEmpty() && std::all_of(text.begin(), text.end(),
                                                         [](QChar c) { return c >= u'0' && c <= u'9'; });
    bool fits = false;
    const int number = text.toInt(&fits);
    return !isNumber ? 0 : fits ? number : std::numeric_limits<int>::max();
}

Discussions::Filter filterOf(const http::Request& request)
{
    Discussions::Filter filter;
    const QString type = request.value("type").value_or(QString());
    if (type == u"pull_request")
        filter.pullRequests = true;
    else if (type == u"discussion")
        filter.pullRequests = false;
    const QString status = request.value("status").value_or(QString());
    if (status == u"open")
        filter.status = Discussions::Filter::Status::Open;
    else if (status == u"closed")
        filter.status = Discussions::Filter::Status::Closed;
    filter.author = request.value("author");
    constexpr int MaxPage = std::numeric_limits<int>::max() / Discussions::PageSize;
    filter.page = std::min(pageNumber(request.value("p").value_or(QString())), MaxPage);
    return filter;
}

Outcome list(const PackageCall& call)
{
    const auto listing =
        call.services().discussions().list(call.permit(), call.id(), filterOf(call.request()));
    if (!listing)
        return forward(listing);
    const PackageId id = storedId(call);
    JsonWriter json;
    json.beginObject().key("discussions").beginArray();
    for (const catalog::Discussion& discussion : listing->items) {
        json.beginObject();
        writeDiscussionFields(json, discussion, id);
        json.endObject();
    }
    json.endArray()
        .key("count")
        .value(qint64(listing->count))
        .key("start")
        .value(qint64(listing->start))
        .endObject();
    return http::Response::json(200, json.take());
}

/// A pull request outlives its base: what would need that is then left out.
bool needsLostBase(const Error& error)
{
    return error.code() == ErrorCode::RevisionNotFound;
}

Result<PullRequestFacts> pullRequestFacts(const PackageCall& call, const catalog::Discussion& discussion)
{
    PullRequestFacts facts;
    const Discussions& discussions = call.services().discussions();
    if (discussion.status == catalog::DiscussionStatus::Draft ||
        discussion.status == catalog::DiscussionStatus::Open) {
        auto conflicts = discussions.conflicts(call.permit(), call.id(), discussion.number);
        if (conflicts)
            facts.conflicts = std::move(*conflicts);
        else if (!needsLostBase(conflicts.error()))
            return forward(conflicts);
    }
    if (call.request().flag("diff")) {
        auto diff = discussions.diff(call.permit(), call.id(), discussion.number);
        if (diff)
            facts.diff = std::move(*diff);
        else if (!needsLostBase(diff.error()))
            return forward(diff);
    }
    return facts;
}

Result<http::Response> detailsAnswer(const PackageCall& call, const catalog::Discussion& discussion)
{
    auto facts = discussion.isPullRequest ? pullRequestFacts(call, discussion) : PullRequestFacts();
    if (!facts)
        return forward(facts);
    EventPages events = [&discussions = call.services().discussions(), permit = call.permit(), id = call.id(),
                         number = discussion.number](const QByteArray& cursor) {
        return discussions.events(permit, id, number, cursor);
    };
    catalog::Discussion fields = discussion;
    fields.events.clear();
    return jsonInPieces(std::make_shared<DiscussionJson>(std::move(fields), storedId(call), std::move(*facts),
                                                         std::move(events)));
}

Outcome details(const PackageCall& call)
{
    const auto number = discussionNumber(call);
    if (!number)
        return forward(number);
    const auto discussion = call.services().discussions().details(call.permit(), call.id(), *number);
    if (!discussion)
        return forward(discussion);
    auto answer = detailsAnswer(call, *discussion);
    if (!answer)
        return forward(answer);
    return std::move(*answer);
}

Outcome create(const PackageCall& call)
{
    return call.readJson(Texts, [call](const QJsonObject& body) -> Result<http::Response> {
        const auto title = textField(body, u"title");
        if (!title)
            return forward(title);
        const auto description = optionalTextField(body, u"description");
        if (!description)
            return forward(description);
        const auto pullRequest = flagField(body, u"pullRequest");
        if (!pullRequest)
            return forward(pullRequest);
        const auto discussion = call.services().discussions().create(
            call.permit(), call.id(), *title, description->value_or(QString()), *pullRequest);
        if (!discussion)
            return forward(discussion);
        return detailsAnswer(call, *discussion);
    });
}

/// A request that changes discussion {name} and answers with the event that it made, under `answerKey`.
using ChangeWork = std::function<Result<catalog::DiscussionEvent>(const PackageCall& call, int number,
                                                                  const QJsonObject& body)>;

Outcome change(const PackageCall& call, QByteArrayView answerKey, const ChangeWork& work)
{
    const auto number = discussionNumber(call);
    if (!number)
        return forward(number);
    return call.readJson(
        Texts, [call, answerKey, work, number = *number](const QJsonObject& body) -> Result<http::Response> {
            const auto event = work(call, number, body);
            if (!event)
                return forward(event);
            JsonWriter json;
            json.beginObject().key(answerKey);
            writeDiscussionEvent(json, *event);
            json.endObject();
            return http::Response::json(200, json.take());
        });
}

Result<catalog::DiscussionEvent> comment(const PackageCall& call, int number, const QJsonObject& body)
{
    const auto text = textField(body, u"comment");
    if (!text)
        return forward(text);
    return call.services().discussions().comment(call.permit(), call.id(), number, *text);
}

Result<catalog::DiscussionEvent> rename(const PackageCall& call, int number, const QJsonObject& body)
{
    const auto title = textField(body, u"title");
    if (!title)
        return forward(title);
    return call.services().discussions().rename(call.permit(), call.id(), number, *title);
}

Result<catalog::DiscussionEvent> setStatus(const PackageCall& call, int number, const QJsonObject& body)
{
    const auto status = textField(body, u"status");
    if (!status)
        return forward(status);
    if (*status != u"open" && *status != u"closed")
        return fail(ErrorCode::InvalidArgument, QStringLiteral("The status must be open or closed"));
    const auto text = optionalTextField(body, u"comment");
    if (!text)
        return forward(text);
    return call.services().discussions().setStatus(call.permit(), call.id(), number,
                                                   *status == u"open" ? catalog::DiscussionStatus::Open
                                                                      : catalog::DiscussionStatus::Closed,
                                                   text->value_or(QString()));
}

Result<catalog::DiscussionEvent> editComment(const PackageCall& call, int number, const QJsonObject& body)
{
    const auto text = textField(body, u"content");
    if (!text)
        return forward(text);
    return call.services().discussions().editComment(call.permit(), call.id(), number, call.name(1).toLower(),
                                                     *text);
}

Result<catalog::DiscussionEvent> hideComment(const PackageCall& call, int number, const QJsonObject&)
{
    return call.services().discussions().hideComment(call.permit(), call.id(), number,
                                                     call.name(1).toLower());
}

Outcome merge(const PackageCall& call)
{
    const auto number = discussionNumber(call);
    if (!number)
        return forward(number);
    return call.readJson(Texts, [call, number = *number](const QJsonObject& body) -> Result<http::Response> {
        const auto text = optionalTextField(body, u"comment");
        if (!text)
            return forward(text);
        const auto merged =
            call.services().discussions().merge(call.permit(), call.id(), number, text->value_or(QString()));
        if (!merged)
            return forward(merged);
        return detailsAnswer(call, *merged);
    });
}

void addChange(Routes& routes, QByteArrayView path, QByteArrayView answerKey, ChangeWork work)
{
    routes.waiting(Method::Post, path, needs::Package{Action::Write},
                   [answerKey, work = std::move(work)](const PackageCall& call) {
                       return change(call, answerKey, work);
                   });
}

} // namespace

void addDiscussionRoutes(Routes& routes)
{
    routes.waiting(Method::Get, "/api/{type}/{id}/discussions", needs::Package{Action::Read}, list);
    routes.waiting(Method::Post, "/api/{type}/{id}/discussions", needs::Package{Action::Write}, create);
    routes.waiting(Method::Get, "/api/{type}/{id}/discussions/{name}", needs::Package{Action::Read}, details);
    routes.waiting(Method::Post, "/api/{type}/{id}/discussions/{name}/merge", needs::Package{Action::Write},
                   merge);
    addChange(routes, "/api/{type}/{id}/discussions/{name}/comment", "newMessage", comment);
    addChange(routes, "/api/{type}/{id}/discussions/{name}/title", "newTitle", rename);
    addChange(routes, "/api/{type}/{id}/discussions/{name}/status", "newStatus", setStatus);
    addChange(routes, "/api/{type}/{id}/discussions/{name}/comment/{name}/edit", "updatedComment",
              editComment);
    addChange(routes, "/api/{type}/{id}/discussions/{name}/comment/{name}/hide", "updatedComment",
              hideComment);
}

} // namespace hublet::api
