// SPDX-License-Identifier: Apache-2.0
#include "core/access/snapshotqueries.h"

#include "core/access/accessqueries.h"

namespace hublet::access {

namespace {

tl::unexpected<Error> corrupt(const QString& table, qint64 id)
{
    return fail(ErrorCode::Corrupt, QStringLiteral("Row %1 of %2 cannot be understood").arg(id).arg(table));
}

std::optional<qint64> optionalInteger(const db::Query& query, int column)
{
    return query.isNull(column) ? std::nullopt : std::optional(query.integer(column));
}

} // namespace

Result<std::shared_ptr<const Snapshot>> SnapshotQueries::load(db::Transaction& transaction,
                                                              const Snapshot* before)
{
    SnapshotQueries queries(transaction);
    const auto loaded = queries.loadSettings()
                            .and_then([&] { return queries.loadUsers(); })
                            .and_then([&] { return queries.loadGroups(); })
                            .and_then([&] { return queries.loadMemberships(); })
                            .and_then([&] { return queries.loadTokens(before); })
                            .and_then([&] { return queries.loadPermissions(); })
                            .and_then([&] { return queries.loadUserGrants(); })
                            .and_then([&] { return queries.loadGroupGrants(); });
    if (!loaded)
        return forward(loaded);
    return queries.m_snapshot;
}

Result<void> SnapshotQueries::loadSettings()
{
    auto query = m_transaction.query(u"SELECT value FROM access_setting WHERE name = 'anonymous'");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next())
        m_snapshot->m_anonymousAccess = anonymousAccessFromName(query.text(0)).value_or(AnonymousAccess::Off);
    return {};
}

Result<void> SnapshotQueries::loadUsers()
{
    auto query =
        m_transaction.query(u"SELECT id, name, folded, full_name, email, admin, password, hub_id, created_ms "
                            u"FROM access_user");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next()) {
        Snapshot::UserEntry entry;
        User& user = entry.user;
        user.id = query.integer(0);
        user.name = query.text(1);
        user.fullName = query.text(3);
        user.email = query.text(4);
        user.admin = query.flag(5);
        entry.passwordHash = query.text(6).toLatin1();
        user.hasPassword = !entry.passwordHash.isEmpty();
        user.hubId = query.text(7).toLatin1();
        user.createdMs = query.integer(8);

        Principal& principal = entry.principal;
        principal.kind = Principal::Kind::User;
        principal.userId = user.id;
        principal.name = user.name;
        principal.fullName = user.fullName;
        principal.email = user.email;
        principal.hubId = user.hubId;
        principal.admin = user.admin;

        const qint64 id = user.id;
        const auto [node, isNew] = m_snapshot->m_users.emplace(query.text(2), std::move(entry));
        m_snapshot->m_usersById.emplace(id, &node->second);
    }
    return {};
}

Result<void> SnapshotQueries::loadGroups()
{
    auto query =
        m_transaction.query(u"SELECT id, name, folded, description, auto_join, hub_id FROM access_group");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next()) {
        const qint64 id = query.integer(0);
        Group group{id, query.text(1), query.text(3), query.flag(4), query.text(5).toLatin1(), {}};
        const auto [node, isNew] = m_snapshot->m_groups.emplace(query.text(2), std::move(group));
        m_snapshot->m_groupsById.emplace(id, &node->second);
    }
    return {};
}

Result<void> SnapshotQueries::loadMemberships()
{
    auto query = m_transaction.query(
        u"SELECT m.group_id, m.user_id FROM access_membership m "
        u"JOIN access_group g ON g.id = m.group_id JOIN access_user u ON u.id = m.user_id "
        u"ORDER BY g.folded, u.folded");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next()) {
        Group& group = *m_snapshot->m_groupsById.at(query.integer(0));
        Snapshot::UserEntry& entry = *m_snapshot->m_usersById.at(query.integer(1));
        group.members += entry.user.name;
        entry.user.groups += group.name;
        entry.principal.groups += group.name;
    }
    return {};
}

