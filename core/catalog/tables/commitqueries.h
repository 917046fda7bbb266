// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/commitrequest.h"
#include "core/catalog/trees/tree.h"
#include "core/db/transaction.h"

/// The statements over commits. Each runs inside the caller's transaction.
namespace hublet::catalog::queries {

/// A commit with what only the database knows of it.
struct CommitRow {
    qint64 id = 0;
    qint64 package = 0;
    qint64 tree = 0;        ///< row
    qint64 firstParent = 0; ///< row; 0 = none
    qint64 generation = 1;  ///< commits from here back along first parents
    Commit commit;
};

[[nodiscard]] Result<std::optional<CommitRow>> findCommit(db::Transaction& transaction, qint64 package,
                                                          const GitOid& oid);
[[nodiscard]] Result<std::optional<CommitRow>> findCommit(db::Transaction& transaction, qint64 row);
/// Error: RevisionNotFound.
[[nodiscard]] Result<CommitRow> commit(db::Transaction& transaction, qint64 package, const GitOid& oid);
[[nodiscard]] Result<CommitRow> commit(db::Transaction& transaction, qint64 row);
/// The only commit of the package whose id begins with these hex digits; nothing when there are none or
/// several.
[[nodiscard]] Result<std::optional<CommitRow>> commitByPrefix(db::Transaction& transaction, qint64 package,
                                                              const QByteArray& hex);
/// Commits that were made by this very request, newest first.
[[nodiscard]] Result<std::vector<CommitRow>> commitsByRequest(db::Transaction& transaction, qint64 package,
                                                              const Sha256& requestDigest);
/// Rows of the parents, first parent first; empty for a commit that does not exist.
[[nodiscard]] Result<std::vector<qint64>> parentRows(db::Transaction& transaction, qint64 row);
/// Rows of all commits of the package, in the order they were made.
[[nodiscard]] Result<std::vector<qint64>> commitRows(db::Transaction& transaction, qint64 package);

struct NewCommit {
    qint64 package = 0;
    std::shared_ptr<const Tree> tree;
    std::vector<CommitRow> parents; ///< first parent first
    Signature author;
    qint64 timeMs = 0;
    QString title;
    QString message;
    std::optional<Sha256> requestDigest;
};
/// Stores the commit under git's id of it; one that exists already is given back.
[[nodiscard]] Result<CommitRow> insertCommit(db::Transaction& transaction, const NewCommit& fresh);

} // namespace hublet::catalog::queries
