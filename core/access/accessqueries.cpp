// SPDX-License-Identifier: Apache-2.0
#include "core/access/accessqueries.h"

#include "core/base/random.h"

namespace hublet::access {

namespace {

Result<void> insertGrants(db::Transaction& transaction, QStringView sql, qint64 permissionId,
                          const QList<GrantRow>& rows)
{
    for (const GrantRow& row : rows) {
        auto query = transaction.query(sql);
        if (const auto run = query.run(permissionId, row.holderId, actionsToText(row.actions)); !run)
            return run;
    }
    return {};
}

} // namespace

QString linesToText(const QStringList& lines)
{
    return lines.join(u'\n');
}
QStringList linesFromText(const QString& text)
{
    return text.split(u'\n', Qt::SkipEmptyParts);
}
QString actionsToText(ActionSet actions)
{
    return actions.names().join(u',');
}

std::optional<ActionSet> actionsFromText(const QString& text)
{
    return ActionSet::fromNames(text.split(u',', Qt::SkipEmptyParts));
}

Result<qint64> insertUser(db::Transaction& transaction, const NewUser& user, const QByteArray& passwordHash,
                          qint64 nowMs)
{
    const auto id = transaction.insert(
        u"INSERT INTO access_user (name, folded, full_name, email, admin, password, hub_id, created_ms) "
        u"VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        user.name, user.name.toLower(), user.fullName, user.email, user.admin,
        QString::fromLatin1(passwordHash), QString::fromLatin1(randomHubId()), nowMs);
    if (!id)
        return id;
    auto joining = transaction.query(u"INSERT INTO access_membership (group_id, user_id) "
                                     u"SELECT g.id, u.id FROM access_group g, access_user u "
                                     u"WHERE g.auto_join = 1 AND u.id = ?");
    if (const auto run = joining.run(*id); !run)
        return forward(run);
    return id;
}

Result<void> updateUserRow(db::Transaction& transaction, const User& user, const QByteArray& passwordHash)
{
    auto query =
        transaction.query(u"UPDATE access_user SET full_name = ?, email = ?, admin = ?, password = ? "
                          u"WHERE id = ?");
    return query.run(user.fullName, user.email, user.admin, QString::fromLatin1(passwordHash), user.id);
}

Result<void> updatePasswordHash(db::Transaction& transaction, qint64 userId, const QByteArray& oldHash,
                                const QByteArray& newHash)
{
    auto query = transaction.query(u"UPDATE access_user SET password = ? WHERE id = ? AND password = ?");
    return query.run(QString::fromLatin1(newHash), userId, QString::fromLatin1(oldHash));
}

Result<void> deleteUserRow(db::Transaction& transaction, qint64 id)
{
    return transaction.query(u"DELETE FROM access_user WHERE id = ?").run(id);
}

Result<void> insertGroup(db::Transaction& transaction, const NewGroup& group)
{
    auto query = transaction.query(u"INSERT INTO access_group (name, folded, description, auto_join, hub_id) "
                                   u"VALUES (?, ?, ?, ?, ?)");
    return query.run(group.name, group.name.toLower(), group.description, group.autoJoin,
                     QString::fromLatin1(randomHubId()));
}

Result<void> deleteGroupRow(db::Transaction& transaction, qint64 id)
{
    return transaction.query(u"DELETE FROM access_group WHERE id = ?").run(id);
}

Result<void> insertMembership(db::Transaction& transaction, qint64 groupId, qint64 userId)
{
    auto query = transaction.query(u"INSERT INTO access_membership (group_id, user_id) VALUES (?, ?) "
                                   u"ON CONFLICT (group_id, user_id) DO NOTHING");
    return query.run(groupId, userId);
}

Result<void> deleteMembership(db::Transaction& transaction, qint64 groupId, qint64 userId)
{
    return transaction.query(u"DELETE FROM access_membership WHERE group_id = ? AND user_id = ?")
        .run(groupId, userId);
}

Result<qint64> insertToken(db::Transaction& transaction, qint64 userId, const Token& token,
                           const Sha256& digest)
{
    return transaction.insert(
        u"INSERT INTO access_token (user_id, name, role, repository, prefix, digest, created_ms, expires_ms) "
        u"VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        userId, token.name, tokenRoleName(token.role), token.repository, token.prefix, digest,
        token.createdMs, token.expiresMs);
}

Result<void> deleteExpiredTokens(db::Transaction& transaction, qint64 userId, qint64 expiredAtMs)
{
    auto query = transaction.query(u"DELETE FROM access_token WHERE user_id = ? AND expires_ms <= ?");
    return query.run(userId, expiredAtMs);
}

Result<void> deleteTokenRow(db::Transaction& transaction, qint64 id)
{
    return transaction.query(u"DELETE FROM access_token WHERE id = ?").run(id);
}

Result<void> updateTokenUse(db::Transaction& transaction, qint64 id, qint64 usedMs)
{
    return transaction.query(u"UPDATE access_token SET last_used_ms = ? WHERE id = ?").run(usedMs, id);
}

Result<qint64> insertPermission(db::Transaction& transaction, const Permission& permission)
{
    return transaction.insert(
        u"INSERT INTO access_permission (name, folded, repositories, includes, excludes, anonymous_read) "
        u"VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        permission.name, permission.name.toLower(), linesToText(permission.repositories),
        linesToText(permission.includes), linesToText(permission.excludes), permission.anonymousRead);
}

Result<void> updatePermissionRow(db::Transaction& transaction, qint64 id, const Permission& permission)
{
    auto query =
        transaction.query(u"UPDATE access_permission SET repositories = ?, includes = ?, excludes = ?, "
                          u"anonymous_read = ? WHERE id = ?");
    return query.run(linesToText(permission.repositories), linesToText(permission.includes),
                     linesToText(permission.excludes), permission.anonymousRead, id);
}

Result<void> replaceGrants(db::Transaction& transaction, qint64 permissionId, const QList<GrantRow>& users,
                           const QList<GrantRow>& groups)
{
    const auto emptied =
        transaction.query(u"DELETE FROM access_user_grant WHERE permission_id = ?")
            .run(permissionId)
            .and_then([&] {
                return transaction.query(u"DELETE FROM access_group_grant WHERE permission_id = ?")
                    .run(permissionId);
            });
    if (!emptied)
        return emptied;
    const auto given = insertGrants(
        transaction, u"INSERT INTO access_user_grant (permission_id, user_id, actions) VALUES (?, ?, ?)",
        permissionId, users);
    if (!given)
        return given;
    return insertGrants(transaction,
                        u"INSERT INTO access_group_grant (permission_id, group_id, actions) VALUES (?, ?, ?)",
                        permissionId, groups);
}

Result<void> deletePermissionRow(db::Transaction& transaction, qint64 id)
{
    return transaction.query(u"DELETE FROM access_permission WHERE id = ?").run(id);
}

Result<void> updateAnonymousAccess(db::Transaction& transaction, AnonymousAccess access)
{
    auto query = transaction.query(u"INSERT INTO access_setting (name, value) VALUES ('anonymous', ?) "
                                   u"ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    return query.run(anonymousAccessName(access));
}

} // namespace hublet::access
