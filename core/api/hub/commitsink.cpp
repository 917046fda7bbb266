// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/commitsink.h"

#include "core/api/hub/huburls.h"
#include "core/api/hub/storedid.h"
#include "core/base/jsonwriter.h"
#include "core/service/services.h"

namespace hublet::api {

CommitSink::CommitSink(const PackageCall& call, std::unique_ptr<service::CommitSession> session)
    : m_call(call), m_session(std::move(session)), m_parser(*m_session)
{
}

Result<void> CommitSink::append(QByteArrayView bytes)
{
    m_digest.add(bytes);
    return m_parser.append(bytes);
}

http::Response CommitSink::finish()
{
    return m_call.answer(commit());
}

http::Response CommitSink::failed(const Error& error)
{
    m_session.reset(); // before the answer, so that whoever has it finds the staging gone
    return m_call.refuse(error);
}

void CommitSink::abort()
{
    m_session.reset();
}

Result<http::Response> CommitSink::commit()
{
    if (const auto parsed = m_parser.finish(); !parsed)
        return forward(parsed);
    const auto outcome = m_session->finish(m_digest.finish());
    if (!outcome)
        return forward(outcome);
    const PackageId id = storedId(m_call);
    JsonWriter json;
    json.beginObject().key("success").value(true);
    json.key("commitOid").utf8(outcome->commit.oid.toHex());
    json.key("commitUrl").utf8(commitUrl(m_call, id, outcome->commit.oid));
    json.key("hookOutput").utf8("");
    if (outcome->pullRequest)
        json.key("pullRequestUrl").utf8(discussionUrl(m_call, id, *outcome->pullRequest));
    json.endObject();
    return http::Response::json(200, json.take());
}

} // namespace hublet::api
