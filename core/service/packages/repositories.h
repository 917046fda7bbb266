// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/repository.h"
#include "core/catalog/model/storageuse.h"

#include <chrono>

namespace hublet::service {

struct ServiceContext;
class XetConversion;

/// Administers repositories. Thread-safe; writes wait until durable.
class Repositories {
public:
    /// Both must outlive it.
    Repositories(ServiceContext& context, XetConversion& conversion);

    struct NewRepository {
        catalog::RepositoryClass rclass = catalog::RepositoryClass::Local;
        catalog::Layout layout = catalog::Layout::MachineLearning;
        catalog::RepositorySettings settings;
    };
    /// Errors: AlreadyExists (keys are unique without regard to case), Unsupported (remote, virtual: not
    /// served yet), InvalidArgument (the description).
    [[nodiscard]] Result<catalog::Repository> create(const access::AdminPermit& permit,
                                                     const RepositoryKey& key, const NewRepository& what);
    /// When the Xet switch is turned, what is stored is converted in the background (XetConversion). Errors:
    /// RepositoryNotFound, InvalidArgument (the description).
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

    /// What the contents of the repository take on disk, in all its commits; may take seconds.
    [[nodiscard]] Result<catalog::StorageUse> storageUse(const RepositoryKey& key) const;
    /// The same for one package. Permit: Read on it. Error: PackageNotFound.
    [[nodiscard]] Result<catalog::StorageUse> storageUse(const access::Permit& permit,
                                                         const PackageId& id) const;

    /// What would have to be converted if the Xet switch stood at `xet`; may take seconds.
    [[nodiscard]] Result<catalog::OtherForm> inOtherForm(const RepositoryKey& key, bool xet) const;
    /// Does a conversion run or wait its turn? The list of transfers tells how far it is.
    [[nodiscard]] bool isConverting(const RepositoryKey& key) const;
    /// Does this process convert at all (Services::Options::converts)?
    [[nodiscard]] bool converts() const;
    /// Waits until no conversion runs or waits its turn; false when one still does after `limit`.
    [[nodiscard]] bool waitForConversion(const RepositoryKey& key, std::chrono::milliseconds limit);
    /// Stops the conversion that a turned Xet switch began, until it is resumed or the program starts again.
    /// What runs ends a little later.
    void cancelConversion(const access::AdminPermit& permit, const RepositoryKey& key);
    /// Converts in the background what is not in the form that the Xet switch asks for; when there is
    /// nothing, nothing happens.
    void resumeConversion(const access::AdminPermit& permit, const RepositoryKey& key);

private:
    ServiceContext& m_context;
    XetConversion& m_conversion;
};

} // namespace hublet::service
