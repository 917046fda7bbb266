// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/packformat.h"

#include "core/store/files/fileio.h"

#include <QtEndian>

namespace hublet::store {

namespace {

constexpr qint64 EntryBytes = Sha256::Size + 16;
constexpr qint64 FooterBytes = 24;

void appendNumber(QByteArray& out, qint64 number)
{
    char bytes[sizeof number];
    qToLittleEndian(number, bytes);
    out.append(bytes, sizeof bytes);
}

qint64 numberAt(const QByteArray& bytes, qint64 offset)
{
    return qFromLittleEndian<qint64>(bytes.constData() + offset);
}

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::Corrupt, QStringLiteral("A pack file is damaged"));
}

} // namespace

qint64 packFileSize(qint64 contents, qint64 contentBytes)
{
    return PackHeaderBytes + contentBytes + contents * EntryBytes + FooterBytes;
}

QByteArray packTrailer(const std::vector<PackEntry>& entries, qint64 indexOffset)
{
    QByteArray out;
    out.reserve(qsizetype(entries.size()) * EntryBytes + FooterBytes);
    for (const PackEntry& entry : entries) {
        out += entry.sha256.toBytes();
        appendNumber(out, entry.offset);
        appendNumber(out, entry.size);
    }
    appendNumber(out, qint64(entries.size()));
    appendNumber(out, indexOffset);
    out += PackMagic;
    return out;
}

Result<std::vector<PackEntry>> readPackIndex(int fd, qint64 fileSize)
{
    if (fileSize < PackHeaderBytes + FooterBytes)
        return damaged();
    const auto footer = readAt(fd, fileSize - FooterBytes, FooterBytes);
    if (!footer)
        return forward(footer);
    const qint64 count = numberAt(*footer, 0);
    const qint64 indexOffset = numberAt(*footer, 8);
    const qint64 room = fileSize - FooterBytes - PackHeaderBytes;
    if (footer->sliced(16) != PackMagic || count < 0 || count > room / EntryBytes ||
        indexOffset != fileSize - FooterBytes - count * EntryBytes)
        return damaged();

    const auto index = readAt(fd, indexOffset, count * EntryBytes);
    if (!index)
        return forward(index);
    std::vector<PackEntry> entries;
    entries.reserve(std::size_t(count));
    for (qint64 at = 0; at < index->size(); at += EntryBytes) {
        const PackEntry entry{*Sha256::fromBytes(QByteArrayView(*index).sliced(at, Sha256::Size)),
                              numberAt(*index, at + qint64(Sha256::Size)),
                              numberAt(*index, at + qint64(Sha256::Size) + 8)};
        if (entry.offset < PackHeaderBytes || entry.size < 0 || entry.size > indexOffset - entry.offset)
            return damaged();
        entries.push_back(entry);
    }
    return entries;
}

} // namespace hublet::store
