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

/// A stored tree: its row and its pages in order. Immutable; row ids are never used again.
struct Tree {
    qint64 row = 0;
    GitOid oid;
    qint64 fileCount = 0; ///< files, also those in sub-folders
    qint64 size = 0;      ///< bytes of all these files
    std::vector<PageRef> pages;

    /// Index of the page that holds `key` or would hold it; pages.size() when every key is smaller.
    [[nodiscard]] std::size_t pageFor(QByteArrayView key) const;
};

[[nodiscard]] QByteArray encodePageRefs(const std::vector<PageRef>& pages);
/// Error: Corrupt.
[[nodiscard]] Result<std::vector<PageRef>> decodePageRefs(QByteArrayView bytes);

} // namespace hublet::catalog
