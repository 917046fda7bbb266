// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/claimant.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"
#include "core/service/uploads/quotaroom.h"
#include "core/store/intake/contentwriter.h"

#include <memory>
#include <optional>
#include <vector>

namespace hublet::service {

struct ServiceContext;
class TransferHandle;

enum class UploadMode { Regular, Lfs };

struct PreuploadFile {
    RepoPath path;
    qint64 size = 0;
    QByteArray sample; ///< first 512 bytes
};

struct PreuploadRequest {
    std::vector<PreuploadFile> files;
    std::optional<QByteArray> gitIgnore;     ///< of this commit; else the one stored at the revision counts
    std::optional<QByteArray> gitAttributes; ///< of this commit; else the one stored at the revision counts
    bool createPullRequest = false;
    bool clientInsistsOnXet =
        false; ///< everything is answered Regular while no CAS serves this repository (DECISIONS 5)
};

struct PreuploadDecision {
    RepoPath path;
    UploadMode mode = UploadMode::Regular;
    bool ignore = false;
    /// What the file is now: git blob id, or SHA-256 for LFS; empty when it does not exist.
    QByteArray currentOid;
};

/// Bytes on their way into the store: an LFS object, or one part of one. Not thread-safe; destroying it
/// without finish() leaves no trace.
class ObjectUpload {
public:
    virtual ~ObjectUpload() = default;
    [[nodiscard]] virtual Result<void> append(QByteArrayView bytes) = 0;
    /// The same; may keep the array and leave another one in its place (store::ContentWriter::appendBlock).
    [[nodiscard]] virtual Result<void> appendBlock(QByteArray& block) { return append(block); }
    /// Checks length and digest, makes it durable, notes who uploaded it. Returns an ETag for parts, empty
    /// otherwise.
    [[nodiscard]] virtual Result<QByteArray> finish() = 0;
};

/// What a signed upload URL allows (DECISIONS 32): this object, this size, this uploader, until then.
struct UploadTicket {
    Sha256 content;
    qint64 size = 0;
    qint64 userId = 0;
    RepositoryKey repository;
    int part = 0;        ///< 0: whole object or completion; 1...n: a part
    qint64 partSize = 0; ///< bytes of a full part; 0: single upload
    qint64 expiresMs = 0;
    qint64 tokenId =
        0;          ///< the token it was asked for with; revoking that revokes the URL (DECISIONS 8). 0: none
    QString path{}; ///< artifact path of the package: losing the Write right on it ends the URL as well

    bool operator==(const UploadTicket&) const = default;
};
/// In whose name what comes with the ticket is kept.
[[nodiscard]] catalog::Claimant claimantOf(const UploadTicket& ticket);

struct CommitOptions {
    bool createPullRequest = false;
    QString client;         ///< for the list of transfers
    qint64 totalBytes = -1; ///< for the list of transfers; -1 unknown
};

struct CommitOutcome {
    catalog::Commit commit;
    std::optional<int> pullRequest; ///< number, when one was created
};

/// One commit request, operation by operation as they stream in. Calls in the order of the lines; header()
/// first. Not thread-safe. Nothing is visible before finish(); destroying it leaves no trace.
class CommitSession {
public:
    struct Header {
        QString title;
        QString description;
        QByteArray parentCommit; ///< full id or prefix of at least 5 digits; empty = whatever the head is
    };
    virtual ~CommitSession() = default;
    [[nodiscard]] virtual Result<void> header(const Header& header) = 0;
    /// Starts a file whose bytes follow by append(). Its path comes last: a line may hold the content before
    /// the path.
    [[nodiscard]] virtual Result<void> beginFile() = 0;
    [[nodiscard]] virtual Result<void> append(QByteArrayView bytes) = 0;
    /// Ends the file begun and puts it at `path`. `oldPath`: the file that is there is renamed to `path` as
    /// well.
    [[nodiscard]] virtual Result<void> endFile(const RepoPath& path,
                                               const std::optional<RepoPath>& oldPath) = 0;
    /// Errors: ContentMissing, checked again at finish().
    [[nodiscard]] virtual Result<void> lfsFile(const RepoPath& path, const Sha256& content,
                                               std::optional<qint64> size,
                                               const std::optional<RepoPath>& oldPath) = 0;
    /// Files go by rename, deletePath and deleteFolder only with the Delete right on the package. Error:
    /// Forbidden.
    [[nodiscard]] virtual Result<void> rename(const RepoPath& oldPath, const RepoPath& path) = 0;
    /// A file, or a folder with everything in it.
    [[nodiscard]] virtual Result<void> deletePath(const RepoPath& path) = 0;
    [[nodiscard]] virtual Result<void> deleteFolder(const RepoPath& path) = 0;
    [[nodiscard]] virtual Result<void> copy(const RepoPath& source, const QString& sourceRevision,
                                            const RepoPath& path) = 0;
    /// `requestDigest`: SHA-256 of the request body, so that a replay after a lost answer finds the commit it
    /// made. Errors: ParentMoved, EntryNotFound, ContentMissing, InvalidPath, Conflict, NoSpace,
    /// QuotaExceeded, ReadOnly.
    [[nodiscard]] virtual Result<CommitOutcome> finish(const Sha256& requestDigest) = 0;
};

/// Everything that brings bytes in. Thread-safe. Permits: Write on the package.
///
/// A revision that does not exist is created by the upload as a release with exactly the uploaded files, an
/// unknown package likewise, where the repository says so (DECISIONS 2). An upload to an existing release
/// needs Delete as well, else Conflict, at preupload and again at commit (DECISIONS 3); but who made it may
/// go on with it for a while (releaserule.h).
class Uploads {
public:
    explicit Uploads(ServiceContext& context);
    ~Uploads();

