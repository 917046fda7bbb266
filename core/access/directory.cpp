// SPDX-License-Identifier: Apache-2.0
#include "core/access/directory.h"

#include "core/access/accessqueries.h"
#include "core/access/directoryrules.h"
#include "core/access/snapshotqueries.h"
#include "core/access/tokentext.h"
#include "core/base/hasher.h"
#include "core/base/random.h"
#include "core/db/database.h"

#include <sodium.h>

#include <QLoggingCategory>

Q_LOGGING_CATEGORY(accessLog, "hublet.access")

namespace hublet::access {

namespace {

constexpr qsizetype FirstPasswordLength = 20;
constexpr qint64 FirstTokenLifetimeMs = 365LL * 24 * 60 * 60 * 1000;

/// Where only success matters, not the state after it.
constexpr auto nothing = [](const auto&) {};

/// Empty for no password.
Result<QByteArray> hashOf(const PasswordHasher& passwords, const std::optional<QByteArray>& password)
{
    if (!password || password->isEmpty())
        return QByteArray();
    return passwords.hash(*password);
}

Result<CreatedToken> addToken(db::Transaction& transaction, qint64 userId, const QString& userName,
                              const NewToken& request, qint64 nowMs)
{
    CreatedToken created;
    created.secret = newTokenText();
    Token& token = created.info;
    token.userName = userName;
    token.name = request.name;
    token.role = request.role;
    if (request.repository)
        token.repository = request.repository->folded();
    token.prefix = tokenPrefix(created.secret);
    token.createdMs = nowMs;
    if (request.lifetimeMs)
        token.expiresMs = nowMs + *request.lifetimeMs;
    const auto id = insertToken(transaction, userId, token, Sha256Hasher::hash(created.secret));
    if (!id)
        return forward(id);
    token.id = *id;
    return created;
}

Token withUse(const Snapshot::TokenEntry& entry)
{
    Token token = entry.token;
    if (const qint64 usedMs = entry.use->usedMs.load(std::memory_order_relaxed); usedMs != 0)
        token.lastUsedMs = usedMs;
    return token;
}

} // namespace

Directory::Directory(db::Database& database, const Clock& clock, DirectoryOptions options)
    : m_database(database), m_clock(clock), m_options(std::move(options)), m_passwords(m_options.passwordCost)
{
}

Directory::~Directory() = default;

Result<std::unique_ptr<Directory>> Directory::open(db::Database& database, const Clock& clock,
                                                   DirectoryOptions options)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, QStringLiteral("libsodium cannot be used on this system"));
    std::unique_ptr<Directory> directory(new Directory(database, clock, std::move(options)));
    auto loaded = database.read(
        [](db::Transaction& transaction) { return SnapshotQueries::load(transaction, nullptr); });
    if (!loaded)
        return forward(loaded);
    directory->m_snapshot = std::move(*loaded);
    return directory;
}

std::shared_ptr<const Snapshot> Directory::snapshot() const
{
    const std::lock_guard lock(m_swapping);
    return m_snapshot;
}

Result<std::shared_ptr<const Snapshot>> Directory::change(const QString& what, const Work& work)
{
    const std::lock_guard changing(m_changing);
    const auto before = snapshot();
    auto after = m_database.write([&](db::Transaction& transaction) {
        return work(transaction, *before).and_then([&] {
            return SnapshotQueries::load(transaction, before.get());
        });
    });
    if (!after)
        return after;
    qCInfo(accessLog, "%s", qUtf8Printable(what));
    const std::lock_guard swapping(m_swapping);
    m_snapshot = *after;
    return after;
}

Result<std::optional<FirstRun>> Directory::firstRun()
{
    if (!snapshot()->users().empty())
        return std::nullopt;
    FirstRun first{QStringLiteral("admin"), randomBase62(FirstPasswordLength), {}};
    NewUser admin;
    admin.name = first.userName;
    admin.fullName = QStringLiteral("Administrator");
    admin.admin = true;
    const NewToken token{QStringLiteral("first token"), Principal::TokenRole::Full, std::nullopt,
                         FirstTokenLifetimeMs};

    const auto hash = m_passwords.hash(first.password);
    if (!hash)
        return forward(hash);
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        if (const auto free = checkNameIsFree(before, admin.name); !free)
            return free;
        const qint64 nowMs = m_clock.nowMs();
        const auto id = insertUser(transaction, admin, *hash, nowMs);
        if (!id)
            return forward(id);
        auto created = addToken(transaction, *id, admin.name, token, nowMs);
        if (!created)
            return forward(created);
        first.token = std::move(*created);
        return {};
    };
    const auto after = change(QStringLiteral("created the first administrator '%1'").arg(admin.name), work);
    if (!after)
        return forward(after);
    return first;
}

