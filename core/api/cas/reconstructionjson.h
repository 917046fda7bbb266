// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/xet/xet.h"
#include "core/xet/reconstruction.h"

#include <QByteArray>

#include <functional>
#include <vector>

namespace hublet::api::cas {

/// The absolute URL that gives these bytes of the chunk records of a xorb.
using FetchUrl = std::function<QByteArray(const XetHash& xorb, const ByteRange& bytes)>;

// The JSON forms of a reconstruction (xet.md 6.4, 6.5). Ends of "range" and "chunks" are exclusive, those of
// "url_range" and "bytes" inclusive.

[[nodiscard]] QByteArray encodeReconstructionV1(const xet::Reconstruction& plan, const FetchUrl& url);
/// One range for each URL: with more of them one client generation wants multipart answers.
[[nodiscard]] QByteArray encodeReconstructionV2(const xet::Reconstruction& plan, const FetchUrl& url);
/// Several files at once.
[[nodiscard]] QByteArray encodeBatch(const service::Xet::Batch& batch, const FetchUrl& url);

} // namespace hublet::api::cas
