// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/routes.h"
#include "core/api/hub/bodyfields.h"
#include "core/api/hub/clientversion.h"
#include "core/api/hub/commitsink.h"
#include "core/api/hub/hubapi.h"
#include "core/api/hub/huburls.h"
#include "core/base/jsonwriter.h"
#include "core/catalog/formats/card.h"
#include "core/service/services.h"

namespace hublet::api {
namespace {

using access::Action;
using http::Method;

constexpr qsizetype SampleBytes = 512; ///< of each file, in a preupload request

/// Not the library datasets: it uploads each shard ahead of the commit and deletes it, so inline there would
/// be nothing left to send.
bool insistsOnXet(const Call& call)
{
    const QByteArrayView userAgent = call.request().userAgent();
    const auto version = hubClientVersion(userAgent);
    return version && *version >= kInsistsOnXet && !userAgent.startsWith("datasets/");
}

Result<service::PreuploadFile> preuploadFile(const QJsonValue& value)
{
    const auto object = objectElement(value);
    if (!object)
        return forward(object);
    auto path = pathField(*object, u"path");
    if (!path)
        return forward(path);
    const auto size = countField(*object, u"size");
    if (!size)
        return forward(size);
    const auto sample = optionalTextField(*object, u"sample");
    if (!sample)
        return forward(sample);
    auto decoded =
        QByteArray::fromBase64Encoding(sample->value_or(QString()).toLatin1(),
                                       QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return fail(ErrorCode::Malformed, QStringLiteral("\"sample\" must be base64"));
    return service::PreuploadFile{std::move(*path), *size, decoded.decoded.left(SampleBytes)};
}

Result<service::PreuploadRequest> preuploadRequest(const QJsonObject& body)
{
    service::PreuploadRequest request;
    const auto files = arrayField(body, u"files");
    if (!files)
        return forward(files);
    for (const QJsonValue& value : *files) {
        auto file = preuploadFile(value);
        if (!file)
            return forward(file);
        request.files.push_back(std::move(*file));
    }
    const auto gitIgnore = optionalTextField(body, u"gitIgnore");
    if (!gitIgnore)
        return forward(gitIgnore);
    if (*gitIgnore)
        request.gitIgnore = (*gitIgnore)->toUtf8();
    const auto gitAttributes = optionalTextField(body, u"gitAttributes");
    if (!gitAttributes)
        return forward(gitAttributes);
    if (*gitAttributes)
        request.gitAttributes = (*gitAttributes)->toUtf8();
    return request;
}

http::Response preuploadAnswer(const std::vector<service::PreuploadDecision>& decisions, bool withOid)
{
    JsonWriter json;
    json.beginObject().key("files").beginArray();
    for (const service::PreuploadDecision& decision : decisions) {
        json.beginObject().key("path").utf8(decision.path.bytes());
        json.key("uploadMode").utf8(decision.mode == service::UploadMode::Lfs ? "lfs" : "regular");
        json.key("shouldIgnore").value(decision.ignore);
        if (withOid && !decision.currentOid.isEmpty())
            json.key("oid").utf8(decision.currentOid);
        json.endObject();
    }
    json.endArray().endObject();
    return http::Response::json(200, json.take());
}

Outcome preupload(const PackageCall& call)
{
    auto revision = revisionName(call.rest());
    if (!revision)
        return forward(revision);
    return call.readJson(
        [call, revision = std::move(*revision)](const QJsonObject& body) -> Result<http::Response> {
            auto request = preuploadRequest(body);
            if (!request)
                return forward(request);
            request->createPullRequest = call.request().flag("create_pr");
            request->clientInsistsOnXet = insistsOnXet(call);
            const auto decisions =
                call.services().uploads().preupload(call.permit(), call.id(), revision, *request);
            if (!decisions)
                return forward(decisions);
            // A client that is told that nothing changed builds the URL that it then misreads (hub-api 1.4).
            const bool withOid = call.id().type() != PackageType::Model || !needsModelsPrefix(call);
            return preuploadAnswer(*decisions, withOid);
        });
}

Outcome commit(const PackageCall& call)
{
    const auto revision = revisionName(call.rest());
    if (!revision)
        return forward(revision);
    service::CommitOptions options;
    options.createPullRequest = call.request().flag("create_pr");
    options.client = QString::fromUtf8(call.request().userAgent());
    auto session = call.services().uploads().commit(call.permit(), call.id(), *revision, options);
    if (!session)
        return forward(session);
    return http::Reply::stream(std::make_unique<CommitSink>(call, std::move(*session)));
}

void writeMessages(JsonWriter& json, QByteArrayView key, const std::vector<catalog::CardProblem>& problems)
{
    json.key(key).beginArray();
    for (const catalog::CardProblem& problem : problems)
        json.beginObject().key("message").value(problem.message).endObject();
    json.endArray();
}

/// Answers in JSON whatever happens: clients read the body before the status (hub-api 6).
Result<http::Response> validateCard(const QJsonObject& body, qsizetype maxFrontMatterBytes)
{
    const auto content = textField(body, u"content");
    if (!content)
        return forward(content);
    const auto typeName = optionalTextField(body, u"repoType");
    if (!typeName)
        return forward(typeName);
    const auto type = packageTypeFromName(typeName->value_or(QStringLiteral("model")));
    const auto card =
        catalog::Card::parse(type.value_or(PackageType::Model), content->toUtf8(), maxFrontMatterBytes);
    JsonWriter json;
    json.beginObject();
    writeMessages(json, "errors", card.errors);
    writeMessages(json, "warnings", card.warnings);
    json.endObject();
    return http::Response::json(card.errors.empty() ? 200 : 400, json.take());
}

/// Anybody may have a card looked at. That takes its time, so it is done for one caller after the other; who
/// shows no credential waits for his like only.
class CardValidation {
public:
    http::Reply operator()(const Call& call) const
    {
        const bool isStranger = call.principal().isAnonymous();
        const qsizetype frontMatterBytes =
            isStranger ? StrangersFrontMatterBytes : catalog::Card::MaxFrontMatterBytes;
        return call.readJson(
            {CardBytes, isStranger ? m_strangers : m_known},
            [frontMatterBytes](const QJsonObject& body) { return validateCard(body, frontMatterBytes); });
    }

private:
    static constexpr qint64 CardBytes = http::limits::kMiB;
    static constexpr qsizetype StrangersFrontMatterBytes = 64 * http::limits::kKiB;

    std::shared_ptr<WorkerLane> m_known = WorkerLane::create(1);
    std::shared_ptr<WorkerLane> m_strangers = WorkerLane::create(1);
};

} // namespace

void addCommitRoutes(Routes& routes)
{
    routes.waiting(Method::Post, "/api/{type}/{id}/preupload/{rest}", needs::Package{Action::Write},
                   preupload);
    routes.waiting(Method::Post, "/api/{type}/{id}/commit/{rest}", needs::Package{Action::Write}, commit);
    routes.quick(Method::Post, "/api/validate-yaml", needs::Nothing{},
                 [validation = CardValidation()](const Call& call) -> Outcome { return validation(call); });
}

} // namespace hublet::api
