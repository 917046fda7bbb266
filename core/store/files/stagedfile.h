// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"
#include "core/base/uniquefd.h"

#include <QByteArray>

namespace hublet::store {

/// A file that is being written and has no final name yet. Gone without a trace when destroyed: it has no
/// name at all (O_TMPFILE), or where the file system has no such files a name in the staging folder, which is
/// removed. Used by one thread at a time.
class StagedFile {
public:
    /// `stagingFolder`: descriptor of a folder on the store's file system; must outlive the object.
    [[nodiscard]] static Result<std::unique_ptr<StagedFile>> create(int stagingFolder);
    ~StagedFile();
    StagedFile(const StagedFile&) = delete;
    StagedFile& operator=(const StagedFile&) = delete;

    /// Reserves `bytes` on disk, where the file system can. NoSpace when they are not there.
    [[nodiscard]] Result<void> reserve(qint64 bytes);
    /// Writes behind what is there. Starts write-back from time to time, so that seal() is short, and lets go
    /// of the pages that are on disk.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// Makes the file read-only and syncs its bytes. If the sync fails the bytes are lost: do not try again.
    [[nodiscard]] Result<void> seal();
    /// Gives the sealed file the name `name` in `folder` and never replaces: false when the name is taken.
    [[nodiscard]] Result<bool> link(int folder, const QByteArray& name);
    /// The git blob id, which starts with the size, for a size that was not known beforehand: reads the file
    /// again.
    [[nodiscard]] Result<GitOid> readBlobOid() const;

    [[nodiscard]] qint64 size() const { return m_size; }

private:
    explicit StagedFile(int stagingFolder) : m_stagingFolder(stagingFolder) {}
    void writeBackEarly();

    int m_stagingFolder;
    QByteArray m_stagingName; ///< empty for a file without a name
    UniqueFd m_fd;
    qint64 m_size = 0;
    qint64 m_writtenBack = 0; ///< write-back of the bytes before this was started
};

} // namespace hublet::store
