// SPDX-License-Identifier: Apache-2.0
// What is asked of the catalogue in lists, and what it answers.
#pragma once

#include "core/catalog/model/discussion.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"

#include <functional>
#include <optional>
#include <vector>

namespace hublet::catalog {

/// May this caller see the package? An empty function lets everything through.
using PackageFilter = std::function<bool(const Package&)>;

struct RepositoryTotals {
    qint64 packages = 0;
    qint64 files = 0;        ///< at the heads of main
    qint64 logicalBytes = 0; ///< at the heads of main
};

struct CommitPage {
    std::vector<Commit> commits; ///< first-parent history, newest first
    qint64 total = 0;            ///< length of the whole history
    QByteArray nextCursor;       ///< empty on the last page
};

struct RevisionAndPath {
    Revision revision;
    QByteArray path; ///< the segments after the revision joined by '/', unchecked; empty = root
};

struct TreeQuery {
    RepoPath folder;
    bool recursive = false;
    int limit = 1000;
    QByteArray cursor; ///< from the page before; opaque
};

/// One path that differs between two commits. Folders are not reported, only the files in them.
struct PathChange {
    RepoPath path;
    std::optional<TreeEntry> before; ///< absent: added
    std::optional<TreeEntry> after;  ///< absent: deleted
};

struct LfsFile {
    GitOid fileOid; ///< id of the pointer blob
    RepoPath path;
    Sha256 content;
    qint64 size = 0;
    qint64 pushedMs = 0; ///< when the content first entered the package
    Ref ref;             ///< the first ref (main before others) in which this content lies at this path
};

struct DiscussionQuery {
    std::optional<bool> pullRequests; ///< only pull requests, or only plain discussions
    enum class Status { All, Open, Closed };
    Status status = Status::All; ///< Open includes drafts; Closed includes merged
    std::optional<QString> author;
    int offset = 0;
    int limit = 50;
};

struct DiscussionPage {
    std::vector<Discussion> items; ///< newest first, without events
    int count = 0;                 ///< of all that match
};

/// A place in some package where a content is used.
struct ContentUse {
    Package package;
    QString revision; ///< ref name, or commit id when no ref leads there
    RepoPath path;
};

} // namespace hublet::catalog
