// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/workerpool.h"
#include "core/http/connection.h"
#include "core/http/request.h"
#include "core/http/requestcheck.h"
#include "core/http/response.h"

#include <memory>

struct MHD_Response;

namespace hublet::http {

struct MhdResponseRelease {
    void operator()(MHD_Response* response) const;
};
using MhdResponse = std::unique_ptr<MHD_Response, MhdResponseRelease>;

/// Adds what every answer carries: X-Request-Id, and CORS headers for an allowed origin.
void addCommonHeaders(Response& response, const Request& request, OriginVerdict origin,
                      const RequestPolicy& policy);

/// What an allowed origin may do: the answer to its preflight.
[[nodiscard]] Response preflightAnswer(const Request& request);

/// Turns `response` into libmicrohttpd's form; takes its body over. With `headersOnly` (HEAD) the body is
/// measured but never read. A file that is shorter than its extent becomes a 500. Null when memory or
/// descriptors ran out.
[[nodiscard]] MhdResponse makeMhdResponse(Response& response, bool headersOnly, WorkerPool& pool,
                                          const std::shared_ptr<Connection>& connection);

/// The answer as bytes, with Connection: close, for when libmicrohttpd cannot send one because the body is
/// still coming. Only for bodies of bytes; another body is left out.
[[nodiscard]] QByteArray serializeClosing(const Response& response);

} // namespace hublet::http