    /// Errors: PackageNotFound, RevisionNotFound, Conflict (release without the Delete right), InvalidPath,
    /// QuotaExceeded (a file that is new at its path and not ignored).
    [[nodiscard]] Result<std::vector<PreuploadDecision>> preupload(const access::Permit& permit,
                                                                   const PackageId& id,
                                                                   const QString& revision,
                                                                   const PreuploadRequest& request);

    /// Is this content stored and may this principal name it in a commit without uploading it (DECISIONS 20)?
    /// Who may that may have its bytes as well. Permit: Read.
    [[nodiscard]] Result<bool> alreadyUploaded(const access::Permit& permit, const Sha256& content,
                                               qint64 size);
    /// What the quota of the permit's repository still lets in.
    [[nodiscard]] Result<QuotaRoom> quotaRoom(const access::Permit& permit) const;
    /// NoSpace when the disk has no room for so many bytes.
    [[nodiscard]] Result<void> checkSpace(qint64 bytes) const;
    /// Text for a URL path segment; HMAC under the data folder's key, ASCII letters, digits, '-', '_', '.'.
    [[nodiscard]] QByteArray sign(const UploadTicket& ticket) const;
    /// Errors: Forbidden with a sentence that says "expired" or "not valid".
    [[nodiscard]] Result<UploadTicket> readTicket(QByteArrayView text) const;

    /// Starts receiving what the ticket allows. `length` in bytes, -1 when chunked. Errors: LengthMismatch,
    /// NoSpace, QuotaExceeded, ReadOnly, BadCredentials (the uploader's token was revoked meanwhile),
    /// Forbidden (the uploader may not write to the package any more).
    [[nodiscard]] Result<std::unique_ptr<ObjectUpload>> receive(const UploadTicket& ticket, qint64 length,
                                                                const QString& client);
    struct Part {
        int number = 0;
        QByteArray etag;
    };
    /// Puts the parts of a multipart upload together, checks and keeps the whole. Idempotent. Errors:
    /// BadCredentials and Forbidden as receive(), and those of MultipartAssembly::assemble.
    [[nodiscard]] Result<void> complete(const UploadTicket& ticket, const std::vector<Part>& parts);
    /// Errors: ContentMissing, LengthMismatch.
    [[nodiscard]] Result<void> verifyObject(const access::Permit& permit, const Sha256& content, qint64 size);

    /// Errors as preupload, plus RevisionNotFound for a tag or commit id.
    [[nodiscard]] Result<std::unique_ptr<CommitSession>> commit(const access::Permit& permit,
                                                                const PackageId& id, const QString& revision,
                                                                const CommitOptions& options);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hublet::service
