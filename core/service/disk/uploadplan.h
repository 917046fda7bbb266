// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace hublet::service {

/// What an upload from the user's disk is asked to do.
struct UploadRequest {
    PackageId id;
    QString revision;    ///< an existing ref, or the name of a release to be created
    RepoPath folder;     ///< where in the package the sources go; the root when empty
    QStringList sources; ///< absolute paths; of a folder its content goes up, not the folder itself
};

/// One file on the user's disk and what uploading it would mean.
struct PlannedFile {
    enum class Change {
        New,
        Changed, ///< another content lies at this path
        Same,    ///< this very content lies at this path: not uploaded
        Refused, ///< see `problem`
    };
    QString source; ///< absolute path
    QString shown;  ///< path in the package as far as it can be told, also of what is refused
    RepoPath path;  ///< root when refused
    qint64 size = 0;
    Change change = Change::New;
    QString problem; ///< why it is refused: a sentence
};

/// What an upload would do, file by file.
struct UploadPlan {
    UploadRequest request;
    std::vector<PlannedFile> files; ///< ordered by path

    [[nodiscard]] qint64 count(PlannedFile::Change change) const;
    [[nodiscard]] qint64 bytesToUpload() const; ///< of what is new or changed
};

} // namespace hublet::service
