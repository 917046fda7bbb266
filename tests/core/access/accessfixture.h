// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/authenticator.h"
#include "core/access/directory.h"
#include "core/access/policy.h"
#include "core/db/database.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace hublet::access::test {

/// A directory over a database of its own, with a clock that stands still. Two repositories are known:
/// "hf-local" of class local and "hf-remote" of class remote.
class AccessFixture {
public:
    static constexpr qint64 MinuteMs = 60 * 1000;

    AccessFixture() { reopen(); }

    /// Everything in memory is forgotten, as if the program had been started again.
    void reopen()
    {
        m_directory.reset();
        m_database.reset();
        db::DatabaseOptions options;
        options.file = m_folder.filePath(QStringLiteral("hublet.sqlite"));
        auto database = db::Database::open(options, false);
        if (!database)
            qFatal("%s", qUtf8Printable(database.error().describe()));
        m_database = std::move(*database);
        auto directory = Directory::open(*m_database, clock, {classOf, PasswordCost::Minimal});
        if (!directory)
            qFatal("%s", qUtf8Printable(directory.error().describe()));
        m_directory = std::move(*directory);
    }

    [[nodiscard]] Directory& directory() { return *m_directory; }
    [[nodiscard]] db::Database& database() { return *m_database; }

    void createUser(const QString& name, bool admin = false,
                    std::optional<QByteArray> password = std::nullopt)
    {
        NewUser user;
        user.name = name;
        user.admin = admin;
        user.password = std::move(password);
        if (const auto created = m_directory->createUser(user); !created)
            qFatal("%s", qUtf8Printable(created.error().describe()));
    }
    [[nodiscard]] CreatedToken createToken(const QString& user,
                                           Principal::TokenRole role = Principal::TokenRole::Full,
                                           std::optional<RepositoryKey> repository = std::nullopt,
                                           std::optional<qint64> lifetimeMs = std::nullopt)
    {
        auto created = m_directory->createToken(user, {QStringLiteral("test"), role, repository, lifetimeMs});
        if (!created)
            qFatal("%s", qUtf8Printable(created.error().describe()));
        return *created;
    }
    void createPermission(const Permission& permission)
    {
        if (const auto created = m_directory->createPermission(permission); !created)
            qFatal("%s", qUtf8Printable(created.error().describe()));
    }
    /// Removes what a new database grants, so that a test grants everything itself.
    void revokeDefaults()
    {
        if (const auto deleted = m_directory->deletePermission(QStringLiteral("everyone-reads")); !deleted)
            qFatal("%s", qUtf8Printable(deleted.error().describe()));
    }

    hublet::test::FakeClock clock;

private:
    static QString classOf(const RepositoryKey& key)
    {
        if (key.folded() == u"hf-local")
            return QStringLiteral("local");
        return key.folded() == u"hf-remote" ? QStringLiteral("remote") : QString();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<db::Database> m_database;
    std::unique_ptr<Directory> m_directory;
};

inline const auto Alice = QStringLiteral("alice");
inline const auto Bob = QStringLiteral("bob");

[[nodiscard]] inline NewUser newUser(const QString& name)
{
    NewUser user;
    user.name = name;
    return user;
}

template <typename T>
[[nodiscard]] QString errorName(const Result<T>& result)
{
    return result ? QStringLiteral("no error") : QString::fromLatin1(errorCodeName(result.error().code()));
}

[[nodiscard]] inline RepositoryKey key(const char* text)
{
    const auto parsed = RepositoryKey::parse(QString::fromLatin1(text));
    if (!parsed)
        qFatal("not a repository key: %s", text);
    return *parsed;
}

[[nodiscard]] inline Credentials bearer(QByteArray& storage, QByteArrayView secret)
{
    storage = "Bearer " + secret.toByteArray();
    Credentials credentials;
    credentials.authorization = storage;
    return credentials;
}

} // namespace hublet::access::test
