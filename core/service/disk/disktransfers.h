// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/catalog/model/revision.h"
#include "core/service/disk/uploadplan.h"

namespace hublet::service {

class Browse;
class Uploads;
struct ServiceContext;

/// Moves files between the user's disk and packages, without the network: what the window does when files are
/// dropped on it or saved from it. Thread-safe. Every function may take from a moment to hours: run it
/// through Services::runLong. All can be cancelled (Cancelled) and leave nothing half done behind; progress
/// is in bytes. Running transfers are listed in Transfers like those of clients.
class DiskTransfers {
public:
    DiskTransfers(const ServiceContext& context, const Browse& browse, Uploads& uploads);

    /// Looks at the sources and at what the package holds. Permit: Write on the package. Symbolic links to
    /// files are followed, those to folders are refused; ".git" and a client's ".cache/huggingface" are left
    /// out. Errors: those of Uploads::preupload, Io (a source cannot be read), TooLarge (too many files).
    [[nodiscard]] Result<UploadPlan> plan(const access::Permit& permit, const UploadRequest& request,
                                          const CancelToken& cancel) const;

    /// Uploads what is new or changed in one commit. The files are read as they are now. Permit: Write on the
    /// package. Errors: those of Uploads::commit and CommitSession; InvalidArgument when there is nothing to
    /// upload; Io.
    [[nodiscard]] Result<catalog::Commit> upload(const access::Permit& permit, const UploadPlan& plan,
                                                 const QString& message, const CancelToken& cancel,
                                                 const ProgressFunction& progress) const;

    /// Saves a file as `target`, replacing it, or a folder with everything in it as the new folder `target`.
    /// Permit: Read on the package. `path`: the root for the whole package. Gives the number of files.
    /// Errors: AlreadyExists (`target` of a folder), EntryNotFound, Gated, NoSpace, Io, ContentMissing.
    [[nodiscard]] Result<qint64> save(const access::Permit& permit, const PackageId& id,
                                      const catalog::Revision& revision, const RepoPath& path,
                                      const QString& target, const CancelToken& cancel,
                                      const ProgressFunction& progress) const;

private:
    const ServiceContext& m_context;
    const Browse& m_browse;
    Uploads& m_uploads;
};

} // namespace hublet::service
