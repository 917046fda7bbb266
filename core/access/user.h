// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace hublet::access {

/// An account. Names compare without regard to case and are unique over users and groups together, because
/// both are organisations that packages belong to.
struct User {
    qint64 id = 0;
    QString name;
    QString fullName;
    QString email;
    bool admin = false;
    bool hasPassword = false; ///< without one, only tokens let this user in
    QByteArray hubId;         ///< 24 hex digits, `id` in whoami
    QStringList groups;       ///< in order of name
    qint64 createdMs = 0;
};

/// What Directory::createUser needs.
struct NewUser {
    /// 1 to 64 letters, digits and . _ - @, the first a letter or digit; not "anonymous" or "owner".
    QString name;
    std::optional<QByteArray> password; ///< UTF-8, 8 to 1,024 bytes
    QString email;
    QString fullName;
    bool admin = false;
};

/// What Directory::updateUser shall change; what has no value stays.
struct UserChange {
    std::optional<QByteArray> password; ///< UTF-8, 8 to 1,024 bytes; empty takes the password away
    std::optional<QString> email;
    std::optional<QString> fullName;
    std::optional<bool> admin;
};

} // namespace hublet::access
