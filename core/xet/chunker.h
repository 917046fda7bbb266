// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/xetlimits.h"

#include <QByteArrayView>

namespace hublet::xet {

/// Finds where chunks end (xet.md 2.1). How the bytes are divided over calls makes no difference.
/// Not thread-safe; one object per stream, which holds 16 bytes and no data.
///
///     while (const qsizetype n = chunker.findEnd(bytes)) {
///         // the chunk that began earlier ends after the first n of `bytes`
///         bytes = bytes.sliced(n);
///     }
///     // end of the stream: what has come since the last end, if anything, is the last chunk
class Chunker {
public:
    /// Looks for the end of the current chunk in `bytes`, which follow what earlier calls have taken.
    /// Returns how many of them complete the chunk, and takes just these; or 0 when the chunk goes on beyond
    /// them, and takes all.
    [[nodiscard]] qsizetype findEnd(QByteArrayView bytes);

    /// Bytes of the current, unfinished chunk taken so far.
    [[nodiscard]] quint32 pending() const { return m_length; }

private:
    quint32 m_length = 0;
    quint64 m_hash = 0;
};

} // namespace hublet::xet
