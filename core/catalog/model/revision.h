// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/names.h"

#include <QString>

#include <optional>
#include <vector>

namespace hublet::catalog {

enum class RefKind {
    Branch,      ///< refs/heads/<name>
    Tag,         ///< refs/tags/<name>
    Release,     ///< a branch that came into being by deploying to it (ARCHITECTURE 1, DECISIONS 2); refs/heads/<name>
    PullRequest, ///< refs/pr/<n>
    Convert,     ///< refs/convert/<name>
};

/// A name for a commit. `name` is what clients say ("main", "refs/pr/1"), `fullName` what git says ("refs/heads/main").
struct Ref {
    RefKind kind = RefKind::Branch;
    QString name;
    QString fullName;
    GitOid commit;
    qint64 createdMs = 0;
    qint64 updatedMs = 0;
};

/// A git commit, as git would store it.
struct Commit {
    GitOid oid;
    GitOid tree;
    std::vector<GitOid> parents; ///< first parent first
    QString author;              ///< user name
    QString authorEmail;
    qint64 timeMs = 0; ///< milliseconds; the git object itself holds whole seconds
    QString title;     ///< first line of the message
    QString message;   ///< what follows the title, possibly empty
};

/// A revision that a client named, resolved to one commit.
struct Revision {
    QString asked;             ///< as the client wrote it
    Commit commit;
    std::optional<Ref> ref;    ///< when a ref was named, not a commit id
    /// What clients get as `sha` and X-Repo-Commit: the commit id, or the name of a release whose name is 40 hex digits.
    QByteArray sha;
    [[nodiscard]] bool isImmutable() const { return !ref.has_value(); }
};

/// A file or folder at a commit.
struct TreeEntry {
    enum class Kind { File, Directory };
    Kind kind = Kind::File;
    RepoPath path;
    GitOid oid;      ///< git blob (of the pointer for an LFS file) or tree id
    qint64 size = 0; ///< real bytes, also for LFS; total below it for a directory
    bool lfs = false;
    qint64 pointerSize = 0; ///< bytes of the LFS pointer; 0 when not LFS
    Sha256 content;         ///< of the real bytes; null for a directory
    qint64 fileCount = 0;   ///< directory: files below it
    /// What clients get as ETag without quotes: SHA-256 for LFS, git blob id otherwise.
    [[nodiscard]] QByteArray etag() const { return lfs ? content.toHex() : oid.toHex(); }
};

/// The newest commit that touched a path.
struct LastCommit {
    GitOid oid;
    QString title;
    qint64 timeMs = 0;
};

/// A commit as published under one ref at one time: the unit that layouts place in the artifact tree.
struct Deployment {
    qint64 id = 0;
    QString revision; ///< ref name
    GitOid commit;
    QString publisher;
    qint64 publishedMs = 0;
};

} // namespace hublet::catalog
