// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"
#include "core/api/hub/ndjsoncommitparser.h"
#include "core/base/hasher.h"
#include "core/http/bodysink.h"
#include "core/service/uploads/uploads.h"

#include <memory>

namespace hublet::api {

/// Takes the NDJSON body of one commit request into a commit session and answers with the commit made.
/// Nothing is visible before the whole body has arrived: a client that goes away at any byte leaves no trace.
class CommitSink : public http::BodySink {
public:
    CommitSink(const PackageCall& call, std::unique_ptr<service::CommitSession> session);

    [[nodiscard]] Result<void> append(QByteArrayView bytes) override;
    [[nodiscard]] http::Response finish() override;
    [[nodiscard]] http::Response failed(const Error& error) override;
    void abort() override;

private:
    [[nodiscard]] Result<http::Response> commit();

    const PackageCall m_call;
    std::unique_ptr<service::CommitSession> m_session;
    NdjsonCommitParser m_parser;
    Sha256Hasher m_digest; ///< of the body: what a replay is known by
};

} // namespace hublet::api
