// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"

#include <memory>
#include <optional>

namespace hublet::service {

struct ServiceContext;

struct NewPackage {
    bool isPrivate = false;
    std::optional<QString> license; ///< writes a README.md with this licence in its front matter
    struct File {
        RepoPath path;
        QByteArray content;
    };
    std::vector<File> files; ///< in the initial commit; a .gitattributes here replaces the default one
};

/// Only what is set changes.
struct PackageSettings {
    std::optional<bool> isPrivate;
    std::optional<catalog::Gating> gating;
    std::optional<bool> disabled;
};

/// Creates, changes and removes packages and their refs. Thread-safe; every function writes to the database
/// and waits until it is durable. Permits: Write on the package unless said otherwise.
class Packages {
public:
    explicit Packages(ServiceContext& context);
    ~Packages();

    /// Errors: InvalidName, AlreadyExists (also when the name is taken in another spelling), Unsupported
    /// (remote, virtual), QuotaExceeded.
    [[nodiscard]] Result<catalog::Package> create(const access::Permit& permit, const PackageId& id,
                                                  const NewPackage& what);
    /// Permit: Delete. Content stays for the sweep.
    [[nodiscard]] Result<void> remove(const access::Permit& permit, const PackageId& id);
    /// Permits: Delete on the old name, Write on the new one. The old name leads to the new one from then on.
    [[nodiscard]] Result<void> move(const access::Permit& from, const PackageId& oldId,
                                    const access::Permit& to, const PackageId& newId);
    /// Error: Forbidden when the caller is no owner (ownsPackage).
    [[nodiscard]] Result<catalog::Package> changeSettings(const access::Permit& permit, const PackageId& id,
                                                          const PackageSettings& settings);

    struct NewBranch {
        QString name;
        std::optional<QString> startingPoint; ///< any revision; main when absent
        bool empty = false;
        bool overwrite = false;
    };
    /// Errors: InvalidRevision, RevisionNotFound (starting point), AlreadyExists; without the Delete right
    /// also Forbidden (a branch would be overwritten) and Conflict (a release would).
    [[nodiscard]] Result<void> createBranch(const access::Permit& permit, const PackageId& id,
                                            const NewBranch& branch);
    /// `name`: may begin with "refs/heads/". Errors: Forbidden (main; a release without the Delete right),
    /// RevisionNotFound.
    [[nodiscard]] Result<void> deleteBranch(const access::Permit& permit, const PackageId& id,
                                            const QString& name);
    /// Errors: RevisionNotFound (checked first), InvalidRevision, AlreadyExists.
    [[nodiscard]] Result<void> createTag(const access::Permit& permit, const PackageId& id,
                                         const QString& revision, const QString& name,
                                         const QString& message);
    /// `name`: may begin with "refs/tags/". Error: RevisionNotFound.
    [[nodiscard]] Result<void> deleteTag(const access::Permit& permit, const PackageId& id,
                                         const QString& name);
    /// The branch becomes one parentless commit with the same tree. Permit: Delete.
    [[nodiscard]] Result<catalog::Commit> squash(const access::Permit& permit, const PackageId& id,
                                                 const QString& branch, const QString& message);
    /// Removes LFS files from every branch by new commits; older commits keep naming them but their bytes are
    /// only kept while something refers to them. Permit: Delete.
    [[nodiscard]] Result<void> deleteLfsFiles(const access::Permit& permit, const PackageId& id,
                                              const QList<QByteArray>& fileOids);

private:
    ServiceContext& m_context;
};

} // namespace hublet::service
