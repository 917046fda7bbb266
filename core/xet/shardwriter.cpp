// SPDX-License-Identifier: Apache-2.0
#include "core/xet/shardwriter.h"

#include "core/xet/shardformat.h"

#include <QtEndian>

namespace hublet::xet {

namespace {

template <typename Number>
void appendNumber(QByteArray& out, Number number)
{
    const Number little = qToLittleEndian(number);
    out.append(reinterpret_cast<const char*>(&little), sizeof little);
}

void appendRecord(QByteArray& out, const XetHash& hash, std::array<quint32, 4> numbers = {})
{
    out.append(hash.toBytes());
    for (const quint32 number : numbers)
        appendNumber(out, number);
}

void appendHeader(QByteArray& out, qsizetype footerBytes)
{
    out.append(ShardTag);
    appendNumber(out, ShardVersion);
    appendNumber(out, quint64(footerBytes));
}

void appendBookend(QByteArray& out)
{
    XetHash hash;
    hash.bytes().fill(0xff);
    appendRecord(out, hash);
}

void appendFile(QByteArray& out, const ShardFile& file)
{
    Q_ASSERT(file.rangeHashes.empty() || file.rangeHashes.size() == file.terms.size());
    const bool hasRangeHashes = file.rangeHashes.size() == file.terms.size();
    const quint32 flags = (hasRangeHashes ? FileHasRangeHashes : 0) | (file.sha256 ? FileHasSha256 : 0);
    appendRecord(out, file.hash, {flags, quint32(file.terms.size()), 0, 0});
    for (const Term& term : file.terms)
        appendRecord(out, term.xorb, {0, term.bytes, term.chunkStart, term.chunkEnd});
    for (const XetHash& hash : file.rangeHashes)
        appendRecord(out, hash);
    // The protocol stores a SHA-256 as if its hex were a hash's text form.
    if (file.sha256)
        appendRecord(out, *XetHash::fromText(file.sha256->toHex()));
}

void appendXorb(QByteArray& out, const ShardXorb& xorb, const std::optional<HashKey>& key)
{
    quint32 bytes = 0;
    for (const Chunk& chunk : xorb.chunks)
        bytes += chunk.bytes;
    // The size on disk is one that no client relies on; zero is what most write.
    appendRecord(out, xorb.hash, {0, quint32(xorb.chunks.size()), bytes, 0});
    quint32 offset = 0;
    for (const Chunk& chunk : xorb.chunks) {
        const quint32 flags = isDedupCandidate(chunk.hash) ? ChunkIsDedupCandidate : 0;
        appendRecord(out, key ? hiddenChunkHash(chunk.hash, *key) : chunk.hash,
                     {offset, chunk.bytes, flags, 0});
        offset += chunk.bytes;
    }
}

} // namespace

QByteArray writeUploadShard(std::span<const ShardFile> files, std::span<const ShardXorb> xorbs)
{
    QByteArray out;
    appendHeader(out, 0);
    for (const ShardFile& file : files)
        appendFile(out, file);
    appendBookend(out);
    for (const ShardXorb& xorb : xorbs)
        appendXorb(out, xorb, {});
    appendBookend(out);
    return out;
}

qint64 dedupShardBytes(qint64 xorbs, qint64 chunks)
{
    constexpr qint64 FixedRecords = 3; // the header and two bookends
    return (FixedRecords + xorbs + chunks) * ShardRecordBytes + ShardFooterBytes;
}

QByteArray writeDedupShard(std::span<const ShardXorb> xorbs, const DedupShard& about)
{
    QByteArray out;
    appendHeader(out, ShardFooterBytes);
    const qsizetype files = out.size();
    appendBookend(out);
    const qsizetype xorbSection = out.size();
    for (const ShardXorb& xorb : xorbs)
        appendXorb(out, xorb, about.key);
    appendBookend(out);

    // Lookup tables are empty, but clients read xorbs up to where the first of them begins.
    const qsizetype end = out.size();
    appendNumber(out, ShardFooterVersion);
    appendNumber(out, quint64(files));
    appendNumber(out, quint64(xorbSection));
    for (int table = 0; table < 3; ++table) {
        appendNumber(out, quint64(end));
        appendNumber(out, quint64(0));
    }
    const HashKey key = about.key.value_or(HashKey{});
    out.append(reinterpret_cast<const char*>(key.data()), qsizetype(key.size()));
    appendNumber(out, quint64(about.created));
    appendNumber(out, quint64(about.expires));
    constexpr qsizetype Reserved = 48;
    constexpr qsizetype Statistics = 3 * sizeof(quint64); // bytes stored, which no client relies on
    out.append(Reserved + Statistics, '\0');
    appendNumber(out, quint64(end));
    Q_ASSERT(out.size() == end + ShardFooterBytes);
    return out;
}

} // namespace hublet::xet
