// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"
#include "core/db/transaction.h"

#include <QString>

#include <functional>

namespace hublet::store {

/// A content whose stored bytes are missing or do not match its digest.
struct DamagedContent {
    Sha256 sha256;
    qint64 size = 0;
    QString problem; ///< "missing", "wrong digest", "short"
};

struct SweepReport {
    qint64 contents = 0; ///< contents found unreferenced long enough
    qint64 bytes = 0;    ///< bytes that were (or with a dry run would be) freed on disk
    qint64 staging = 0;  ///< abandoned staging files removed
};

struct StoreSummary {
    qint64 contents = 0;
    qint64 logicalBytes = 0; ///< sum of content sizes
    qint64 storedBytes = 0;  ///< on disk
    qint64 freeBytes = 0;    ///< of the file system
    bool readOnly = false;
    QString readOnlyReason;
    qint64 damaged = 0; ///< contents known to be damaged or lost, until somebody uploads them again
};

/// Calls back once for every content that a commit, an upload claim or anything else still needs; the same
/// content may come more than once. Implemented by the catalog.
using LiveContents =
    std::function<Result<void>(db::Transaction&, const std::function<void(const Sha256&)>& live)>;

struct ConversionReport {
    qint64 contents = 0; ///< converted
    qint64 bytes = 0;    ///< their sizes
    qint64 skipped = 0;  ///< damaged: left as they are
};

} // namespace hublet::store
