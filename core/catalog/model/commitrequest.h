// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/names.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"
#include "core/store/context/content.h"

#include <optional>
#include <variant>
#include <vector>

namespace hublet::catalog {

/// How a file enters the tree: as itself or as its LFS pointer.
enum class StoreAs {
    Auto, ///< as .gitattributes of the new commit and the size say (UploadModeRule)
    Regular,
    Lfs,
};

/// Puts a file at `path`; what lies there is replaced. A file that lies where `path` needs a folder is
/// replaced by that folder; a folder is never replaced by a file (Conflict) unless it was deleted before in
/// the same commit.
struct AddFile {
    RepoPath path;
    /// From ContentWriter::end(). For content that is stored already: only `sha256` and `size` (-1 = take the
    /// stored size), `blobOid` null; such a file is stored as LFS.
    store::StagedContent content;
    StoreAs storeAs = StoreAs::Auto;
    /// The bytes themselves, for the few files that the catalog reads (keepsText()).
    std::optional<QByteArray> text;

    /// README.md, .gitattributes and .gitignore are read by the catalog inside transactions, where the
    /// content store cannot be asked: whoever stages one of them hands its bytes over in `text`.
    static constexpr qint64 TextLimit =
        1024 * 1024; ///< bytes; larger ones are treated as if they said nothing
    [[nodiscard]] static bool keepsText(const RepoPath& path);
};

/// Removes a file, or a folder with all that is in it. EntryNotFound when there is neither.
struct DeletePath {
    RepoPath path;
};

/// Removes a folder. EntryNotFound when there is no folder of that name.
struct DeleteFolder {
    RepoPath path;
};

/// Copies a file or folder; no bytes move.
struct CopyPath {
    RepoPath from;
    std::optional<GitOid> commit; ///< of the same package; absent: the tree as the operations before left it
    RepoPath to;
};

/// Renames a file or folder. For a rename with new content let an AddFile on `to` follow.
struct RenamePath {
    RepoPath from;
    RepoPath to;
};

using Operation = std::variant<AddFile, DeletePath, DeleteFolder, CopyPath, RenamePath>;

/// Who makes a commit. Characters that git forbids in an author line are taken out.
struct Signature {
    QString name;
    QString email;
};

/// A package to be created.
struct NewPackage {
    qint64 repositoryId = 0;
    PackageId id;
    bool isPrivate = false;
    Signature creator;
};

/// One commit to be made (hub-api 6).
struct CommitRequest {
    qint64 package = 0; ///< row id; 0 together with `newPackage`
    std::optional<NewPackage>
        newPackage; ///< create on deploy: made in the same transaction, without an initial commit
    bool packageMustBeNew = false;   ///< AlreadyExists when there is a package of that name
    QString ref;                     ///< full name: "refs/heads/main", "refs/pr/3"
    bool createRef = false;          ///< an unknown refs/heads/... becomes a release with exactly these files
    bool mayOverwriteRelease = true; ///< false: Conflict when `ref` is an existing release (DECISIONS 3)
    bool createPullRequest = false;  ///< leave `ref` alone: a new refs/pr/<n> on top of it
    Signature author;
    QString title; ///< `summary` of the request; lines after the first join the description
    QString description;
    QByteArray parentCommit; ///< what the client thinks the head is: full id or a prefix of at least 5
                             ///< digits; may be empty
    std::vector<Operation> operations; ///< applied in order
    std::optional<Sha256>
        requestDigest; ///< of the request body: a replay answers with the commit it made before
};

struct CommitResult {
    Package package; ///< as it is after the commit
    Commit commit;
    Ref ref;                        ///< that now points to the commit
    std::optional<int> pullRequest; ///< number, when one was created
    bool refCreated = false;
    bool packageCreated = false;
    bool replayed = false; ///< nothing was written: this very request was committed before
};

} // namespace hublet::catalog