Result<User> Directory::createUser(const NewUser& request)
{
    if (const auto valid = checkAccountName(request.name); !valid)
        return forward(valid);
    if (const auto valid = checkLabels(request.fullName, request.email); !valid)
        return forward(valid);
    const auto hash = hashOf(m_passwords, request.password);
    if (!hash)
        return forward(hash);
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        if (const auto free = checkNameIsFree(before, request.name); !free)
            return free;
        return insertUser(transaction, request, *hash, m_clock.nowMs()).map([](qint64) {});
    };
    return change(QStringLiteral("created user '%1'").arg(request.name), work).map([&](const auto& after) {
        return after->user(request.name)->user;
    });
}

Result<User> Directory::updateUser(const QString& name, const UserChange& userChange)
{
    const auto hash = hashOf(m_passwords, userChange.password);
    if (!hash)
        return forward(hash);
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        const auto* entry = before.user(name);
        if (!entry)
            return noUser(name);
        User user = entry->user;
        user.email = userChange.email.value_or(user.email);
        user.fullName = userChange.fullName.value_or(user.fullName);
        user.admin = userChange.admin.value_or(user.admin);
        if (const auto valid = checkLabels(user.fullName, user.email); !valid)
            return valid;
        return updateUserRow(transaction, user, userChange.password ? *hash : entry->passwordHash);
    };
    return change(QStringLiteral("changed user '%1'").arg(name), work).map([&](const auto& after) {
        return after->user(name)->user;
    });
}

Result<void> Directory::deleteUser(const QString& name)
{
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        const auto* entry = before.user(name);
        return entry ? deleteUserRow(transaction, entry->user.id) : noUser(name);
    };
    return change(QStringLiteral("deleted user '%1'").arg(name), work).map(nothing);
}

QList<User> Directory::users() const
{
    QList<User> users;
    const auto current = snapshot();
    for (const auto& [folded, entry] : current->users())
        users += entry.user;
    return users;
}

std::optional<User> Directory::user(const QString& name) const
{
    const auto current = snapshot();
    const auto* entry = current->user(name);
    return entry ? std::optional(entry->user) : std::nullopt;
}

Result<void> Directory::replacePasswordHash(qint64 userId, const QByteArray& oldHash,
                                            const QByteArray& newHash)
{
    const auto work = [&](db::Transaction& transaction, const Snapshot&) {
        return updatePasswordHash(transaction, userId, oldHash, newHash);
    };
    return change(QStringLiteral("renewed the password hash of user %1").arg(userId), work).map(nothing);
}

Result<Group> Directory::createGroup(const NewGroup& request)
{
    if (const auto valid = checkAccountName(request.name); !valid)
        return forward(valid);
    if (const auto valid = checkDescription(request.description); !valid)
        return forward(valid);
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) {
        return checkNameIsFree(before, request.name).and_then([&] {
            return insertGroup(transaction, request);
        });
    };
    return change(QStringLiteral("created group '%1'").arg(request.name), work).map([&](const auto& after) {
        return *after->group(request.name);
    });
}

Result<void> Directory::deleteGroup(const QString& name)
{
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        const auto* group = before.group(name);
        return group ? deleteGroupRow(transaction, group->id) : noGroup(name);
    };
    return change(QStringLiteral("deleted group '%1'").arg(name), work).map(nothing);
}

QList<Group> Directory::groups() const
{
    QList<Group> groups;
    const auto current = snapshot();
    for (const auto& [folded, group] : current->groups())
        groups += group;
    return groups;
}

std::optional<Group> Directory::group(const QString& name) const
{
    const auto current = snapshot();
    const auto* group = current->group(name);
    return group ? std::optional(*group) : std::nullopt;
}

Result<void> Directory::addToGroup(const QString& groupName, const QString& userName)
{
    return changeMembership(QStringLiteral("added user '%2' to group '%1'"), groupName, userName,
                            insertMembership);
}

Result<void> Directory::removeFromGroup(const QString& groupName, const QString& userName)
{
    return changeMembership(QStringLiteral("removed user '%2' from group '%1'"), groupName, userName,
                            deleteMembership);
}

Result<void> Directory::changeMembership(const QString& what, const QString& groupName,
                                         const QString& userName, MembershipStatement statement)
{
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        const auto* group = before.group(groupName);
        const auto* entry = before.user(userName);
        if (!group)
            return noGroup(groupName);
        if (!entry)
            return noUser(userName);
        return statement(transaction, group->id, entry->user.id);
    };
    return change(what.arg(groupName, userName), work).map(nothing);
}

Result<CreatedToken> Directory::createToken(const QString& userName, const NewToken& request)
{
    if (const auto valid = checkNewToken(request); !valid)
        return forward(valid);
    CreatedToken created;
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        const auto* entry = before.user(userName);
        if (!entry)
            return noUser(userName);
        const User& user = entry->user;
        const qint64 nowMs = m_clock.nowMs();
        const qint64 keptSinceMs = nowMs - ExpiredTokenKeptMs;
        if (before.tokenCount(user.id, keptSinceMs) >= MaxTokensPerUser) {
            return fail(
                ErrorCode::QuotaExceeded,
                QStringLiteral("User '%1' has %2 tokens already").arg(user.name).arg(MaxTokensPerUser));
        }
        if (const auto forgotten = deleteExpiredTokens(transaction, user.id, keptSinceMs); !forgotten)
            return forgotten;
        auto added = addToken(transaction, user.id, user.name, request, nowMs);
        if (!added)
            return forward(added);
        created = std::move(*added);
        return {};
    };
    const QString what = QStringLiteral("created token '%1' of user '%2'").arg(request.name, userName);
    return change(what, work).map([&](const auto&) { return created; });
}

