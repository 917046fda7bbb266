// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"

namespace hublet::catalog {

class Catalog;

/// Removes trees that no commit needs any more, after packages were deleted. Marks in a read transaction,
/// then deletes in short write transactions, each of which first marks what was committed since: commits go
/// on meanwhile. Thread-safe.
class TreeSweep {
public:
    explicit TreeSweep(Catalog& catalog) : m_catalog(catalog) {}

    struct Report {
        qint64 trees = 0;
        qint64 pages = 0;
    };
    /// Progress in trees. Errors: Database, Cancelled.
    [[nodiscard]] Result<Report> run(const ProgressFunction& progress, const CancelToken& cancel);

private:
    Catalog& m_catalog;
};

} // namespace hublet::catalog
