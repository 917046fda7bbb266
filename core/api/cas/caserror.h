// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/http/response.h"

namespace hublet::api::cas {

/// The answer to an error on CAS routes, and the only place that chooses its status: {"error": "<text>"} and
/// X-Error-Message. Clients repeat 5xx and 429, some of them after hours (xet.md 11), so what asking again
/// does not mend is 4xx, a full disk too (DECISIONS 6).
[[nodiscard]] http::Response encodeError(const Error& error);

} // namespace hublet::api::cas
