// SPDX-License-Identifier: Apache-2.0
#include "xetcontent.h"

#include "core/base/hasher.h"
#include "core/xet/filechunker.h"
#include "core/xet/shardwriter.h"

#include <QRandomGenerator>

namespace hublet::api::cas {

namespace {

class ChunkList : public xet::ChunkSink {
public:
    Result<void> addChunk(const xet::Chunk& chunk, QByteArrayView) override
    {
        chunks.push_back(chunk);
        return {};
    }
    std::vector<xet::Chunk> chunks;
};

} // namespace

XetContent XetContent::random(qsizetype size, quint32 seed)
{
    QRandomGenerator generator(seed);
    QByteArray bytes(size, Qt::Uninitialized);
    for (char& byte : bytes)
        byte = char(generator.generate());
    return of(bytes);
}

XetContent XetContent::of(QByteArray bytes)
{
    ChunkList list;
    xet::FileChunker chunker(list);
    const bool added = chunker.add(bytes).has_value();
    const auto file = chunker.finish();
    if (!added || !file)
        qFatal("the content of a test cannot be cut into chunks");
    xet::MerkleTree tree;
    tree.add(list.chunks);
    return {std::move(bytes), std::move(list.chunks), tree.root(), *file};
}

QByteArray XetContent::sha256Hex() const
{
    return Sha256Hasher::hash(bytes).toHex();
}

QByteArray XetContent::xorbBody(xet::Scheme scheme) const
{
    QByteArray body;
    qsizetype at = 0;
    for (const xet::Chunk& chunk : chunks) {
        body += xet::encodeRecord(QByteArrayView(bytes).sliced(at, chunk.bytes), scheme);
        at += chunk.bytes;
    }
    return body;
}

xet::ShardFile XetContent::shardFile() const
{
    return {file,
            {{xorb, 0, quint32(chunks.size()), quint32(bytes.size())}},
            {xet::rangeHash(chunks)},
            Sha256Hasher::hash(bytes)};
}

QByteArray XetContent::shard() const
{
    return xet::writeUploadShard({{shardFile()}}, {{shardXorb()}});
}

} // namespace hublet::api::cas
