// SPDX-License-Identifier: Apache-2.0
#include "core/access/authenticator.h"

#include "core/access/directory.h"
#include "core/access/parsedcredential.h"
#include "core/access/snapshot.h"
#include "core/base/hasher.h"

#include <QLoggingCategory>

Q_DECLARE_LOGGING_CATEGORY(accessLog)

namespace hublet::access {

namespace {

tl::unexpected<Error> badCredentials()
{
    return fail(ErrorCode::BadCredentials, QStringLiteral("Invalid credentials in Authorization header"));
}

} // namespace

Authenticator::Authenticator(Directory& directory) : m_directory(directory), m_guard(directory.clock()) {}

bool Authenticator::isSlow(const Credentials& credentials)
{
    return credentials.passwordsAllowed &&
           ParsedCredential(credentials).kind == ParsedCredential::Kind::Password;
}

Result<Principal> Authenticator::authenticate(const Credentials& credentials)
{
    const ParsedCredential credential(credentials);
    switch (credential.kind) {
    case ParsedCredential::Kind::None:
        return Principal::anonymous(credentials.isOnThisMachine);
    case ParsedCredential::Kind::Token:
        return byToken(credential.token);
    case ParsedCredential::Kind::Password:
        if (credentials.passwordsAllowed)
            return byPassword(credential, credentials.remoteAddress);
        break;
    case ParsedCredential::Kind::Malformed:
        break;
    }
    return badCredentials();
}

Result<Principal> Authenticator::byToken(QByteArrayView token) const
{
    const auto snapshot = m_directory.snapshot();
    const qint64 nowMs = m_directory.clock().nowMs();
    const auto* entry = snapshot->token(Sha256Hasher::hash(token));
    if (!entry || entry->isExpired(nowMs))
        return badCredentials();
    entry->use->note(nowMs);
    return snapshot->principal(*entry);
}

Result<Principal> Authenticator::byPassword(const ParsedCredential& credential, QByteArrayView remoteAddress)
{
    const auto login = verifyPassword(credential, remoteAddress);
    if (!login)
        return forward(login);
    const PasswordHasher& passwords = m_directory.passwords();
    if (passwords.isOutdated(login->passwordHash)) {
        const auto renewed = passwords.hash(credential.password).and_then([&](const QByteArray& hash) {
            return m_directory.replacePasswordHash(login->principal.userId, login->passwordHash, hash);
        });
        if (!renewed) {
            qCWarning(accessLog, "cannot renew the password hash of user '%s': %s",
                      qUtf8Printable(login->principal.name), qUtf8Printable(renewed.error().describe()));
        }
    }
    return login->principal;
}

Result<Authenticator::Login> Authenticator::verifyPassword(const ParsedCredential& credential,
                                                           QByteArrayView remoteAddress)
{
    const PasswordHasher& passwords = m_directory.passwords();
    const QString name = QString::fromUtf8(credential.user);
    const QByteArray account = name.left(LoginGuard::MaxAccountLength).toLower().toUtf8();
    const QByteArray address = remoteAddress.toByteArray();

    // The guard comes after the turn, so that requests that only wait do not count as guesses under way.
    const auto turn = passwords.takeTurn();
    if (!turn)
        return forward(turn);
    if (!m_guard.begin(account, address)) {
        qCWarning(accessLog, "log-in refused after too many wrong passwords, address %s",
                  address.constData());
        return fail(ErrorCode::Busy, QStringLiteral("Too many failed log-ins; try again in a few minutes"));
    }
    const auto snapshot = m_directory.snapshot();
    const auto* user = snapshot->user(name);
    const QByteArray hash = user ? user->passwordHash : QByteArray();
    const bool isRight = passwords.verify(*turn, hash, credential.password);
    m_guard.finish(account, address, isRight);
    if (!isRight)
        return badCredentials();
    return Login{user->principal, hash};
}

} // namespace hublet::access
