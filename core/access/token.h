// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/principal.h"
#include "core/base/names.h"

#include <optional>

namespace hublet::access {

/// "read", "write", "full".
[[nodiscard]] QString tokenRoleName(Principal::TokenRole role);
[[nodiscard]] std::optional<Principal::TokenRole> tokenRoleFromName(QStringView name);

/// What is known of an access token after it was made; the secret itself is not kept.
struct Token {
    qint64 id = 0; ///< never used again after the token was revoked
    QString userName;
    QString name;
    Principal::TokenRole role = Principal::TokenRole::Read;
    std::optional<QString> repository; ///< folded key: the token reaches this repository only
    QString prefix;                    ///< first characters of the secret, for recognising it in a list
    qint64 createdMs = 0;
    std::optional<qint64> expiresMs;  ///< refused from this moment on; none = never
    std::optional<qint64> lastUsedMs; ///< exact to a minute; none = not used yet
};

/// What Directory::createToken needs.
struct NewToken {
    QString name; ///< 1 to 255 characters, for people
    Principal::TokenRole role = Principal::TokenRole::Read;
    std::optional<RepositoryKey> repository;
    std::optional<qint64> lifetimeMs; ///< none = no expiry
};

/// A new token and its secret, which is never shown again.
struct CreatedToken {
    Token info;
    QByteArray secret; ///< "hf_..."
};

} // namespace hublet::access
