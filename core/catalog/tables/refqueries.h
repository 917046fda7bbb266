// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"
#include "core/db/transaction.h"

/// The statements over refs and deployments. Each runs inside the caller's transaction.
namespace hublet::catalog::queries {

struct RefRow {
    qint64 id = 0;
    qint64 package = 0;
    qint64 commit = 0; ///< row
    Ref ref;
};
[[nodiscard]] Result<std::optional<RefRow>> findRef(db::Transaction& transaction, qint64 package,
                                                    const QString& fullName);
/// main first, then by name; pull requests last, by number.
[[nodiscard]] Result<std::vector<RefRow>> refs(db::Transaction& transaction, qint64 package);
/// Creates the ref or moves it; `kind` and `message` count for a new one only.
[[nodiscard]] Result<RefRow> setRef(db::Transaction& transaction, qint64 package, const QString& fullName,
                                    RefKind kind, qint64 commit, const QString& message, qint64 nowMs);
[[nodiscard]] Result<void> deleteRef(db::Transaction& transaction, qint64 ref);

/// Publishes the commit under a ref, at `nowMs` or the first later millisecond that is free.
[[nodiscard]] Result<void> insertDeployment(db::Transaction& transaction, qint64 package,
                                            const QString& fullName, qint64 commit, const QString& publisher,
                                            qint64 nowMs);
[[nodiscard]] Result<void> deleteDeployments(db::Transaction& transaction, qint64 package,
                                             const QString& fullName);
/// `revision`: name of a branch, release or tag.
[[nodiscard]] Result<Page<Deployment>> deployments(db::Transaction& transaction, qint64 package,
                                                   const std::optional<QString>& revision, int limit,
                                                   const QByteArray& cursor);
[[nodiscard]] Result<std::optional<Deployment>> deployment(db::Transaction& transaction, qint64 package,
                                                           qint64 publishedMs);

} // namespace hublet::catalog::queries