Result<void> SnapshotQueries::loadTokens(const Snapshot* before)
{
    auto query =
        m_transaction.query(u"SELECT id, user_id, name, role, repository, prefix, digest, created_ms, "
                            u"expires_ms, last_used_ms FROM access_token");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next()) {
        const qint64 id = query.integer(0);
        const auto role = tokenRoleFromName(query.text(3));
        if (!role)
            return corrupt(QStringLiteral("access_token"), id);
        Snapshot::TokenEntry entry;
        entry.userId = query.integer(1);
        entry.digest = query.digest<Sha256>(6);
        entry.token.id = id;
        entry.token.userName = m_snapshot->m_usersById.at(entry.userId)->user.name;
        entry.token.name = query.text(2);
        entry.token.role = *role;
        if (!query.isNull(4))
            entry.token.repository = query.text(4);
        entry.token.prefix = query.text(5);
        entry.token.createdMs = query.integer(7);
        entry.token.expiresMs = optionalInteger(query, 8);
        if (const auto* known = before ? before->token(id) : nullptr) {
            entry.use = known->use;
        } else {
            entry.use = std::make_shared<TokenUse>();
            entry.use->usedMs = entry.use->storedMs = query.integer(9);
        }
        const auto [node, isNew] = m_snapshot->m_tokens.emplace(id, std::move(entry));
        m_snapshot->m_tokensByDigest.emplace(Snapshot::shortDigest(node->second.digest), &node->second);
    }
    return {};
}

Result<void> SnapshotQueries::loadPermissions()
{
    auto query =
        m_transaction.query(u"SELECT id, name, folded, repositories, includes, excludes, anonymous_read "
                            u"FROM access_permission");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next()) {
        Permission permission;
        permission.id = query.integer(0);
        permission.name = query.text(1);
        permission.repositories = linesFromText(query.text(3));
        permission.includes = linesFromText(query.text(4));
        permission.excludes = linesFromText(query.text(5));
        permission.anonymousRead = query.flag(6);

        auto made = PermissionMatcher::make(permission);
        if (!made)
            return corrupt(QStringLiteral("access_permission"), permission.id);
        const auto matcher = std::make_shared<const PermissionMatcher>(std::move(*made));
        if (permission.anonymousRead)
            m_snapshot->m_anonymousGrants.push_back({matcher, {Action::Read}});
        const qint64 id = permission.id;
        const auto [node, isNew] = m_snapshot->m_permissions.emplace(query.text(2), std::move(permission));
        m_permissionsById.emplace(id, PermissionRow{&node->second, matcher});
    }
    return {};
}

Result<void> SnapshotQueries::loadUserGrants()
{
    auto query = m_transaction.query(u"SELECT permission_id, user_id, actions FROM access_user_grant");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next()) {
        const auto actions = actionsFromText(query.text(2));
        if (!actions)
            return corrupt(QStringLiteral("access_user_grant"), query.integer(0));
        const PermissionRow& row = m_permissionsById.at(query.integer(0));
        Snapshot::UserEntry& entry = *m_snapshot->m_usersById.at(query.integer(1));
        row.permission->users.insert(entry.user.name, *actions);
        entry.grants.push_back({row.matcher, *actions});
    }
    return {};
}

Result<void> SnapshotQueries::loadGroupGrants()
{
    auto query = m_transaction.query(u"SELECT permission_id, group_id, actions FROM access_group_grant");
    if (const auto run = query.run(); !run)
        return run;
    while (query.next()) {
        const auto actions = actionsFromText(query.text(2));
        if (!actions)
            return corrupt(QStringLiteral("access_group_grant"), query.integer(0));
        const PermissionRow& row = m_permissionsById.at(query.integer(0));
        const Group& group = *m_snapshot->m_groupsById.at(query.integer(1));
        row.permission->groups.insert(group.name, *actions);
        giveToMembers(group, {row.matcher, *actions});
    }
    return {};
}

void SnapshotQueries::giveToMembers(const Group& group, const Snapshot::Grant& grant)
{
    for (const QString& member : group.members)
        m_snapshot->m_users.at(member.toLower()).grants.push_back(grant);
}

} // namespace hublet::access
