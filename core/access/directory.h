// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/anonymousaccess.h"
#include "core/access/group.h"
#include "core/access/passwordhasher.h"
#include "core/access/permission.h"
#include "core/access/token.h"
#include "core/access/user.h"
#include "core/base/clock.h"
#include "core/base/names.h"
#include "core/base/result.h"

#include <QList>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace hublet::db {
class Database;
class Transaction;
} // namespace hublet::db

namespace hublet::access {

class Snapshot;

struct DirectoryOptions {
    RepositoryClassOf repositoryClassOf; ///< without one, "ANY LOCAL" and "ANY REMOTE" match nothing
    PasswordCost passwordCost = PasswordCost::Interactive;
};

/// What Directory::firstRun made: to be shown to the administrator once and kept nowhere.
struct FirstRun {
    QString userName;
    QByteArray password;
    CreatedToken token; ///< role Full, valid for a year
};

/// Users, groups, tokens and permissions, kept in the database and mirrored in memory. Thread-safe.
///
/// Reads come from an immutable snapshot in memory and never wait. Every change is one database transaction;
/// when the function returns, it is durable and the new snapshot is in force, so a revoked token, a deleted
/// user or a taken right is refused at the very next request. Functions that change something block on the
/// database: not for the GUI thread or an HTTP pool thread. Besides the errors named below each may fail as
/// Database::write does.
///
/// A new database has the group "everyone" (all users; new users join it) and one permission
/// "everyone-reads": the group and anonymous callers may READ everything in ANY repository. Who shall publish
/// needs a permission of its own. Both may be changed or deleted.
class Directory {
public:
    /// Loads the first snapshot. `database` and `clock` must outlive the directory.
    [[nodiscard]] static Result<std::unique_ptr<Directory>> open(db::Database& database, const Clock& clock,
                                                                 DirectoryOptions options = {});
    ~Directory();

    /// When there is no user: creates the administrator "admin" with a random password and a first token.
    /// Otherwise nothing.
    [[nodiscard]] Result<std::optional<FirstRun>> firstRun();

    /// Errors: InvalidName, InvalidArgument (password too short or long), AlreadyExists (a user or group has
    /// the name).
    [[nodiscard]] Result<User> createUser(const NewUser& request);
    /// Errors: NotFound, InvalidArgument.
    [[nodiscard]] Result<User> updateUser(const QString& name, const UserChange& change);
    /// Takes the user's tokens, memberships and rights along. Errors: NotFound.
    [[nodiscard]] Result<void> deleteUser(const QString& name);
    [[nodiscard]] QList<User> users() const; ///< in order of name
    [[nodiscard]] std::optional<User> user(const QString& name) const;

    /// Errors: InvalidName, InvalidArgument (description), AlreadyExists (a user or group has the name).
    [[nodiscard]] Result<Group> createGroup(const NewGroup& request);
    /// Takes memberships and the group's rights along. Errors: NotFound.
    [[nodiscard]] Result<void> deleteGroup(const QString& name);
    [[nodiscard]] QList<Group> groups() const; ///< in order of name
    [[nodiscard]] std::optional<Group> group(const QString& name) const;
    /// Being a member already, or not any more, is no error. Errors: NotFound (user or group).
    [[nodiscard]] Result<void> addToGroup(const QString& groupName, const QString& userName);
    [[nodiscard]] Result<void> removeFromGroup(const QString& groupName, const QString& userName);

    /// Forgets the user's tokens that expired more than ExpiredTokenKeptMs ago. Errors: NotFound (user),
    /// InvalidArgument (name, lifetime), QuotaExceeded (the user has MaxTokensPerUser tokens).
    [[nodiscard]] Result<CreatedToken> createToken(const QString& userName, const NewToken& request);
    /// Errors: NotFound.
    [[nodiscard]] Result<void> revokeToken(qint64 id);
    /// All tokens, expired ones too, or those of one user; oldest first.
    [[nodiscard]] QList<Token> tokens(const std::optional<QString>& userName = std::nullopt) const;
    /// Who a request acts as that carries something derived from a token (Xet tokens, signed URLs: DECISIONS
    /// 8). Errors: BadCredentials (revoked, expired, user deleted).
    [[nodiscard]] Result<Principal> principalOfToken(qint64 tokenId) const;
    /// Stores when tokens were last used, for all tokens at once: nothing is written per request. Call it
    /// every few minutes and at the end; other changes do not need it.
    [[nodiscard]] Result<void> storeTokenUse();

    /// `permission.id` is ignored. Errors: InvalidName (permission or repository), InvalidArgument (no
    /// repository, bad pattern), NotFound (user or group), AlreadyExists.
    [[nodiscard]] Result<Permission> createPermission(const Permission& permission);
    /// Replaces everything of the permission with the same name. Errors: as above; NotFound (permission).
    [[nodiscard]] Result<Permission> updatePermission(const Permission& permission);
    /// Errors: NotFound.
    [[nodiscard]] Result<void> deletePermission(const QString& name);
    [[nodiscard]] QList<Permission> permissions() const; ///< in order of name
    [[nodiscard]] std::optional<Permission> permission(const QString& name) const;

    /// Machine in a new database.
    [[nodiscard]] AnonymousAccess anonymousAccess() const;
    [[nodiscard]] Result<void> setAnonymousAccess(AnonymousAccess access);

    // For Policy and Authenticator.
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
    [[nodiscard]] const RepositoryClassOf& repositoryClassOf() const { return m_options.repositoryClassOf; }
    [[nodiscard]] const PasswordHasher& passwords() const { return m_passwords; }
    [[nodiscard]] const Clock& clock() const { return m_clock; }
    /// Replaces a password hash made with older parameters, unless the password was changed meanwhile.
    [[nodiscard]] Result<void> replacePasswordHash(qint64 userId, const QByteArray& oldHash,
                                                   const QByteArray& newHash);

    static constexpr int MaxTokensPerUser = 1000;
    static constexpr qint64 ExpiredTokenKeptMs = 30LL * 24 * 60 * 60 * 1000; ///< stay in the list that long
    static constexpr qint64 MaxTokenLifetimeMs = 36'500LL * 24 * 60 * 60 * 1000;

private:
    Directory(db::Database& database, const Clock& clock, DirectoryOptions options);

    /// Runs `work` in a write transaction, given the state before it, puts the state after it in force and
    /// gives it. `what` goes to the log.
    using Work = std::function<Result<void>(db::Transaction&, const Snapshot& before)>;
    [[nodiscard]] Result<std::shared_ptr<const Snapshot>> change(const QString& what, const Work& work);
    using MembershipStatement = Result<void> (*)(db::Transaction&, qint64 groupId, qint64 userId);
    [[nodiscard]] Result<void> changeMembership(const QString& what, const QString& groupName,
                                                const QString& userName, MembershipStatement statement);
    [[nodiscard]] Result<Permission> storePermission(const Permission& permission, bool isNew);

    db::Database& m_database;
    const Clock& m_clock;
    const DirectoryOptions m_options;
    const PasswordHasher m_passwords;
    std::mutex m_changing;         ///< one change at a time, so that `before` is what the transaction sees
    mutable std::mutex m_swapping; ///< guards m_snapshot, held only to copy or replace the pointer
    std::shared_ptr<const Snapshot> m_snapshot;
};

} // namespace hublet::access
