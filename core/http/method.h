// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>

#include <optional>

namespace hublet::http {

/// The methods this server knows; any other is answered 501.
enum class Method { Get, Head, Post, Put, Delete, Patch, Options };

/// "GET", "HEAD", ...; upper case, as on the wire.
[[nodiscard]] QByteArrayView methodName(Method method);
/// Methods are case-sensitive (RFC 9110 9.1).
[[nodiscard]] std::optional<Method> methodFromName(QByteArrayView name);
/// GET, HEAD and OPTIONS: the caller does not ask for a change.
[[nodiscard]] bool isSafe(Method method);

} // namespace hublet::http
