// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"

#include <QString>

#include <memory>

namespace hublet::service {

/// The folder that holds everything Hublet keeps: lock, database, store, keys, control socket. Mode 0700; a
/// group- or world-writable folder is refused (reliability 3.2). Holding the object is holding the lock: one
/// process per folder.
class DataFolder {
public:
    /// Below path(), for QTemporaryDir: copies of the database for a backup under way. What a process that
    /// was killed left there is removed by open().
    static constexpr QLatin1StringView BackupFolders{"/backup-under-way-XXXXXX"};

    /// $XDG_DATA_HOME/hublet unless the user says otherwise.
    [[nodiscard]] static QString defaultPath();
    /// May this be the data folder, or become it, as far as can be seen without a change? Errors:
    /// InvalidArgument (no name, or one too long for the files in it), Forbidden (another user's, or closed
    /// to this one).
    [[nodiscard]] static Result<void> check(const QString& path);
    /// Creates the folder when missing and takes the lock. Errors: as check(); Busy (another Hublet has it;
    /// the detail says which process), Conflict (it holds other things and nothing of Hublet's; it is left as
    /// it is), Forbidden (permissions too open), Io.
    [[nodiscard]] static Result<std::unique_ptr<DataFolder>> open(const QString& path);
    ~DataFolder(); ///< notes the clean stop and lets go of the lock

    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] QString databaseFile() const;
    [[nodiscard]] QString storeFolder() const;
    [[nodiscard]] QString settingsFile() const;
    /// Does a Hublet know this folder already, or has one been restored into it?
    [[nodiscard]] static bool holdsData(const QString& path);
    /// Where hubletd talks to the process that holds the folder, mode 0600: in $XDG_RUNTIME_DIR when there is
    /// one, else in the folder, or where the user's own files of this session lie when that name would be too
    /// long. The lock file says it too.
    [[nodiscard]] static QString controlSocket(const QString& dataFolder);
    /// What the lock file of the process that holds the folder says, whatever the environment here is.
    [[nodiscard]] static QString controlSocketInUse(const QString& dataFolder);
    /// Makes what was renamed in the folder last. Errors: Io, NoSpace.
    [[nodiscard]] static Result<void> sync(const QString& folder);
    /// Did the last process that held this folder end without saying goodbye?
    [[nodiscard]] bool wasUncleanStop() const { return m_uncleanStop; }
    /// The checks that an unclean stop asks for went well; without this call the next start makes them again.
    void noteChecked() { m_checked = true; }
    /// The disk failed to keep what was written: the stop is no clean one, so that the next start checks.
    void noteFailedSync() { m_syncFailed = true; }
    /// 32 secret bytes, made once and kept in a 0600 file: signs upload URLs and tokens of this store.
    [[nodiscard]] const QByteArray& signingKey() const { return m_signingKey; }

private:
    DataFolder() = default;
    QString m_path;
    UniqueFd m_lock;
    bool m_uncleanStop = false;
    bool m_checked = false;
    bool m_syncFailed = false;
    QByteArray m_signingKey;
};

} // namespace hublet::service
