// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/xethash.h"

#include <QByteArray>

namespace hublet::store {

/// What a file of the store holds. The numbers are in the database: never change them.
enum class FileKind {
    Blob = 0, ///< one content; the file is named by the content's SHA-256
    Pack = 1, ///< many small contents; the file is named by the SHA-256 of the whole file
              ///< (core/store/files/packformat.h)
    Xorb =
        2, ///< chunks, raw; the file is named by the bytes of its xorb hash (core/store/files/xorbformat.h)
};

/// A xorb hash as the name of a file.
[[nodiscard]] inline Sha256 fileNameOf(const XetHash& xorb)
{
    Sha256 name;
    name.bytes() = xorb.bytes();
    return name;
}
[[nodiscard]] inline XetHash xorbHashOf(const Sha256& fileName)
{
    XetHash hash;
    hash.bytes() = fileName.bytes();
    return hash;
}

/// Identity of a file of the store, as in table stored_file.
struct StoredFile {
    qint64 id = 0; ///< row id, never used twice; 0 = not recorded
    FileKind kind = FileKind::Blob;
    Sha256 name;
    qint64 size = 0; ///< bytes

    /// Folder below the store's, with two levels for blobs, one for the others: "blobs/ab/cd", "packs/ab".
    [[nodiscard]] QByteArray folder() const
    {
        const QByteArray hex = name.toHex();
        switch (kind) {
        case FileKind::Blob:
            return "blobs/" + hex.first(2) + '/' + hex.sliced(2, 2);
        case FileKind::Pack:
            return "packs/" + hex.first(2);
        case FileKind::Xorb:
            break;
        }
        return "xorbs/" + hex.first(2);
    }
    /// Path below the store's folder.
    [[nodiscard]] QByteArray path() const { return folder() + '/' + name.toHex(); }
};

} // namespace hublet::store
