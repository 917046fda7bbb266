// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"
#include "core/base/xethash.h"
#include "core/http/response.h"
#include "core/service/xet/xetaccess.h"

#include <array>
#include <utility>

namespace hublet::api {

// What tells clients of the Hub that a package's files can be had and sent by Xet (xet.md 7). Once they are
// told, they do not fall back to plain HTTP.

/// Does this repository serve Xet clients?
[[nodiscard]] bool servesXet(const Call& call);

/// The CAS of this server, absolute, without a slash at the end: clients keep it as a plain string.
[[nodiscard]] QByteArray casUrl(const Call& call);

/// X-Xet-Cas-Url, X-Xet-Access-Token, X-Xet-Token-Expiration.
[[nodiscard]] std::array<std::pair<QByteArray, QByteArray>, 3> grantHeaders(const Call& call,
                                                                            const service::XetGrant& grant);

/// Absolute URL where a client gets a token to read (or write) this package at `revision`.
[[nodiscard]] QByteArray xetTokenUrl(const Call& call, const PackageId& id, service::XetScope scope,
                                     const QByteArray& revision);

/// Adds X-Xet-Hash, X-Xet-Refresh-Route and both Link relations to the answer for a file of this package.
void setXetHeaders(http::Response& response, const Call& call, const PackageId& id, const XetHash& file,
                   const QByteArray& revision);

/// Does the client ask for Xet by its Accept header, as JavaScript's does?
[[nodiscard]] bool wantsXetFileInfo(const http::Request& request);
/// The answer to that: headers tell everything, the body is not read.
inline constexpr char kXetFileInfoType[] = "application/vnd.xet-fileinfo+json";

} // namespace hublet::api
