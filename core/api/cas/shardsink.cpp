// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/shardsink.h"

#include "core/api/cas/caserror.h"
#include "core/base/jsonwriter.h"

namespace hublet::api::cas {

namespace {

constexpr qint64 Existed = 0;
constexpr qint64 Registered = 1;

JsonWriter frame(QByteArrayView type)
{
    JsonWriter json;
    json.beginObject().key("type").utf8(type);
    return json;
}

void send(http::BodyChannel& channel, JsonWriter& json)
{
    json.endObject();
    channel.write(json.take() + '\n');
}

void sendProgress(http::BodyChannel& channel, qint64 verified, qint64 total)
{
    JsonWriter json = frame("validating");
    json.key("verified").value(verified).key("total").value(total);
    send(channel, json);
}

/// What asking again does not mend is not worth asking again.
bool isWorthRetrying(const Error& error)
{
    return encodeError(error).status() >= 500;
}

void sendEnd(http::BodyChannel& channel, const Result<bool>& changed)
{
    if (changed) {
        JsonWriter json = frame("result");
        json.key("result").value(*changed ? Registered : Existed);
        send(channel, json);
    } else {
        JsonWriter json = frame("error");
        json.key("message").value(changed.error().detail());
        json.key("retryable").value(isWorthRetrying(changed.error()));
        send(channel, json);
    }
    channel.end();
}

http::Response jsonAnswer(const Result<bool>& changed)
{
    if (!changed)
        return encodeError(changed.error());
    JsonWriter json;
    json.beginObject().key("result").value(*changed ? Registered : Existed).endObject();
    return http::Response::json(200, json.take());
}

} // namespace

std::optional<http::Response> ShardSink::finishLater(const http::LateAnswer& later, const CancelToken& gone)
{
    if (const auto checked = m_shard->check(); !checked)
        return failed(checked.error());
    if (m_answer == Answer::Frames)
        return answerWithFrames(gone);
    m_xet.registerInBackground(
        std::move(m_shard), {}, [later](const Result<bool>& changed) { later(jsonAnswer(changed)); }, gone);
    return std::nullopt;
}

http::Response ShardSink::answerWithFrames(const CancelToken& gone)
{
    auto channel = std::make_shared<http::BodyChannel>();
    sendProgress(*channel, 0, 0); // headers and a sign of life at once
    m_xet.registerInBackground(
        std::move(m_shard), [channel](qint64 done, qint64 total) { sendProgress(*channel, done, total); },
        [channel](const Result<bool>& changed) { sendEnd(*channel, changed); }, gone);
    return http::Response::written(200, std::move(channel), "application/x-ndjson");
}

http::Response ShardSink::failed(const Error& error)
{
    m_shard.reset(); // before the answer, so that whoever has it finds the staging gone
    return encodeError(error);
}

} // namespace hublet::api::cas
