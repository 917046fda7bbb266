// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/access/policy.h"
#include "core/base/result.h"
#include "core/base/xethash.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/repository.h"
#include "core/catalog/model/revision.h"
#include "core/store/context/content.h"

#include <QList>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace hublet::catalog {
class Catalog;
}
namespace hublet::store {
class ContentStore;
}

namespace hublet::service {

/// Everything that reads: repositories, packages, revisions, files. Thread-safe; every function may read the
/// database (about a millisecond), so the window calls them through Services::run. The repository is the
/// permit's.
///
/// Common errors: RepositoryNotFound, PackageNotFound (also for what the principal may not see),
/// RevisionNotFound, EntryNotFound.
class Browse {
public:
    Browse(const catalog::Catalog& catalog, const store::ContentStore& store, const access::Policy& policy);
    ~Browse();

    /// Repositories in which the principal may read something.
    [[nodiscard]] Result<std::vector<catalog::Repository>>
    repositories(const access::Principal& principal) const;
    [[nodiscard]] Result<catalog::Repository> repository(const RepositoryKey& key) const;

    [[nodiscard]] Result<catalog::Package> package(const access::Permit& permit, const PackageId& id) const;
    /// Where a package that was renamed went; nothing when `id` never was one.
    [[nodiscard]] Result<std::optional<PackageId>> movedTo(const RepositoryKey& repository,
                                                           const PackageId& id) const;
    /// Packages of one repository that the principal may see.
    [[nodiscard]] Result<catalog::Page<catalog::Package>> packages(const access::Principal& principal,
                                                                   const RepositoryKey& repository,
                                                                   const catalog::PackageQuery& query) const;
    /// Namespaces with their package counts, for the tree of the window; ordered by name.
    [[nodiscard]] Result<std::vector<std::pair<QString, qint64>>>
    namespaces(const access::Principal& principal, const RepositoryKey& repository, PackageType type) const;

    /// `revision`: branch, release, tag, full or short commit id, "refs/pr/1", "HEAD".
    [[nodiscard]] Result<catalog::Revision> revision(const access::Permit& permit, const PackageId& id,
                                                     const QString& revision) const;
    /// Splits path segments that follow a route's keyword into revision and path (hub-api 1.2.3) and resolves
    /// it. What cannot be a path is EntryNotFound.
    [[nodiscard]] Result<std::pair<catalog::Revision, RepoPath>>
    revisionAndPath(const access::Permit& permit, const PackageId& id,
                    const QList<QByteArray>& segments) const;
    [[nodiscard]] Result<std::vector<catalog::Ref>> refs(const access::Permit& permit, const PackageId& id,
                                                         bool withPullRequests) const;

    struct CommitPage {
        std::vector<catalog::Commit> commits; ///< first-parent history, newest first
        qint64 total = 0;
        QByteArray nextCursor;
    };
    [[nodiscard]] Result<CommitPage> commits(const access::Permit& permit, const PackageId& id,
                                             const catalog::Revision& from, int limit,
                                             const QByteArray& cursor) const;

    /// What is wanted of entries besides what the tree says; each costs a look-up.
    struct Detail {
        bool lastCommit = false;
        bool xetHash = false;
    };
    struct TreeRequest {
        RepoPath folder;
        bool recursive = false;
        Detail detail;
        int limit = 1000;
        QByteArray cursor;
    };
    struct TreeItem {
        catalog::TreeEntry entry;
        std::optional<catalog::LastCommit> lastCommit = std::nullopt;
        std::optional<XetHash> xetHash =
            std::nullopt; ///< of files under LFS whose content Xet clients can fetch
    };
    /// Entries in git's order, folders before what is in them. EntryNotFound when `folder` is absent or a
    /// file.
    [[nodiscard]] Result<catalog::Page<TreeItem>> tree(const access::Permit& permit, const PackageId& id,
                                                       const catalog::Revision& revision,
                                                       const TreeRequest& request) const;
    /// What lies at each path, in order; absent paths are left out.
    [[nodiscard]] Result<std::vector<TreeItem>> paths(const access::Permit& permit, const PackageId& id,
                                                      const catalog::Revision& revision,
                                                      const std::vector<RepoPath>& paths,
                                                      Detail detail) const;
    /// What the card says at this revision; Package::card is that of main.
    [[nodiscard]] Result<catalog::CardFacts> card(const access::Permit& permit, const PackageId& id,
                                                  const catalog::Revision& revision) const;
    /// All files below the root, for `siblings`; calls back in git's order.
    [[nodiscard]] Result<void> forEachFile(const access::Permit& permit, const PackageId& id,
                                           const catalog::Revision& revision,
                                           const std::function<void(const catalog::TreeEntry&)>& visit) const;

    /// What a resolve request needs, all from memory when it was asked before (the hot path of HEAD).
    struct FileAnswer {
        catalog::Revision revision;
        catalog::TreeEntry entry;
        bool gated = false; ///< the package is gated: the caller asks checkGate()
        std::shared_ptr<const catalog::Package> package; ///< never null; as it was when the answer was made
        std::optional<XetHash> xetHash; ///< when the file is under LFS and Xet clients can fetch its content
    };
    /// `segments`: everything after "resolve". Blocked when the package is disabled. On EntryNotFound
    /// `shaOnMiss` (may be null) gets the revision's sha, which clients want in X-Repo-Commit.
    [[nodiscard]] Result<std::shared_ptr<const FileAnswer>> file(const access::Permit& permit,
                                                                 const PackageId& id,
                                                                 const QList<QByteArray>& segments,
                                                                 QByteArray* shaOnMiss) const;
    /// What file() would answer, when memory alone can tell and the answer is a file of a package that is not
    /// gated; null otherwise. Never waits: for HTTP threads. The rules of who may see a package are the same
    /// as in file().
    [[nodiscard]] std::shared_ptr<const FileAnswer>
    cachedFile(const access::Permit& permit, const PackageId& id, const QList<QByteArray>& segments) const;
    /// The bytes behind a file. Errors: ContentMissing, Corrupt.
    [[nodiscard]] Result<store::Content> content(const catalog::TreeEntry& entry) const;
    /// A small file whole, for cards and previews. Errors: TooLarge above `limit` bytes, Gated, Blocked, and
    /// those of content().
    [[nodiscard]] Result<QByteArray> readFile(const access::Permit& permit, const PackageId& id,
                                              const catalog::Revision& revision, const RepoPath& path,
                                              qint64 limit) const;
    /// Gated packages give their files to those who may write to them (hub-api 2.4, DECISIONS 30). Errors:
    /// Gated with the text that clients show.
    [[nodiscard]] Result<void> checkGate(const access::Permit& permit, const catalog::Package& package) const;

    struct LfsFile {
        QByteArray fileOid; ///< identifies (content, path) in deletions
        QString path;
        Sha256 content;
        qint64 size = 0;
        qint64 pushedMs = 0;
        std::optional<QString> ref;
    };
    [[nodiscard]] Result<catalog::Page<LfsFile>> lfsFiles(const access::Permit& permit, const PackageId& id,
                                                          int limit, const QByteArray& cursor) const;

private:
    [[nodiscard]] Result<std::shared_ptr<const FileAnswer>> findFile(const access::Permit& permit,
                                                                     const PackageId& id,
                                                                     const QList<QByteArray>& segments,
                                                                     QByteArray* shaOnMiss) const;

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hublet::service
