// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/directory.h"
#include "core/base/digest.h"
#include "core/db/transaction.h"

/// The statements behind Directory's changes. What they are given was checked before.
namespace hublet::access {

// How lists and sets of actions stand in one column.
[[nodiscard]] QString linesToText(const QStringList& lines);
[[nodiscard]] QStringList linesFromText(const QString& text);
[[nodiscard]] QString actionsToText(ActionSet actions);
[[nodiscard]] std::optional<ActionSet> actionsFromText(const QString& text);

/// Also joins the groups that new users join. Gives the new id.
[[nodiscard]] Result<qint64> insertUser(db::Transaction& transaction, const NewUser& user,
                                        const QByteArray& passwordHash, qint64 nowMs);
[[nodiscard]] Result<void> updateUserRow(db::Transaction& transaction, const User& user,
                                         const QByteArray& passwordHash);
[[nodiscard]] Result<void> updatePasswordHash(db::Transaction& transaction, qint64 userId,
                                              const QByteArray& oldHash, const QByteArray& newHash);
[[nodiscard]] Result<void> deleteUserRow(db::Transaction& transaction, qint64 id);

[[nodiscard]] Result<void> insertGroup(db::Transaction& transaction, const NewGroup& group);
[[nodiscard]] Result<void> deleteGroupRow(db::Transaction& transaction, qint64 id);
[[nodiscard]] Result<void> insertMembership(db::Transaction& transaction, qint64 groupId, qint64 userId);
[[nodiscard]] Result<void> deleteMembership(db::Transaction& transaction, qint64 groupId, qint64 userId);

/// Gives the new id.
[[nodiscard]] Result<qint64> insertToken(db::Transaction& transaction, qint64 userId, const Token& token,
                                         const Sha256& digest);
/// Those of one user that had expired at `expiredAtMs`.
[[nodiscard]] Result<void> deleteExpiredTokens(db::Transaction& transaction, qint64 userId,
                                               qint64 expiredAtMs);
[[nodiscard]] Result<void> deleteTokenRow(db::Transaction& transaction, qint64 id);
[[nodiscard]] Result<void> updateTokenUse(db::Transaction& transaction, qint64 id, qint64 usedMs);

/// What a permission gives to one user or group, by id.
struct GrantRow {
    qint64 holderId = 0;
    ActionSet actions;
};
[[nodiscard]] Result<qint64> insertPermission(db::Transaction& transaction, const Permission& permission);
[[nodiscard]] Result<void> updatePermissionRow(db::Transaction& transaction, qint64 id,
                                               const Permission& permission);
[[nodiscard]] Result<void> replaceGrants(db::Transaction& transaction, qint64 permissionId,
                                         const QList<GrantRow>& users, const QList<GrantRow>& groups);
[[nodiscard]] Result<void> deletePermissionRow(db::Transaction& transaction, qint64 id);

[[nodiscard]] Result<void> updateAnonymousAccess(db::Transaction& transaction, AnonymousAccess access);

} // namespace hublet::access
