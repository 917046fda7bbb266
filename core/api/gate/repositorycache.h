// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/catalog/model/repository.h"

#include <QHash>
#include <QObject>

#include <memory>
#include <mutex>
#include <optional>

namespace hublet::service {
class Services;
}

namespace hublet::api {

/// The repositories and their settings in memory, so that no request waits for the database only to learn
/// whether its prefix exists. Forgets everything when the event bus says that a repository came, changed or
/// went. Thread-safe.
class RepositoryCache : public QObject {
public:
    explicit RepositoryCache(service::Services& services);
    ~RepositoryCache() override;

    /// False after start and after a change: call load() on a worker first.
    [[nodiscard]] bool isLoaded() const;
    /// Reads all repositories from the database.
    [[nodiscard]] Result<void> load();
    /// From what was loaded last.
    [[nodiscard]] std::optional<catalog::Repository> find(const RepositoryKey& key) const;

private:
    using Table = QHash<QString, catalog::Repository>; ///< by folded key
    [[nodiscard]] std::shared_ptr<const Table> table() const;
    void forget();

    service::Services& m_services;
    mutable std::mutex m_mutex;
    std::shared_ptr<const Table> m_table;
    quint64 m_generation = 0;      ///< counts the changes that were heard of
    quint64 m_tableGeneration = 0; ///< m_generation before m_table was read
};

} // namespace hublet::api
