// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/xorbformat.h"

#include "core/base/hasher.h"
#include "core/store/files/fileio.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"
#include "core/xet/xetlimits.h"

#include <QtEndian>

namespace hublet::store {

namespace {

constexpr qint64 EntryBytes = qint64(XetHash::Size) + 4;
constexpr qint64 FooterBytes = qint64(Sha256::Size) + 16;

void appendNumber(QByteArray& out, quint32 number)
{
    char bytes[sizeof number];
    qToLittleEndian(number, bytes);
    out.append(bytes, sizeof bytes);
}

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::Corrupt, QStringLiteral("The index of a xorb is damaged"));
}

} // namespace

qint64 xorbFileSize(qint64 chunks, qint64 rawBytes)
{
    return rawBytes + chunks * EntryBytes + FooterBytes;
}

QByteArray xorbTrailer(const XorbIndex& index)
{
    QByteArray out;
    out.reserve(index.count() * EntryBytes + FooterBytes);
    for (quint32 i = 0; i < index.count(); ++i) {
        out += index.chunks()[i].hash.toBytes();
        appendNumber(out, quint32(index.rawOffset(i + 1)));
    }
    out += Sha256Hasher::hash(out).toBytes();
    appendNumber(out, index.count());
    appendNumber(out, 0);
    out += XorbMagic;
    return out;
}

Result<XorbIndex> readXorbIndex(int fd, qint64 fileSize)
{
    if (fileSize < FooterBytes)
        return damaged();
    const auto footer = readAt(fd, fileSize - FooterBytes, FooterBytes);
    if (!footer)
        return forward(footer);
    const qint64 count = qFromLittleEndian<quint32>(footer->constData() + Sha256::Size);
    const qint64 indexOffset = fileSize - FooterBytes - count * EntryBytes;
    if (footer->sliced(qsizetype(Sha256::Size) + 8) != XorbMagic || count > xet::MaxXorbChunks ||
        indexOffset < 0)
        return damaged();
    const auto bytes = readAt(fd, indexOffset, count * EntryBytes);
    if (!bytes)
        return forward(bytes);
    if (Sha256Hasher::hash(*bytes).toBytes() != footer->first(qsizetype(Sha256::Size)))
        return damaged();

    std::vector<xet::Chunk> chunks;
    chunks.reserve(std::size_t(count));
    quint32 begin = 0;
    for (qint64 at = 0; at < bytes->size(); at += EntryBytes) {
        const auto end = qFromLittleEndian<quint32>(bytes->constData() + at + XetHash::Size);
        if (end <= begin || end - begin > xet::MaxChunkBytes)
            return damaged();
        chunks.push_back(
            {*XetHash::fromBytes(QByteArrayView(*bytes).sliced(at, XetHash::Size)), end - begin});
        begin = end;
    }
    if (begin != indexOffset)
        return damaged();
    return XorbIndex(std::move(chunks));
}

Result<std::vector<quint32>> findDamagedChunks(int fd, qint64 fileSize, const XetHash& hash)
{
    const auto index = readXorbIndex(fd, fileSize);
    if (!index)
        return forward(index);
    xet::MerkleTree tree;
    tree.add(index->chunks());
    if (tree.root() != hash)
        return damaged();
    std::vector<quint32> positions;
    for (quint32 i = 0; i < index->count(); ++i) {
        const xet::Chunk& chunk = index->chunks()[i];
        const auto bytes = readAt(fd, index->rawOffset(i), chunk.bytes);
        if (!bytes)
            return forward(bytes);
        if (xet::chunkHash(*bytes) != chunk.hash)
            positions.push_back(i);
    }
    return positions;
}

} // namespace hublet::store
