// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/catalog/model/package.h"

#include <QHash>

#include <memory>
#include <mutex>

namespace hublet::catalog {
class Catalog;
}

namespace hublet::service {

/// Packages in memory, for what is asked so often that no database read is wanted each time. Each is good for
/// one generation of the catalogue, so a change is seen at the next question. Bounded. Thread-safe.
class PackageStates {
public:
    static constexpr qsizetype MaxPackages = 1024;

    explicit PackageStates(const catalog::Catalog& catalog) : m_catalog(catalog) {}

    /// Reads the database when something was written since the last time. Error: PackageNotFound.
    [[nodiscard]] Result<std::shared_ptr<const catalog::Package>> find(qint64 row);

private:
    struct Entry {
        quint64 generation = 0;
        std::shared_ptr<const catalog::Package> package;
    };
    const catalog::Catalog& m_catalog;
    std::mutex m_mutex;
    QHash<qint64, Entry> m_packages;
};

} // namespace hublet::service
