// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/catalog/model/claimant.h"
#include "core/catalog/model/listings.h"
#include "core/catalog/model/repository.h"
#include "core/catalog/model/storageuse.h"
#include "core/catalog/reading/heldtotals.h"
#include "core/db/database.h"
#include "core/store/contentstore.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hublet::catalog {

class LastCommitFinder;
class TreeReader;

/// Everything that reads the catalogue: repositories, packages, refs, commits, trees, deployments,
/// discussions. Thread-safe. Each call is one read transaction on the calling thread (some tens of
/// microseconds to a few milliseconds): not for the GUI thread, not from inside Database::read or write.
/// `package` is Package::rowId.
///
/// Errors of all functions: Database. RevisionNotFound where a commit is not one of the package.
class Catalog {
public:
    explicit Catalog(db::Database& database);
    ~Catalog();

    /// Grows with every write that went through this object, but for claims. What was computed from reads
    /// before stays valid as long as this number, taken before those reads, stays the same. Trees and commits
    /// never change: caches keyed by a commit id need no number.
    [[nodiscard]] quint64 generation() const { return m_generation.load(std::memory_order_acquire); }

    // Repositories
    [[nodiscard]] Result<std::vector<Repository>> repositories() const; ///< ordered by key
    /// Error: RepositoryNotFound.
    [[nodiscard]] Result<Repository> repository(const RepositoryKey& key) const;
    [[nodiscard]] Result<RepositoryTotals> totals(qint64 repository) const;
    /// Bytes that all commits of the repository's packages hold, each content once: what a quota limits.
    /// Looks at each of these contents once after every write (a second for a million).
    [[nodiscard]] Result<qint64> heldBytes(qint64 repository) const;
    /// Looks at every content there is: some seconds where there are millions.
    [[nodiscard]] Result<StorageUse> storageUse(const StorageScope& scope) const;

    // Packages
    /// Error: PackageNotFound.
    [[nodiscard]] Result<Package> package(qint64 repository, const PackageId& id) const;
    [[nodiscard]] Result<Package> package(qint64 rowId) const;
    /// The package that once had this name, when no package has it now.
    [[nodiscard]] Result<std::optional<Package>> movedTo(qint64 repository, const PackageId& id) const;
    /// `repository`: absent = all repositories.
    [[nodiscard]] Result<Page<Package>> packages(std::optional<qint64> repository, const PackageQuery& query,
                                                 const PackageFilter& visible = {}) const;
    /// Namespaces with the number of visible packages in each, ordered by name. Package::card is not read for
    /// `visible`.
    [[nodiscard]] Result<std::vector<std::pair<QString, qint64>>>
    namespaces(qint64 repository, PackageType type, const PackageFilter& visible = {}) const;

    // Revisions
    /// main first, then by name; pull requests last, by number.
    [[nodiscard]] Result<std::vector<Ref>> refs(qint64 package, bool withPullRequests) const;
    /// `fullName`: "refs/heads/main". Nothing when there is no such ref.
    [[nodiscard]] Result<std::optional<Ref>> ref(qint64 package, const QString& fullName) const;
    /// Full commit id, branch or release, tag, "refs/...", "HEAD" (main), unique prefix of a commit id of at
    /// least 4 digits; in that order. Error: RevisionNotFound, with the text "Invalid rev id: <revision>".
    [[nodiscard]] Result<Revision> resolve(qint64 package, const QString& revision) const;
    /// Splits path segments (decoded) that follow a route's keyword into revision and path, and resolves it:
    /// first the fixed forms "refs/pr/<n>", "refs/convert/<w>", else the shortest join that names a revision
    /// (hub-api 1.2.3).
    [[nodiscard]] Result<RevisionAndPath> resolvePath(qint64 package,
                                                      const QList<QByteArray>& segments) const;
    [[nodiscard]] Result<Commit> commit(qint64 package, const GitOid& commit) const;
    /// The newest commit that both come from, see mergebase.h; nothing when they have nothing in common.
    [[nodiscard]] Result<std::optional<GitOid>> mergeBase(qint64 package, const GitOid& left,
                                                          const GitOid& right) const;
    [[nodiscard]] Result<CommitPage> commits(qint64 package, const GitOid& from, int limit,
                                             const QByteArray& cursor = {}) const;