Result<void> Directory::revokeToken(qint64 id)
{
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        return before.token(id) ? deleteTokenRow(transaction, id)
                                : notFound(QStringLiteral("token"), QString::number(id));
    };
    return change(QStringLiteral("revoked token %1").arg(id), work).map(nothing);
}

QList<Token> Directory::tokens(const std::optional<QString>& userName) const
{
    QList<Token> tokens;
    const auto current = snapshot();
    for (const auto& [id, entry] : current->tokens()) {
        if (!userName || entry.token.userName.compare(*userName, Qt::CaseInsensitive) == 0)
            tokens += withUse(entry);
    }
    return tokens;
}

Result<Principal> Directory::principalOfToken(qint64 tokenId) const
{
    const auto current = snapshot();
    const auto* entry = current->token(tokenId);
    if (!entry || entry->isExpired(m_clock.nowMs()))
        return fail(ErrorCode::BadCredentials, QStringLiteral("The token was revoked or has expired"));
    return current->principal(*entry);
}

Result<void> Directory::storeTokenUse()
{
    QList<std::pair<const Snapshot::TokenEntry*, qint64>> used;
    const auto current = snapshot();
    for (const auto& [id, entry] : current->tokens()) {
        const qint64 usedMs = entry.use->usedMs.load(std::memory_order_relaxed);
        if (usedMs != entry.use->storedMs.load(std::memory_order_relaxed))
            used.emplace_back(&entry, usedMs);
    }
    if (used.isEmpty())
        return {};
    auto stored = m_database.write([&](db::Transaction& transaction) -> Result<void> {
        for (const auto& [entry, usedMs] : used) {
            if (auto run = updateTokenUse(transaction, entry->token.id, usedMs); !run)
                return run;
        }
        return {};
    });
    if (!stored)
        return stored;
    for (const auto& [entry, usedMs] : used)
        entry->use->storedMs.store(usedMs, std::memory_order_relaxed);
    return {};
}

Result<Permission> Directory::createPermission(const Permission& permission)
{
    return storePermission(permission, true);
}

Result<Permission> Directory::updatePermission(const Permission& permission)
{
    return storePermission(permission, false);
}

Result<Permission> Directory::storePermission(const Permission& permission, bool isNew)
{
    if (const auto valid = checkPermission(permission); !valid)
        return forward(valid);
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        const auto* existing = before.permission(permission.name);
        if (isNew && existing)
            return fail(ErrorCode::AlreadyExists,
                        QStringLiteral("There is a permission '%1' already").arg(permission.name));
        if (!isNew && !existing)
            return notFound(QStringLiteral("permission"), permission.name);
        const auto users = userGrants(before, permission);
        if (!users)
            return forward(users);
        const auto groups = groupGrants(before, permission);
        if (!groups)
            return forward(groups);
        const auto id = isNew ? insertPermission(transaction, permission)
                              : updatePermissionRow(transaction, existing->id, permission).map([&] {
                                    return existing->id;
                                });
        if (!id)
            return forward(id);
        return replaceGrants(transaction, *id, *users, *groups);
    };
    const QString what =
        isNew ? QStringLiteral("created permission '%1'") : QStringLiteral("changed permission '%1'");
    return change(what.arg(permission.name), work).map([&](const auto& after) {
        return *after->permission(permission.name);
    });
}

Result<void> Directory::deletePermission(const QString& name)
{
    const auto work = [&](db::Transaction& transaction, const Snapshot& before) -> Result<void> {
        const auto* permission = before.permission(name);
        return permission ? deletePermissionRow(transaction, permission->id)
                          : notFound(QStringLiteral("permission"), name);
    };
    return change(QStringLiteral("deleted permission '%1'").arg(name), work).map(nothing);
}

QList<Permission> Directory::permissions() const
{
    QList<Permission> permissions;
    const auto current = snapshot();
    for (const auto& [folded, permission] : current->permissions())
        permissions += permission;
    return permissions;
}

std::optional<Permission> Directory::permission(const QString& name) const
{
    const auto current = snapshot();
    const auto* permission = current->permission(name);
    return permission ? std::optional(*permission) : std::nullopt;
}

AnonymousAccess Directory::anonymousAccess() const
{
    return snapshot()->anonymousAccess();
}

Result<void> Directory::setAnonymousAccess(AnonymousAccess access)
{
    const auto work = [&](db::Transaction& transaction, const Snapshot&) {
        return updateAnonymousAccess(transaction, access);
    };
    return change(QStringLiteral("anonymous access: ") + anonymousAccessName(access), work).map(nothing);
}

} // namespace hublet::access
