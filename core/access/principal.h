// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace hublet::access {

/// Who is asking: the outcome of authentication. A value; says nothing about rights by itself.
struct Principal {
    enum class Kind { Anonymous, User };
    /// What the token in use is limited to, whatever its user may do.
    enum class TokenRole { Read, Write, Full };

    Kind kind = Kind::Anonymous;
    qint64 userId = 0;
    QString name = QStringLiteral("anonymous");
    QString fullName;
    QString email;
    QByteArray hubId; ///< 24 hex digits, `id` in whoami
    bool admin = false;
    QStringList groups;
    qint64 tokenId = 0; ///< 0: password, or the owner of the data folder at the window or command line
    QString tokenName;
    qint64 tokenCreatedMs = 0;
    TokenRole tokenRole = TokenRole::Full;
    /// When set, the token reaches this repository only (folded key).
    std::optional<QString> tokenRepository;
    /// Of an anonymous caller: does the request come from the machine that Hublet runs on?
    bool isOnThisMachine = false;

    [[nodiscard]] bool isAnonymous() const { return kind == Kind::Anonymous; }
    /// The user's own name and the groups: the organisations this principal belongs to.
    [[nodiscard]] bool belongsTo(const QString& organisation) const
    {
        return !isAnonymous() && (name.compare(organisation, Qt::CaseInsensitive) == 0 ||
                                  groups.contains(organisation, Qt::CaseInsensitive));
    }

    [[nodiscard]] static Principal anonymous(bool isOnThisMachine);
    /// Whoever can open the data folder, sitting at the window or the command line: may do everything.
    [[nodiscard]] static Principal owner();
};

} // namespace hublet::access
