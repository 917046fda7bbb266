// SPDX-License-Identifier: Apache-2.0
#include "core/access/snapshot.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace hublet::access {

namespace {

template <typename Map, typename Key>
auto* find(Map& map, const Key& key)
{
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

} // namespace

std::uint64_t Snapshot::shortDigest(const Sha256& digest)
{
    std::uint64_t key = 0;
    std::memcpy(&key, digest.bytes().data(), sizeof key);
    return key;
}

const Snapshot::UserEntry* Snapshot::user(qint64 id) const
{
    const auto* entry = find(m_usersById, id);
    return entry ? *entry : nullptr;
}

const Snapshot::UserEntry* Snapshot::user(const QString& name) const
{
    return find(m_users, name.toLower());
}
const Group* Snapshot::group(const QString& name) const
{
    return find(m_groups, name.toLower());
}
const Permission* Snapshot::permission(const QString& name) const
{
    return find(m_permissions, name.toLower());
}

const Snapshot::TokenEntry* Snapshot::token(qint64 id) const
{
    return find(m_tokens, id);
}

const Snapshot::TokenEntry* Snapshot::token(const Sha256& digest) const
{
    const auto [begin, end] = m_tokensByDigest.equal_range(shortDigest(digest));
    for (auto it = begin; it != end; ++it) {
        if (sodium_memcmp(it->second->digest.bytes().data(), digest.bytes().data(), Sha256::Size) == 0)
            return it->second;
    }
    return nullptr;
}

int Snapshot::tokenCount(qint64 userId, qint64 keptSinceMs) const
{
    return static_cast<int>(std::count_if(m_tokens.begin(), m_tokens.end(), [&](const auto& node) {
        return node.second.userId == userId && !node.second.isExpired(keptSinceMs);
    }));
}

Principal Snapshot::principal(const TokenEntry& entry) const
{
    Principal principal = m_usersById.at(entry.userId)->principal;
    principal.tokenId = entry.token.id;
    principal.tokenName = entry.token.name;
    principal.tokenCreatedMs = entry.token.createdMs;
    principal.tokenRole = entry.token.role;
    principal.tokenRepository = entry.token.repository;
    return principal;
}

} // namespace hublet::access