    // Trees
    /// The root is a directory with an empty path. Error: EntryNotFound.
    [[nodiscard]] Result<TreeEntry> entry(qint64 package, const GitOid& commit, const RepoPath& path) const;
    /// Those of `paths` that exist, in that order.
    [[nodiscard]] Result<std::vector<TreeEntry>> entries(qint64 package, const GitOid& commit,
                                                         const std::vector<RepoPath>& paths) const;
    /// In git's order: bytewise, a folder as if its name ended in '/', before what is in it. EntryNotFound
    /// when `query.folder` is absent or a file.
    [[nodiscard]] Result<Page<TreeEntry>> tree(qint64 package, const GitOid& commit,
                                               const TreeQuery& query) const;
    /// All files below `folder` in git's order, one read transaction for all, inside which `visit`
    /// must not read; stops when `visit` returns false.
    [[nodiscard]] Result<void> forEachFile(qint64 package, const GitOid& commit, const RepoPath& folder,
                                           const std::function<bool(const TreeEntry&)>& visit) const;
    /// The newest commit in the first-parent history of `commit` that touched each path; nothing for absent
    /// paths.
    [[nodiscard]] Result<std::vector<std::optional<LastCommit>>>
    lastCommits(qint64 package, const GitOid& commit, const std::vector<RepoPath>& paths) const;
    /// Files that differ, in git's order. TooLarge when there are more than `limit`.
    [[nodiscard]] Result<std::vector<PathChange>> changes(qint64 package, const GitOid& before,
                                                          const GitOid& after, int limit) const;
    /// LFS files at the heads of all refs, each (content, path) once.
    [[nodiscard]] Result<Page<LfsFile>> lfsFiles(qint64 package, int limit,
                                                 const QByteArray& cursor = {}) const;
    /// Bytes of README.md, .gitattributes or .gitignore at any folder; nothing when absent or larger than
    /// AddFile::TextLimit.
    [[nodiscard]] Result<std::optional<QByteArray>> text(qint64 package, const GitOid& commit,
                                                         const RepoPath& path) const;
    /// What the card says at this commit.
    [[nodiscard]] Result<CardFacts> card(qint64 package, const GitOid& commit) const;

    // Deployments
    /// Newest first. `revision`: ref name; absent = of all.
    [[nodiscard]] Result<Page<Deployment>> deployments(qint64 package, const std::optional<QString>& revision,
                                                       int limit, const QByteArray& cursor = {}) const;
    /// No two deployments of a package have the same time. Nothing when there is none.
    [[nodiscard]] Result<std::optional<Deployment>> deployment(qint64 package, qint64 publishedMs) const;

    // Discussions
    [[nodiscard]] Result<DiscussionPage> discussions(qint64 package, const DiscussionQuery& query) const;
    /// With events. Error: NotFound.
    [[nodiscard]] Result<Discussion> discussion(qint64 package, int number) const;
    /// The same without events.
    [[nodiscard]] Result<Discussion> discussionFields(qint64 package, int number) const;
    /// Its events, oldest first; a page ends when it is long. Error: NotFound.
    [[nodiscard]] Result<Page<DiscussionEvent>> discussionEvents(qint64 package, int number,
                                                                 const QByteArray& cursor = {}) const;
    /// Paths that would stop a merge of the pull request now; empty when it can be merged. RevisionNotFound
    /// when its base is gone.
    [[nodiscard]] Result<std::vector<RepoPath>> mergeConflicts(qint64 package, int number) const;

    // Content
    /// May `content` be named in a commit: uploaded lately by the claimant, or used in a package that
    /// `visible` lets through?
    [[nodiscard]] Result<bool> mayClaim(const Claimant& claimant, const Sha256& content, qint64 nowMs,
                                        const PackageFilter& visible) const;
    /// Where a content is used, at most `limit` places; refs are searched before older commits.
    [[nodiscard]] Result<std::vector<ContentUse>> contentUses(const Sha256& content, int limit) const;
    /// Contents of a repository that are not in this form (segments or whole) and would be if its Xet switch
    /// asked for it: one that another repository with Xet on uses as well stays as segments.
    [[nodiscard]] Result<OtherForm> countInOtherForm(qint64 repository, bool asSegments) const;
    /// At most `limit` behind `after`, by digest; start with a null one.
    [[nodiscard]] Result<std::vector<Sha256>> listInOtherForm(qint64 repository, bool asSegments,
                                                              const Sha256& after, int limit) const;
    /// Contents changed form or turned out damaged: what was read may not hold any more, see generation().
    void noteStorageChange() { m_generation.fetch_add(1, std::memory_order_acq_rel); }
    /// For ContentStore::sweep: all that packages and unexpired claims still need.
    [[nodiscard]] store::LiveContents liveContents(const Clock& clock) const;

    /// For the writers of this module: Database::write, then a new generation().
    template <typename F>
    [[nodiscard]] auto write(F&& work) -> std::invoke_result_t<F, db::Transaction&>
    {
        auto result = m_database.write(std::forward<F>(work));
        m_generation.fetch_add(1, std::memory_order_acq_rel);
        return result;
    }
    /// The same for claims, which only mayClaim() reads: what else was read before stays valid.
    template <typename F>
    [[nodiscard]] auto writeClaims(F&& work) -> std::invoke_result_t<F, db::Transaction&>
    {
        return m_database.write(std::forward<F>(work));
    }
    /// For the other classes of this module: Database::read.
    template <typename F>
    [[nodiscard]] auto read(F&& work) const -> std::invoke_result_t<F, db::Transaction&>
    {
        return m_database.read(std::forward<F>(work));
    }
    [[nodiscard]] const TreeReader& treeReader() const { return *m_trees; }
    [[nodiscard]] HeldTotals& heldTotals() { return m_heldTotals; }

private:
    db::Database& m_database;
    std::atomic<quint64> m_generation{1};
    std::unique_ptr<TreeReader> m_trees;
    std::unique_ptr<LastCommitFinder> m_lastCommits;
    struct HeldBytes {
        quint64 generation = 0;
        qint64 bytes = 0;
    };
    mutable std::mutex m_heldMutex;
    mutable std::map<qint64, HeldBytes> m_held; ///< by repository
    HeldTotals m_heldTotals;                    ///< for writes; m_held is for reads
};

} // namespace hublet::catalog
