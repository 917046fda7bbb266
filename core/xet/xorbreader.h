// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunkrecord.h"
#include "core/xet/filechunker.h"
#include "core/xet/merkletree.h"

#include <optional>

namespace hublet::xet {

/// Checks chunk records as they arrive: a xorb as uploaded (xet.md 4.5), or a run of records fetched from
/// another server. Hands each chunk, decoded and named, to the sink; what the footer of old clients claims is
/// not believed, only measured. Never holds more than one record, nor more than has arrived. Not thread-safe;
/// one object per body.
class XorbReader {
public:
    /// `sink` must outlive this object.
    explicit XorbReader(ChunkSink& sink) : m_sink(sink) {}

    /// The next bytes of the body, in pieces of any size. Errors: Malformed, Unsupported, TooLarge (more
    /// chunks or bytes than a xorb may have), and the sink's. After an error the object is spent.
    [[nodiscard]] Result<void> add(QByteArrayView bytes);
    /// End of the body: the xorb's hash, for the caller to compare. Malformed when it ends early or has no
    /// chunk.
    [[nodiscard]] Result<XetHash> finish();

    [[nodiscard]] quint32 chunkCount() const { return quint32(m_tree.leaves()); }
    [[nodiscard]] qint64 rawBytes() const { return qint64(m_tree.bytes()); }

private:
    Result<bool> takeRecord(QByteArrayView& bytes);
    Result<void> takeChunk(QByteArrayView payload);
    Result<void> checkFooter() const;

    ChunkSink& m_sink;
    MerkleTree m_tree;
    PayloadDecoder m_decoder;
    QByteArray m_partial; ///< of a record or of the footer
    std::optional<RecordHeader> m_header;
    bool m_inFooter = false;
    qint64 m_bodyBytes = 0;
};

} // namespace hublet::xet
