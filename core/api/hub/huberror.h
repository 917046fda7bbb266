// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"

namespace hublet::api {

/// The one place where the Hub API chooses status, X-Error-Code, X-Error-Message and JSON body of a failure
/// (hub-api 2.4). What is hidden and what does not exist get the same bytes.
[[nodiscard]] http::Response encodeHubError(const Error& error, const ErrorScene& scene);

/// An error answer with a text of its own: {"error": message} and the X-Error headers. `code` may be empty.
[[nodiscard]] http::Response hubErrorResponse(int status, QByteArrayView code, const QString& message);

} // namespace hublet::api
