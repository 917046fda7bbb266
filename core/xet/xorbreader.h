// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunkrecord.h"
#include "core/xet/chunksink.h"
#include "core/xet/merkletree.h"

#include <optional>

namespace hublet::xet {

/// Checks chunk records as they arrive: a xorb as uploaded (xet.md 4.5), or a run of records fetched from
/// another server. Hands each chunk, decoded and named, to the sink; of the footer of old clients only the
/// form is checked, what it claims is not looked at. Never holds more than one record, nor more than has
/// arrived. Not thread-safe; one object per body.
class XorbReader {
public:
    /// `sink` must outlive this object.
    explicit XorbReader(ChunkSink& sink) : m_sink(sink) {}

    /// The next bytes of the body, in pieces of any size. Errors: Malformed, Unsupported, TooLarge (more
    /// bytes than a body may have), and the sink's. After an error the object is spent.
    [[nodiscard]] Result<void> add(QByteArrayView bytes);
    /// End of the body: the xorb's hash, for the caller to compare. Malformed when it ends early or has no
    /// chunk.
    [[nodiscard]] Result<XetHash> finish();

    [[nodiscard]] quint32 chunkCount() const { return quint32(m_tree.leaves()); }
    /// Raw bytes of all chunks so far.
    [[nodiscard]] qint64 rawBytes() const { return qint64(m_tree.bytes()); }

private:
    QByteArrayView takeUnit(QByteArrayView& bytes, qsizetype wanted);
    Result<void> takeHeader(QByteArrayView header);
    Result<void> takePayload(QByteArrayView payload);
    Result<void> addFooter(QByteArrayView bytes);
    Result<void> checkFooter() const;

    ChunkSink& m_sink;
    MerkleTree m_tree;
    PayloadDecoder m_decoder;
    std::optional<RecordHeader> m_header; ///< of the record whose payload comes next
    QByteArray m_unit;                    ///< the begun header or payload
    std::optional<QByteArray> m_footer;
    qint64 m_bodyBytes = 0;
};

} // namespace hublet::xet
