// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byterange.h"
#include "core/base/extent.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/service/packages/browse.h"

#include <vector>

namespace hublet::api {

/// The headers of a file that HEAD and GET share (hub-api 8.1, reliability 3.2): commit, ETag, sizes, label,
/// caching. `anonymous`: the caller needs no credential, so shared caches may keep it.
void setFileHeaders(http::Response& response, const service::Browse::FileAnswer& file, bool anonymous);

/// What a GET asks of a file of `size` bytes: the Range header, unless If-Range names another version
/// (hub-api 8.2).
[[nodiscard]] RangeRequest requestedRange(const http::Request& request, const QByteArray& etag, qint64 size);

/// The part of `extents` that lies in `range`, which must lie inside them.
[[nodiscard]] std::vector<Extent> slice(const std::vector<Extent>& extents, const ByteRange& range);

/// The answer to HEAD: headers only, made without opening the file. Ranges are for GET.
[[nodiscard]] http::Response fileHead(const service::Browse::FileAnswer& file, bool anonymous);
/// The answer to GET: 200, or 206 with a part, or 416.
[[nodiscard]] http::Response fileBody(const http::Request& request, const service::Browse::FileAnswer& file,
                                      bool anonymous, std::vector<Extent> extents);
/// The answer to GET by a client that wants to fetch the file from the Xet CAS: the headers of HEAD.
[[nodiscard]] http::Response xetFileInfo(const service::Browse::FileAnswer& file, bool anonymous);
/// The answer to GET of what git has for a file under LFS: its pointer, in ranges like a file.
[[nodiscard]] http::Response pointerBody(const http::Request& request,
                                         const service::Browse::FileAnswer& file);

} // namespace hublet::api
