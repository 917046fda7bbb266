// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/catalog/model/revision.h"

#include <QFile>

namespace hublet::service {

class Browse;

/// Writes a file, or a folder with everything in it, from a revision to the user's disk. A folder that could
/// not be completed is removed again; a file is only replaced by a complete one. One use, one thread.
class FolderSaver {
public:
    FolderSaver(const Browse& browse, CancelToken cancel, ProgressFunction progress);

    /// As DiskTransfers::save.
    [[nodiscard]] Result<qint64> save(const access::Permit& permit, const PackageId& id,
                                      const catalog::Revision& revision, const RepoPath& path,
                                      const QString& target);

private:
    struct Piece {
        catalog::TreeEntry entry;
        QString target; ///< absolute path
    };
    [[nodiscard]] Result<std::vector<Piece>> pieces(const access::Permit& permit, const PackageId& id,
                                                    const catalog::Revision& revision, const RepoPath& path,
                                                    const QString& target, bool* isFolder) const;
    [[nodiscard]] Result<void> checkRoom(const QString& target) const;
    [[nodiscard]] Result<void> saveAll(const std::vector<Piece>& pieces);
    [[nodiscard]] bool makeFolder(const QString& folder) const;
    [[nodiscard]] Result<void> saveFile(const Piece& piece);

    const Browse& m_browse;
    const CancelToken m_cancel;
    const ProgressFunction m_progress;
    /// Who may look into the folder that was chosen may read what is saved there, whatever umask Hublet has
    /// for files of its own.
    QFile::Permissions m_others;
    qint64 m_total = 0; ///< bytes
    qint64 m_done = 0;  ///< bytes
};

} // namespace hublet::service
