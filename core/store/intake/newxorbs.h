// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/files/xorbwriter.h"
#include "core/store/intake/uploadstate.h"

#include <deque>
#include <unordered_map>

namespace hublet::store {

/// The xorbs that one upload makes, shared by all its contents: chunks are put into the open one, which is
/// closed and published when it is full. Remembers the chunks of the last WindowXorbs. Used by one thread at
/// a time.
class NewXorbs {
public:
    /// Closed xorbs whose chunks are still known: 1 GiB of new data.
    static constexpr std::size_t WindowXorbs = 16;

    struct Place {
        quint32 xorb = 0; ///< number of the xorb within the upload, from 0
        quint32 position = 0;
    };

    explicit NewXorbs(UploadState& state) : m_state(state) {}

    [[nodiscard]] Result<Place> add(const xet::Chunk& chunk, QByteArrayView payload);
    /// Where a chunk was put lately.
    [[nodiscard]] std::optional<Place> find(const XetHash& chunk) const;
    /// The chunks of a xorb that are there so far; null when it was closed long ago.
    [[nodiscard]] const XorbIndex* index(quint32 xorb) const;

    /// Closes the open xorb, so that all have their names.
    [[nodiscard]] Result<void> close();
    /// A closed xorb; not recorded.
    [[nodiscard]] const StoredFile& file(quint32 xorb) const { return m_closed[xorb]; }

private:
    void forgetOldest();
    [[nodiscard]] quint32 firstInWindow() const { return quint32(m_closed.size() - m_window.size()); }

    UploadState& m_state;
    std::unique_ptr<XorbWriter> m_open; ///< its number is m_closed.size()
    std::vector<StoredFile> m_closed;
    std::deque<XorbIndex> m_window; ///< of the last closed ones
    std::unordered_map<XetHash, Place> m_places;
};

} // namespace hublet::store
