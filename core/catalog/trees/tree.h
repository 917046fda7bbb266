// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"

#include <QByteArray>

#include <vector>

namespace hublet::catalog {

/// One page of a tree, as the tree's list of pages describes it.
struct PageRef {
    qint64 page = 0; ///< row
    qint64 entries = 0;
    qint64 gitBytes = 0;  ///< length of its part of the git tree object
    qint64 fileCount = 0; ///< files, also those in sub-folders
    qint64 size = 0;      ///< bytes of all these files
    QByteArray lastKey;   ///< StoredEntry::key() of its last entry
    bool operator==(const PageRef&) const = default;
};

/// A stored tree: its row and its pages in order. Immutable; the row id of a committed tree is never used
/// again, that of one whose write was rolled back may be.
struct Tree {
    qint64 row = 0;
    GitOid oid;
    qint64 fileCount = 0; ///< files, also those in sub-folders
    qint64 size = 0;      ///< bytes of all these files
    std::vector<PageRef> pages;

    /// No tree gets larger than that, sub-folders included: copies of folders cost nothing, so a few commits
    /// could otherwise make one that nobody can list and whose sums overflow.
    static constexpr qint64 MaxFiles = 10'000'000;
    static constexpr qint64 MaxBytes = qint64(1) << 50;

    /// Index of the page that holds `key` or would hold it; pages.size() when every key is smaller.
    [[nodiscard]] std::size_t pageFor(QByteArrayView key) const;
};

[[nodiscard]] QByteArray encodePageRefs(const std::vector<PageRef>& pages);
/// Error: Corrupt.
[[nodiscard]] Result<std::vector<PageRef>> decodePageRefs(QByteArrayView bytes);

} // namespace hublet::catalog
