// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/catalog/model/revision.h"

#include <functional>

namespace hublet::catalog {

class Catalog;

/// Writes a package as a bare git repository with loose objects. LFS files are in it as pointers.
class GitExport {
public:
    /// Gives the bytes of a file that is not LFS. Empty function: no blobs of such files are written.
    using BlobSource = std::function<Result<QByteArray>(const TreeEntry&)>;

    explicit GitExport(const Catalog& catalog) : m_catalog(catalog) {}

    /// `folder` must not exist or be empty. Writes all commits of the package, also those that no ref
    /// reaches. Progress in commits. Errors: Io, Conflict (folder not empty), Cancelled, and those of
    /// `blobs`.
    [[nodiscard]] Result<void> write(qint64 package, const QString& folder, const BlobSource& blobs,
                                     const ProgressFunction& progress, const CancelToken& cancel) const;

private:
    const Catalog& m_catalog;
};

} // namespace hublet::catalog
