// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/archive/bundlereader.h"
#include "core/base/cancel.h"
#include "core/base/hasher.h"
#include "core/base/result.h"
#include "core/base/uniquefd.h"
#include "core/db/database.h"
#include "core/store/files/storedfile.h"

#include <QString>

#include <optional>
#include <set>

namespace hublet::service {

/// Brings a bundle back as a data folder. Everything is written beside the target first, each stored file is
/// hashed on the way, the database is checked and compared with the files; only then does the folder get its
/// name. A file that does not match its digest is taken when the database knows what is damaged in it. A
/// failure leaves no trace; what a killed process left is removed by the next restore to the same target. Use
/// once.
class Restore {
public:
    Restore(QString dataFolder, const ProgressFunction& progress, const CancelToken& cancel)
        : m_target(std::move(dataFolder)), m_progress(progress), m_cancel(cancel)
    {
    }

    /// Gives the number of contents that are known to be damaged. Progress in bytes of the bundle. Errors:
    /// Conflict (the folder is not empty), NotFound (no bundle), Corrupt, Unsupported (made by a newer
    /// Hublet), Cancelled, NoSpace, Io.
    [[nodiscard]] Result<qint64> run(const QString& bundle);

private:
    [[nodiscard]] Result<void> checkTarget() const;
    [[nodiscard]] Result<void> unpack(archive::BundleReader& reader);
    [[nodiscard]] Result<void> beginFile(const archive::BundleEntryName& name);
    [[nodiscard]] Result<void> copyEntry(archive::BundleReader& reader);
    [[nodiscard]] Result<void> endFile();
    [[nodiscard]] Result<qint64> checkResult();
    [[nodiscard]] Result<void> checkStoredFile(const db::Database& rows, const store::StoredFile& file,
                                               const UniqueFd& opened);
    [[nodiscard]] Result<void> putInPlace();
    [[nodiscard]] QString pathOf(const archive::BundleEntryName& name) const;

    const QString m_target;
    const ProgressFunction& m_progress;
    const CancelToken& m_cancel;
    QString m_folder; ///< where it is put together
    std::optional<archive::BundleEntryName> m_current;
    UniqueFd m_file;
    Sha256Hasher m_hasher;
    std::set<Sha256> m_mismatched; ///< blobs and packs that did not match their digests
};

} // namespace hublet::service
