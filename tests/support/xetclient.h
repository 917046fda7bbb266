// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/hasher.h"
#include "core/xet/chunkrecord.h"
#include "core/xet/filechunker.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"
#include "core/xet/shard.h"

#include <vector>

/// What a Xet client makes before it uploads. Whoever includes this links hublet_xet.
namespace hublet::test {

/// A file cut into chunks.
struct CutFile : xet::ChunkSink {
    explicit CutFile(const QByteArray& content) : bytes(content)
    {
        xet::FileChunker chunker(*this);
        if (!chunker.add(content))
            qFatal("a file cannot be cut");
        hash = chunker.finish().value();
    }
    Result<void> addChunk(const xet::Chunk& chunk, QByteArrayView payload) override
    {
        chunks.push_back(chunk);
        payloads.push_back(payload.toByteArray());
        return {};
    }
    [[nodiscard]] Sha256 sha256() const { return Sha256Hasher::hash(bytes); }

    QByteArray bytes;
    XetHash hash;
    std::vector<xet::Chunk> chunks;
    std::vector<QByteArray> payloads;
};

/// A xorb as it is announced and sent.
struct ClientXorb {
    ClientXorb() = default;
    explicit ClientXorb(const CutFile& file) { add(file); }

    void add(const CutFile& file, std::size_t first, std::size_t end)
    {
        for (std::size_t i = first; i < end; ++i) {
            chunks.push_back(file.chunks[i]);
            body += xet::encodeRecord(file.payloads[i], xet::Scheme::Lz4);
        }
    }
    void add(const CutFile& file) { add(file, 0, file.chunks.size()); }
    [[nodiscard]] XetHash hash() const
    {
        xet::MerkleTree tree;
        tree.add(chunks);
        return tree.root();
    }
    [[nodiscard]] xet::Term term(quint32 start, quint32 end) const
    {
        quint32 bytes = 0;
        for (quint32 i = start; i < end; ++i)
            bytes += chunks[i].bytes;
        return {hash(), start, end, bytes};
    }
    [[nodiscard]] xet::ShardXorb entry() const { return {hash(), chunks}; }
    /// What an honest client says about a file whose chunks lie here from `start` on.
    [[nodiscard]] xet::ShardFile claim(const CutFile& file, quint32 start = 0) const
    {
        const auto end = quint32(start + file.chunks.size());
        return {file.hash, {term(start, end)}, {xet::rangeHash(file.chunks)}, file.sha256()};
    }

    std::vector<xet::Chunk> chunks;
    QByteArray body;
};

} // namespace hublet::test
