// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>

namespace hublet::api {

// What one JSON body may make the parser do (reliability 2.1).
inline constexpr int kJsonDepth = 64;           ///< objects and arrays inside each other
inline constexpr qsizetype kJsonKeys = 100'000; ///< keys and array elements in all

/// Parses a body that must be one JSON object; an empty body is an empty object. Errors: Malformed, with a
/// sentence for the client.
[[nodiscard]] Result<QJsonObject> parseJsonObject(const QByteArray& body);

} // namespace hublet::api
