// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/anonymousaccess.h"
#include "core/access/group.h"
#include "core/access/permissionmatcher.h"
#include "core/access/token.h"
#include "core/access/user.h"
#include "core/base/digest.h"

#include <atomic>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace hublet::access {

/// When a token was last used: the one thing that changes between two snapshots, which therefore share it.
struct TokenUse {
    static constexpr qint64 GranularityMs = 60 * 1000;

    std::atomic<qint64> usedMs = 0;   ///< 0 = never
    std::atomic<qint64> storedMs = 0; ///< what the database says

    /// Writes at most once per GranularityMs, so that requests with one token do not fight for its cache
    /// line.
    void note(qint64 nowMs)
    {
        if (nowMs - usedMs.load(std::memory_order_relaxed) >= GranularityMs)
            usedMs.store(nowMs, std::memory_order_relaxed);
    }
};

/// State of the directory at one moment: everything that a request asks, indexed. Filled by SnapshotQueries,
/// immutable afterwards but for TokenUse.
class Snapshot {
public:
    struct Grant {
        std::shared_ptr<const PermissionMatcher> where;
        ActionSet actions;
    };
    struct UserEntry {
        User user;
        QByteArray passwordHash;   ///< empty: no password
        Principal principal;       ///< as the user itself, without a token
        std::vector<Grant> grants; ///< its own and its groups'
    };
    struct TokenEntry {
        Token token; ///< without lastUsedMs
        Sha256 digest;
        qint64 userId = 0;
        std::shared_ptr<TokenUse> use;

        [[nodiscard]] bool isExpired(qint64 nowMs) const
        {
            return token.expiresMs && nowMs >= *token.expiresMs;
        }
    };

    [[nodiscard]] AnonymousAccess anonymousAccess() const { return m_anonymousAccess; }
    [[nodiscard]] const std::vector<Grant>& anonymousGrants() const { return m_anonymousGrants; }

    [[nodiscard]] const UserEntry* user(qint64 id) const;
    [[nodiscard]] const UserEntry* user(const QString& name) const;
    [[nodiscard]] const Group* group(const QString& name) const;
    [[nodiscard]] const Permission* permission(const QString& name) const;
    [[nodiscard]] const TokenEntry* token(qint64 id) const;
    /// By the SHA-256 of its text, compared in constant time.
    [[nodiscard]] const TokenEntry* token(const Sha256& digest) const;
    /// Tokens of a user but for those that expired before `keptSinceMs`.
    [[nodiscard]] int tokenCount(qint64 userId, qint64 keptSinceMs) const;
    /// Who acts with this token.
    [[nodiscard]] Principal principal(const TokenEntry& entry) const;

    // In order of folded name; tokens in order of id.
    [[nodiscard]] const std::map<QString, UserEntry>& users() const { return m_users; }
    [[nodiscard]] const std::map<QString, Group>& groups() const { return m_groups; }
    [[nodiscard]] const std::map<QString, Permission>& permissions() const { return m_permissions; }
    [[nodiscard]] const std::map<qint64, TokenEntry>& tokens() const { return m_tokens; }

private:
    friend class SnapshotQueries;

    /// The first 8 bytes: how long a look-up by them takes says nothing about the rest.
    [[nodiscard]] static std::uint64_t shortDigest(const Sha256& digest);

    AnonymousAccess m_anonymousAccess = AnonymousAccess::Off;
    std::vector<Grant> m_anonymousGrants;
    std::map<QString, UserEntry> m_users;
    std::map<QString, Group> m_groups;
    std::map<QString, Permission> m_permissions;
    std::map<qint64, TokenEntry> m_tokens;
    // Addresses of map nodes, which stay where they are.
    std::unordered_map<qint64, UserEntry*> m_usersById;
    std::unordered_map<qint64, Group*> m_groupsById;
    /// By shortDigest().
    std::unordered_multimap<std::uint64_t, const TokenEntry*> m_tokensByDigest;
};

} // namespace hublet::access
