// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/files/storedfile.h"
#include "core/store/files/xorbindex.h"

#include <optional>

namespace hublet::store {

/// A row of table xorb with its file.
struct XorbRow {
    StoredFile file;
    quint32 chunkCount = 0;
    qint64 rawBytes = 0;
    qint64 touchedMs = 0;  ///< last uploaded, referred to or shown to a client
    qint64 verifiedMs = 0; ///< 0 = has damaged chunks
    std::optional<qint64> dyingSinceMs;

    /// Good for new references: whole, and not on its way out.
    [[nodiscard]] bool isUsable() const { return verifiedMs != 0 && !dyingSinceMs; }
};

/// A xorb on disk with the list of its chunks. Immutable.
struct StoredXorb {
    StoredFile file;
    XorbIndex index;

    [[nodiscard]] XetHash hash() const { return xorbHashOf(file.name); }
};

/// A term of a file as the store keeps it.
struct StoredTerm {
    StoredFile xorb;
    quint32 chunkStart = 0;
    quint32 chunkEnd = 0; ///< exclusive
    qint64 rawStart = 0;  ///< where its bytes begin in the xorb
    qint64 rawBytes = 0;

    [[nodiscard]] xet::Term term() const
    {
        return {xorbHashOf(xorb.name), chunkStart, chunkEnd, quint32(rawBytes)};
    }
};

} // namespace hublet::store
