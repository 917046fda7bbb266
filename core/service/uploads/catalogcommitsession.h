// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/commitrequest.h"
#include "core/service/context/transfers.h"
#include "core/service/uploads/quotaroom.h"
#include "core/service/uploads/uploads.h"
#include "core/service/uploads/uploadtarget.h"

namespace hublet::service {

/// A commit session that stages file bytes in the store as they come and hands the operations to the
/// catalogue at the end.
class CatalogCommitSession : public CommitSession {
public:
    /// Operations in one commit.
    static constexpr std::size_t MaxOperations = 1'000'000;

    CatalogCommitSession(const ServiceContext& context, access::Permit permit, const PackageId& id,
                         UploadTarget target, QuotaRoom room, const CommitOptions& options,
                         std::shared_ptr<TransferHandle> transfer);
    ~CatalogCommitSession() override;

    [[nodiscard]] Result<void> header(const Header& header) override;
    [[nodiscard]] Result<void> beginFile() override;
    [[nodiscard]] Result<void> append(QByteArrayView bytes) override;
    [[nodiscard]] Result<void> endFile(const RepoPath& path, const std::optional<RepoPath>& oldPath) override;
    [[nodiscard]] Result<void> lfsFile(const RepoPath& path, const Sha256& content,
                                       std::optional<qint64> size,
                                       const std::optional<RepoPath>& oldPath) override;
    [[nodiscard]] Result<void> rename(const RepoPath& oldPath, const RepoPath& path) override;
    [[nodiscard]] Result<void> deletePath(const RepoPath& path) override;
    [[nodiscard]] Result<void> deleteFolder(const RepoPath& path) override;
    [[nodiscard]] Result<void> copy(const RepoPath& source, const QString& sourceRevision,
                                    const RepoPath& path) override;
    [[nodiscard]] Result<CommitOutcome> finish(const Sha256& requestDigest) override;

private:
    [[nodiscard]] Result<void> add(catalog::Operation operation);
    /// The same for one that takes a path away.
    [[nodiscard]] Result<void> addRemoval(catalog::Operation operation);
    [[nodiscard]] Result<void> countBytes(qint64 bytes);
    /// May the caller go on with this release, as it is now? Somebody else may have deployed to it while the
    /// upload came in.
    [[nodiscard]] Result<void> lookAtRelease();
    void postEvents(const catalog::CommitResult& result) const;

    const ServiceContext& m_context;
    const access::Permit m_permit;
    const UploadTarget m_target;
    const QuotaRoom m_room;
    const std::shared_ptr<TransferHandle> m_transfer;
    store::ContentWriter m_writer;
    const Result<void> m_mayRemove; ///< Forbidden without the Delete right
    catalog::CommitRequest m_request;
    QByteArray m_text;  ///< the bytes of the file being received, up to one more than the catalogue reads
    qint64 m_bytes = 0; ///< named and received so far, for the quota
    bool m_namesOtherForm = false; ///< contents stored whole, while Xet is on
    bool m_staged = false;         ///< the writer holds contents
    bool m_finished = false;
};

} // namespace hublet::service
