// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace hublet::access {

/// A named set of users; also an organisation, see User.
struct Group {
    qint64 id = 0;
    QString name; ///< same rule as NewUser::name
    QString description;
    bool autoJoin = false; ///< new users become members
    QByteArray hubId;      ///< 24 hex digits, `id` of an organisation in whoami
    QStringList members;   ///< names of users, in order
};

/// What Directory::createGroup needs.
struct NewGroup {
    QString name;
    QString description;
    bool autoJoin = false;
};

} // namespace hublet::access
