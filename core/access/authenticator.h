// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/loginguard.h"
#include "core/access/principal.h"
#include "core/base/result.h"

#include <QByteArrayView>

namespace hublet::access {

class Directory;
struct ParsedCredential;

/// What a request says about who sends it. The views must stay valid during the call only.
struct Credentials {
    QByteArrayView authorization; ///< value of Authorization; empty = absent
    QByteArrayView
        artApiKey; ///< value of X-JFrog-Art-Api; empty = absent; not looked at beside Authorization
    /// Identifies the peer for the lock-out; for IPv6 the /64 it is in. Empty: no limit per address.
    QByteArrayView remoteAddress;
    /// Does the request come from the machine that Hublet runs on? See Principal.
    bool isOnThisMachine = false;
    /// Accept a user's password by Basic: JFrog routes only (DECISIONS 9).
    bool passwordsAllowed = false;
};

/// Finds out who sends a request. Accepts a token as Bearer, as Basic password with any user name, and in
/// X-JFrog-Art-Api (DECISIONS 9). Nothing is remembered from one request to the next, so a revoked token is
/// refused at once. Thread-safe.
class Authenticator {
public:
    /// `directory` must outlive the authenticator.
    explicit Authenticator(Directory& directory);

    /// Is this a password, so that authenticate() will hash for 0.1 s or wait for a turn? Then call it from a
    /// worker thread. For everything else it takes about a microsecond.
    [[nodiscard]] static bool isSlow(const Credentials& credentials);

    /// Without a credential: the anonymous principal. A credential that is not right never becomes anonymous.
    /// Errors: BadCredentials "Invalid credentials in Authorization header" (malformed, unknown, expired,
    /// revoked); Busy (too many wrong passwords for this account or address, see LoginGuard, or no turn to
    /// hash in time: come back later, whether the password is right was not looked at).
    [[nodiscard]] Result<Principal> authenticate(const Credentials& credentials);

private:
    struct Login {
        Principal principal;
        QByteArray passwordHash;
    };
    [[nodiscard]] Result<Principal> byToken(QByteArrayView token) const;
    [[nodiscard]] Result<Principal> byPassword(const ParsedCredential& credential,
                                               QByteArrayView remoteAddress);
    [[nodiscard]] Result<Login> verifyPassword(const ParsedCredential& credential,
                                               QByteArrayView remoteAddress);

    Directory& m_directory;
    LoginGuard m_guard;
};

} // namespace hublet::access
