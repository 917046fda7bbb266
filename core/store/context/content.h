// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/extent.h"
#include "core/base/xethash.h"

#include <optional>
#include <vector>

namespace hublet::store {

/// How contents are put away.
enum class StorageForm {
    Whole,    ///< one run in a file of its own or in a pack
    Segments, ///< slices of xorbs, each chunk once; known to Xet clients
};

/// Contents stored whole of up to this many bytes are put together into pack files.
inline constexpr qint64 PackedLimit = 256 * 1024;

/// The bytes of a file, ready to be sent: what a blob file, a slice of a pack, and (with the Xet switch on)
/// slices of xorbs look like from above. The extents, in order, make up exactly `size` bytes.
struct Content {
    Sha256 sha256;
    qint64 size = 0;
    std::vector<Extent> extents; ///< none for the empty file
};

/// What is known about bytes that were staged: enough to name them in a commit.
struct StagedContent {
    /// Above this many bytes blobOid is not computed: such files are in git as their LFS pointer.
    static constexpr qint64 BlobOidLimit = 16LL << 20;

    Sha256 sha256;
    GitOid blobOid; ///< id of the bytes as a git blob; null above BlobOidLimit
    qint64 size = 0;
    std::optional<XetHash> xetHash = std::nullopt; ///< when it was staged for StorageForm::Segments
};

} // namespace hublet::store
