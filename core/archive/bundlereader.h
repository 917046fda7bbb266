// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/archive/bundleentry.h"
#include "core/base/result.h"

#include <memory>

namespace hublet::archive {

/// Reads a bundle from front to back, in one pass and bounded memory. Trusts nothing in it: an entry that
/// BundleWriter would not write in that place is Corrupt. Not thread-safe.
///
/// It reads the tar format itself, as KTar would decompress a compressed archive twice and keep all of its
/// names.
class BundleReader {
public:
    struct Entry {
        BundleEntryName name;
        qint64 size = 0; ///< bytes of this part
    };

    /// Errors: NotFound, Io.
    [[nodiscard]] static Result<std::unique_ptr<BundleReader>> open(const QString& file);
    ~BundleReader();

    /// The next entry but End; nothing after the end mark was found to be right. What was not read of the
    /// entry before is skipped. Errors: Corrupt (malformed, out of order, cut short; at the end: database,
    /// settings or manifest are not what was written), Io.
    [[nodiscard]] Result<std::optional<Entry>> next();
    /// Up to `limit` more bytes of the entry; empty at its end. Errors: Corrupt, Io.
    [[nodiscard]] Result<QByteArray> read(qint64 limit);
    /// All of an entry of at most `limit` bytes. Errors: Corrupt (larger), Io.
    [[nodiscard]] Result<QByteArray> readAll(qint64 limit);

    /// After the end: does the bundle say what its database and settings must be? Early ones do not.
    [[nodiscard]] bool hasDigests() const;

    /// Bytes of the bundle file read so far, and of the whole, for progress.
    [[nodiscard]] qint64 position() const;
    [[nodiscard]] qint64 size() const;

private:
    struct Private;
    explicit BundleReader(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace hublet::archive
