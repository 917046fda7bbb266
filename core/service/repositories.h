// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/repository.h"

namespace hublet::service {

struct ServiceContext;

/// Administers repositories. Thread-safe; writes wait until durable.
class Repositories {
public:
    explicit Repositories(ServiceContext& context);

    struct NewRepository {
        catalog::RepositoryClass rclass = catalog::RepositoryClass::Local;
        catalog::Layout layout = catalog::Layout::MachineLearning;
        catalog::RepositorySettings settings;
    };
    /// Errors: AlreadyExists (keys are unique without regard to case), Unsupported (remote, virtual: not
    /// served yet).
    [[nodiscard]] Result<catalog::Repository> create(const access::AdminPermit& permit,
                                                     const RepositoryKey& key, const NewRepository& what);
    [[nodiscard]] Result<catalog::Repository> change(const access::AdminPermit& permit,
                                                     const RepositoryKey& key,
                                                     const catalog::RepositorySettings& settings);
    /// Removes the repository and every package in it. Content stays for the sweep.
    [[nodiscard]] Result<void> remove(const access::AdminPermit& permit, const RepositoryKey& key);

    struct Totals {
        qint64 packages = 0;
        qint64 files = 0;        ///< at the heads of main
        qint64 logicalBytes = 0; ///< at the heads of main
    };
    [[nodiscard]] Result<Totals> totals(const RepositoryKey& key) const;

    /// Do Xet clients get Xet tokens, hashes and headers for this repository? The one place that decides it:
    /// until a CAS serves reconstructions none may leave the server, as clients do not fall back to plain
    /// HTTP once they saw one (hub-api 11.2), so the repository's Xet switch (DECISIONS 5) is not looked at
    /// yet.
    [[nodiscard]] static bool servesXet(const catalog::Repository& repository);

private:
    ServiceContext& m_context;
};

} // namespace hublet::service
