// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/tables/refqueries.h"
#include "core/catalog/trees/treereader.h"

namespace hublet::catalog {

/// Moves and removes refs with all that follows from it: the deployment, the package's time and, for main
/// or while there is none, what the package says about itself. Lives inside one write transaction; call it
/// last (reliability 1.2: the ref is the last row).
class RefPublisher {
public:
    RefPublisher(db::Transaction& transaction, const TreeReader& reader, qint64 nowMs)
        : m_transaction(transaction), m_reader(reader), m_nowMs(nowMs)
    {
    }

    struct Target {
        QString fullName;
        RefKind kind = RefKind::Branch; ///< of a ref that does not exist yet
        QString message;                ///< of an annotated tag
    };
    [[nodiscard]] Result<queries::RefRow> publish(const Package& package, const Target& target,
                                                  const queries::CommitRow& commit, const QString& publisher);
    [[nodiscard]] Result<void> withdraw(const Package& package, const queries::RefRow& ref);

    /// May a ref of this name and kind (Branch, Release or Tag) be created? It must not exist, git can have
    /// no ref "a" beside "a/b", and none may stand for a commit of the package: what was served under an id,
    /// or the 7 or more digits that name the commit, must stay. Only a release may have a name of 40 digits
    /// (DECISIONS 1). Errors: InvalidRevision, AlreadyExists.
    [[nodiscard]] Result<void> checkNew(const Package& package, const QString& fullName, RefKind kind);

private:
    /// Error: InvalidRevision.
    [[nodiscard]] Result<void> checkHidesNoCommit(const Package& package, const QString& name, RefKind kind);
    /// Lets the package say what lies at this commit, the head of main or, while there is none, of the branch
    /// or release that was published last.
    [[nodiscard]] Result<void> describe(const Package& package, const QString& fullName,
                                        const queries::CommitRow& commit);
    /// The same for what was published last, for a package without main.
    [[nodiscard]] Result<void> describeByNewest(const Package& package);
    [[nodiscard]] Result<queries::PackageHead> headFacts(const Package& package,
                                                         const queries::CommitRow& commit);

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    const qint64 m_nowMs;
};

} // namespace hublet::catalog
