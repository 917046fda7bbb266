// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/catalog/model/commitrequest.h"

namespace hublet::catalog {

class Catalog;

struct NewBranch {
    QString name; ///< without "refs/heads/"
    std::optional<GitOid>
        startingPoint;      ///< a commit of the package; absent: head of main, or an empty tree without main
    bool empty = false;     ///< starts with a parentless commit of the empty tree
    bool overwrite = false; ///< an existing branch is moved instead of refused
    Signature author;       ///< of the commit of an empty branch
};

struct NewTag {
    QString name; ///< without "refs/tags/"
    GitOid commit;
    QString message; ///< kept; empty = none
    Signature author;
};

/// Creates, moves and deletes refs. Commits stay retrievable by id whatever happens to refs. Thread-safe;
/// blocks until durable.
class RefWriter {
public:
    /// Of a tag or a squash, UTF-8: as much as the texts of a commit have.
    static constexpr qsizetype MaxMessageBytes = 256 * 1024;

    RefWriter(Catalog& catalog, const Clock& clock);

    /// Errors: InvalidRevision, RevisionNotFound (starting point), AlreadyExists (text of hub-api 2.4).
    [[nodiscard]] Result<Ref> createBranch(qint64 package, const NewBranch& branch);
    /// Also deletes releases. Errors: Forbidden (main), RevisionNotFound, both with the texts of hub-api 7.1.
    [[nodiscard]] Result<void> deleteBranch(qint64 package, const QString& name);
    /// Errors: RevisionNotFound (checked first), InvalidRevision, AlreadyExists, InvalidArgument (the message
    /// is too long).
    [[nodiscard]] Result<Ref> createTag(qint64 package, const NewTag& tag);
    /// Error: RevisionNotFound.
    [[nodiscard]] Result<void> deleteTag(qint64 package, const QString& name);
    /// The ref (full name; a branch, release, pull request or convert ref) becomes one parentless commit with
    /// its tree. An empty message becomes "Super-squash branch '<name>'". Errors: RevisionNotFound,
    /// InvalidArgument (the message is too long).
    [[nodiscard]] Result<Commit> squash(qint64 package, const QString& fullName, const QString& message,
                                        const Signature& author);

private:
    Catalog& m_catalog;
    const Clock& m_clock;
};

} // namespace hublet::catalog
