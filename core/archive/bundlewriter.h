// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/archive/bundleentry.h"
#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/base/uniquefd.h"

#include <functional>
#include <memory>

namespace hublet::archive {

/// Writes a bundle: a tar file compressed with zstd, mode 0600. The file gets its name in finish(), when
/// everything is on disk; destroying the writer before removes what was written. The end mark carries the
/// SHA-256 of what is not named by a digest. Not thread-safe.
class BundleWriter {
public:
    /// Errors: AlreadyExists, NoSpace, Io, Unsupported (KArchive was built without zstd).
    [[nodiscard]] static Result<std::unique_ptr<BundleWriter>> create(const QString& file);
    ~BundleWriter();

    /// A small file as a whole. Errors: NoSpace, Io.
    [[nodiscard]] Result<void> addBytes(BundleEntryKind kind, const QByteArray& bytes);
    /// The first `size` bytes of an open file; `digest` for blobs and packs. `copied` hears of every few more
    /// bytes. Errors: Cancelled, Corrupt (the file is shorter), NoSpace, Io.
    [[nodiscard]] Result<void> addFile(BundleEntryKind kind, const Sha256& digest, const UniqueFd& file,
                                       qint64 size, const std::function<void(qint64 bytes)>& copied,
                                       const CancelToken& cancel);
    /// Adds the end mark and makes the bundle durable under its name. Errors: AlreadyExists, NoSpace, Io.
    [[nodiscard]] Result<void> finish();

private:
    struct Private;
    explicit BundleWriter(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace hublet::archive
