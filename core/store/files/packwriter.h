// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/files/hashstrand.h"
#include "core/store/files/packformat.h"
#include "core/store/files/stagedfile.h"

namespace hublet::store {

/// Writes one pack into a staged file. Not thread-safe.
class PackWriter {
public:
    /// A pack is closed when it has grown to this size: what the sweep may have to rewrite to free a part of
    /// it.
    static constexpr qint64 FullBytes = 64LL << 20;

    PackWriter(std::unique_ptr<StagedFile> file, BlockStrand::Shared& strands);

    /// Offset of the content inside the pack. Errors: NoSpace, Io.
    [[nodiscard]] Result<qint64> add(const Sha256& sha256, QByteArrayView bytes);
    /// Writes out what is still buffered, and the index. Nothing may be added afterwards.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] bool isFull() const { return m_size >= FullBytes; }
    [[nodiscard]] const std::vector<PackEntry>& entries() const { return m_entries; }
    [[nodiscard]] const Sha256& name() const { return m_name; } ///< after finish()
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] std::unique_ptr<StagedFile> takeFile() { return std::move(m_file); }

private:
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    [[nodiscard]] Result<void> flush();

    std::unique_ptr<StagedFile> m_file;
    HashStrand m_strand;
    QByteArray m_block;
    qint64 m_size = 0;
    std::vector<PackEntry> m_entries;
    Sha256 m_name;
};

} // namespace hublet::store
