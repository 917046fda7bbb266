// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/files/stagedfile.h"
#include "core/store/files/storedxorb.h"
#include "core/xet/merkletree.h"

namespace hublet::store {

/// Writes one xorb into a staged file (xorbformat.h). Not thread-safe.
class XorbWriter {
public:
    explicit XorbWriter(std::unique_ptr<StagedFile> file) : m_file(std::move(file)) {}

    /// Position of the chunk in the xorb. Errors: NoSpace, Io.
    [[nodiscard]] Result<quint32> add(const xet::Chunk& chunk, QByteArrayView payload);
    /// Is there room for a chunk of so many bytes in a xorb of our own making?
    [[nodiscard]] bool hasRoomFor(quint32 bytes) const;
    /// Writes out what is still buffered, and the index. Nothing may be added afterwards.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] const XorbIndex& index() const { return m_index; }
    [[nodiscard]] StoredFile storedFile() const; ///< after finish(); not recorded
    [[nodiscard]] std::unique_ptr<StagedFile> takeFile() { return std::move(m_file); }

private:
    [[nodiscard]] Result<void> flush();

    std::unique_ptr<StagedFile> m_file;
    QByteArray m_buffer; ///< small chunks are written together
    XorbIndex m_index;
    xet::MerkleTree m_tree;
};

} // namespace hublet::store
