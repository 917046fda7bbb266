// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/listings.h"
#include "core/db/transaction.h"

namespace hublet::catalog {

/// Finds what a client means by a revision, inside one transaction. The rules: Catalog::resolve().
class RevisionResolver {
public:
    RevisionResolver(db::Transaction& transaction, qint64 package)
        : m_transaction(transaction), m_package(package)
    {
    }

    /// Shorter prefixes of commit ids are not understood.
    static constexpr int MinPrefixDigits = 4;

    /// Has it the form of a full commit id: 40 hex digits?
    [[nodiscard]] static bool isCommitId(const QString& text);

    /// Error: RevisionNotFound.
    [[nodiscard]] Result<Revision> resolve(const QString& revision);
    [[nodiscard]] Result<RevisionAndPath> resolvePath(const QList<QByteArray>& segments);
    /// The commit of the package with this id, or the only one whose id begins so; refs do not count.
    [[nodiscard]] Result<std::optional<Revision>> findCommit(const QString& asked);

private:
    [[nodiscard]] Result<std::optional<Revision>> find(const QString& revision);
    [[nodiscard]] Result<std::optional<Revision>> findRef(const QString& asked, const QString& fullName);
    [[nodiscard]] Result<std::optional<Revision>> findNamed(const QString& revision);

    db::Transaction& m_transaction;
    const qint64 m_package;
};

} // namespace hublet::catalog
