// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/xet/chunk.h"

#include <optional>
#include <vector>

/// What shards say (xet.md 5): which terms make up files, and which chunks make up xorbs. All of it claims.
namespace hublet::xet {

struct ShardFile {
    XetHash hash;                     ///< null for the empty file
    std::vector<Term> terms;          ///< empty for the empty file
    std::vector<XetHash> rangeHashes; ///< one for each term (keyedhash.h, rangeHash), or none at all
    std::optional<Sha256> sha256;     ///< of the file's bytes
    bool operator==(const ShardFile&) const = default;
};

struct ShardXorb {
    XetHash hash;
    std::vector<Chunk> chunks; ///< 1 to MaxXorbChunks
    bool operator==(const ShardXorb&) const = default;
};

} // namespace hublet::xet
