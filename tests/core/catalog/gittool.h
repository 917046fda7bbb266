// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"

#include <QMap>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace hublet::test {

/// The real git, in a bare repository of its own: what its ids and checks say is what ours are compared with.
class GitTool {
public:
    /// `folder`: of a bare repository; a fresh one is made when empty.
    explicit GitTool(const QString& folder = {});

    struct Answer {
        int status = -1;
        QByteArray out;
        QByteArray err;
    };
    [[nodiscard]] Answer run(const QStringList& arguments, const QByteArray& input = {},
                             const QStringList& environment = {}) const;
    [[nodiscard]] static bool isInstalled();

    /// Writes a file inside the repository, e.g. "info/attributes".
    [[nodiscard]] bool writeFile(const QString& name, const QByteArray& bytes) const;
    /// A folder with nothing in it, for commands that want a work tree.
    [[nodiscard]] QString emptyFolder() const;
    /// Id of the tree with these files (path -> blob id), which need not exist as objects.
    [[nodiscard]] GitOid treeOf(const QMap<QByteArray, GitOid>& files) const;

private:
    QTemporaryDir m_temporary;
    QString m_folder;
};

} // namespace hublet::test
