// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/xethash.h"

namespace hublet::api::cas {

/// A hash in a path or query. Error: InvalidHash.
[[nodiscard]] Result<XetHash> hashNamed(QByteArrayView text);
/// The word before a hash in paths: what it names is one and the same here. Error: InvalidArgument for a word
/// that no client uses.
[[nodiscard]] Result<void> checkPrefix(QByteArrayView prefix);

} // namespace hublet::api::cas
