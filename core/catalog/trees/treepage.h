// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"
#include "core/catalog/model/revision.h"

#include <QByteArray>

#include <vector>

namespace hublet::catalog {

/// One entry of a stored tree.
struct StoredEntry {
    static constexpr quint32 FileMode = 0100644;
    static constexpr quint32 DirectoryMode = 040000;

    QByteArray name;
    quint32 mode = FileMode;
    GitOid oid;      ///< blob (of the pointer for an LFS file) or tree
    qint64 size = 0; ///< bytes; of all files below for a directory
    bool lfs = false;
    Sha256 content;       ///< files: of the real bytes
    qint64 tree = 0;      ///< directories: row of the tree
    qint64 fileCount = 0; ///< directories: files below

    [[nodiscard]] bool isDirectory() const { return mode == DirectoryMode; }
    /// What git sorts by: the name of a directory counts as if it ended in '/'.
    [[nodiscard]] QByteArray key() const { return isDirectory() ? name + '/' : name; }
    [[nodiscard]] TreeEntry toTreeEntry(const RepoPath& path) const;
    bool operator==(const StoredEntry&) const = default;
};

/// The encoded form of some consecutive entries of a tree.
struct EncodedPage {
    QByteArray git;   ///< exactly as they appear in git's tree object
    QByteArray facts; ///< what git does not know: sizes, contents, rows of sub-trees

    [[nodiscard]] Sha256 digest() const;
};

using TreePage = std::vector<StoredEntry>;

[[nodiscard]] EncodedPage encodePage(const TreePage& entries);
/// Error: Corrupt.
[[nodiscard]] Result<TreePage> decodePage(const EncodedPage& page);

/// A tree's entries are cut into pages after entries that their key picks, so that an edit changes one page
/// or two and all other pages stay shared with the tree before. Given the entries, the cuts are always the
/// same.
struct PageCut {
    static constexpr qint64 MinEntries = 32;
    static constexpr qint64 AverageEntries = 256; ///< power of two
    static constexpr qint64 MaxEntries = 1024;

    /// Does a page end after its `count`-th entry, which has this key?
    [[nodiscard]] static bool after(qint64 count, QByteArrayView key);
};

} // namespace hublet::catalog
