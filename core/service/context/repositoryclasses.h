// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/repository.h"

#include <QHash>

#include <mutex>
#include <vector>

namespace hublet::service {

/// Which class each repository has, in memory: permissions for "ANY LOCAL" and "ANY REMOTE" ask at every
/// check. Thread-safe.
class RepositoryClasses {
public:
    void set(const std::vector<catalog::Repository>& repositories); ///< replaces everything
    void add(const catalog::Repository& repository);
    void remove(const RepositoryKey& key);
    /// "local", "remote", "virtual"; empty when there is no such repository.
    [[nodiscard]] QString classOf(const RepositoryKey& key) const;

private:
    mutable std::mutex m_mutex;
    QHash<QString, catalog::RepositoryClass> m_classes; ///< by folded key
};

} // namespace hublet::service
