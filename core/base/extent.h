// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/uniquefd.h"

#include <QtGlobal>

#include <memory>

namespace hublet {

/// A run of bytes in an open, immutable file: what content is made of and what the HTTP server sends without
/// copying. Whoever holds the extent keeps the file readable, even after it was unlinked.
struct Extent {
    std::shared_ptr<const UniqueFd> file;
    qint64 offset = 0; ///< bytes from the start of the file
    qint64 length = 0; ///< bytes
};

} // namespace hublet
