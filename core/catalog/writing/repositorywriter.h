// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/catalog/model/repository.h"

namespace hublet::catalog {

class Catalog;

/// Creates, changes and removes repositories. Thread-safe; blocks until durable.
class RepositoryWriter {
public:
    RepositoryWriter(Catalog& catalog, const Clock& clock);

    /// Errors: AlreadyExists (keys are unique without regard to case), InvalidArgument (the description).
    [[nodiscard]] Result<Repository> create(const RepositoryKey& key, RepositoryClass rclass, Layout layout,
                                            const RepositorySettings& settings);
    /// Errors: RepositoryNotFound, InvalidArgument (the description).
    [[nodiscard]] Result<Repository> change(qint64 repository, const RepositorySettings& settings);
    /// Errors: RepositoryNotFound, Conflict (it holds packages and `withPackages` is false).
    [[nodiscard]] Result<void> remove(qint64 repository, bool withPackages);

private:
    Catalog& m_catalog;
    const Clock& m_clock;
};

} // namespace hublet::catalog
