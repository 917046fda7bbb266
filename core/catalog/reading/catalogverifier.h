// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"

#include <QStringList>

namespace hublet::catalog {

class Catalog;

/// Compares what the database holds of trees and commits with their digests and git ids. The database's own
/// check looks at its structure only and finds no changed byte inside a value. Thread-safe.
class CatalogVerifier {
public:
    static constexpr int MaxProblems = 100; ///< named in one run

    explicit CatalogVerifier(const Catalog& catalog) : m_catalog(catalog) {}

    /// A sentence for each damaged row. Errors: Database, Cancelled.
    [[nodiscard]] Result<QStringList> run(const CancelToken& cancel) const;

private:
    const Catalog& m_catalog;
};

} // namespace hublet::catalog
