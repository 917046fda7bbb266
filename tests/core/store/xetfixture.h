// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/xetstore.h"
#include "core/xet/chunkrecord.h"
#include "core/xet/filechunker.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"
#include "core/xet/shardwriter.h"
#include "tests/core/store/storefixture.h"

namespace hublet::test {

/// A file cut into chunks as a client does it.
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

    QByteArray bytes;
    XetHash hash;
    std::vector<xet::Chunk> chunks;
    std::vector<QByteArray> payloads;
};

/// A xorb as a client makes and announces it.
struct ClientXorb {
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

    std::vector<xet::Chunk> chunks;
    QByteArray body;
};

/// A store with what a Xet client does to it.
class XetFixture : public StoreFixture {
public:
    using StoreFixture::StoreFixture;

    [[nodiscard]] store::XetStore& xet() const { return store->xet(); }

    [[nodiscard]] Result<bool> post(const ClientXorb& xorb) const { return post(xorb.hash(), xorb.body); }
    [[nodiscard]] Result<bool> post(const XetHash& announced, const QByteArray& body) const
    {
        auto upload = xet().putXorb(announced);
        if (!upload)
            return forward(upload);
        constexpr qsizetype Piece = 70'001;
        for (qsizetype at = 0; at < body.size(); at += Piece) {
            const auto added = upload->append(QByteArrayView(body).sliced(at, qMin(Piece, body.size() - at)));
            if (!added)
                return forward(added);
        }
        return upload->finish();
    }
    [[nodiscard]] Result<store::ShardOutcome>
    registerShard(const std::vector<xet::ShardFile>& files,
                  const std::vector<xet::ShardXorb>& xorbs = {}) const
    {
        return xet().registerShard(xet::writeUploadShard(files, xorbs), {}, {}, CancelToken());
    }
    /// The claims of an honest client about a file that lies in one xorb from `start` on.
    [[nodiscard]] static xet::ShardFile claim(const CutFile& file, const ClientXorb& xorb, quint32 start = 0)
    {
        const auto end = quint32(start + file.chunks.size());
        xet::ShardFile claimed;
        claimed.hash = file.hash;
        claimed.terms = {xorb.term(start, end)};
        claimed.rangeHashes = {xet::rangeHash(file.chunks)};
        claimed.sha256 = Sha256Hasher::hash(file.bytes);
        return claimed;
    }
    /// Uploads a file the way a client does: one xorb, one shard.
    [[nodiscard]] Result<store::ShardOutcome> upload(const CutFile& file) const
    {
        ClientXorb xorb;
        xorb.add(file);
        if (const auto posted = post(xorb); !posted)
            return forward(posted);
        return registerShard({claim(file, xorb)}, {xorb.entry()});
    }

    [[nodiscard]] static QByteArray read(const std::vector<Extent>& extents)
    {
        QByteArray bytes;
        for (const Extent& extent : extents)
            bytes += store::readAt(extent.file->get(), extent.offset, extent.length).value();
        return bytes;
    }
    [[nodiscard]] static QString xorbPath(const XetHash& hash)
    {
        return QString::fromLatin1(
            store::StoredFile{0, store::FileKind::Xorb, store::fileNameOf(hash), 0}.path());
    }
};

} // namespace hublet::test
