// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/actionset.h"
#include "core/base/names.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>

namespace hublet::access {

/// Instead of a repository key in Permission::repositories.
constexpr QLatin1String AnyRepository("ANY");
constexpr QLatin1String AnyLocalRepository("ANY LOCAL");
constexpr QLatin1String AnyRemoteRepository("ANY REMOTE");

/// Class of a repository: "local", "remote", "virtual"; empty when there is no such repository. Permissions
/// for "ANY LOCAL" and "ANY REMOTE" ask it at every check: it must be thread-safe and answer from memory.
using RepositoryClassOf = std::function<QString(const RepositoryKey&)>;

/// Who may do what in which repositories, on which paths (artifactory 4.1 and 4.2). Nothing is granted
/// outside permissions; several permissions add up.
struct Permission {
    qint64 id = 0; ///< given by the Directory
    QString name;  ///< 1 to 255 characters without `/`; compares without regard to case
    /// Repository keys, or "ANY", "ANY LOCAL", "ANY REMOTE". A key may name a repository that does not exist
    /// (yet).
    QStringList repositories;
    /// Ant patterns on artifact paths (AntPattern); no include pattern at all means "**". An exclude pattern
    /// wins over every include pattern of the same permission. Rights are asked for packages, never for files
    /// in them: the Directory takes no pattern that would divide a package ("models/acme/bert/*.bin",
    /// "**/x"), as it would be without effect where its author relies on it.
    QStringList includes{QStringLiteral("**")};
    QStringList excludes;
    QMap<QString, ActionSet> users;  ///< by user name
    QMap<QString, ActionSet> groups; ///< by group name
    /// Anonymous callers may read too, as far as Directory::anonymousAccess() lets them. There is no way to
    /// give them more. An API that knows a user "anonymous" maps its READ to this.
    bool anonymousRead = false;
};

} // namespace hublet::access
