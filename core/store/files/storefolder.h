// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"
#include "core/store/files/stagedfile.h"
#include "core/store/files/storedfile.h"

#include <QString>

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace hublet::store {

/// Room on the file system of the store, bytes.
struct FileSystemSpace {
    qint64 total = 0;
    qint64 free = 0; ///< for this user
};

/// The folder on disk: names, folders and their syncs, nothing of the database. Thread-safe. Everything goes
/// through descriptors relative to the store's folder, and every path is made of hashes.
class StoreFolder {
public:
    /// Creates what is missing, durably, and removes what earlier processes left in staging. The caller holds
    /// the lock of the data folder, so nobody else writes here.
    [[nodiscard]] static Result<std::unique_ptr<StoreFolder>> open(const QString& path);

    [[nodiscard]] Result<std::unique_ptr<StagedFile>> stage() const;
    /// Gives a sealed file its final name, never replacing: false when the name is taken. Durable after
    /// syncFolder().
    [[nodiscard]] Result<bool> link(StagedFile& staged, const StoredFile& file);
    /// Syncs the folder that holds `file`.
    [[nodiscard]] Result<void> syncFolderOf(const StoredFile& file) const;

    /// NotFound when there is no such file.
    [[nodiscard]] Result<UniqueFd> openFile(const StoredFile& file) const;
    /// Removes the name; whoever has the file open goes on reading. True when it was there.
    [[nodiscard]] Result<bool> remove(const StoredFile& file);
    /// Moves a damaged file out of the way, into quarantine/, for the administrator to look at.
    [[nodiscard]] Result<void> quarantine(const StoredFile& file);
    /// Every file of the kind that is on disk; `size` and `id` are not filled in. Names that are none of ours
    /// are skipped.
    [[nodiscard]] Result<void> forEachFile(FileKind kind,
                                           const std::function<Result<void>(const StoredFile&)>& visit) const;

    [[nodiscard]] Result<FileSystemSpace> space() const;

private:
    StoreFolder() = default;
    [[nodiscard]] Result<UniqueFd> openFolder(const QByteArray& path) const;
    [[nodiscard]] Result<void> createFolder(const QByteArray& path);
    [[nodiscard]] Result<void> clearStaging();

    UniqueFd m_root;
    UniqueFd m_staging;
    std::mutex m_mutex;
    std::unordered_set<std::string>
        m_durableFolders; ///< folders whose entry in their parent this process has synced
};

} // namespace hublet::store
