// SPDX-License-Identifier: Apache-2.0
#include "core/xet/shardreader.h"

#include "core/xet/shardformat.h"
#include "core/xet/xetlimits.h"

#include <QtEndian>

#include <algorithm>

namespace hublet::xet {

namespace {

/// One record: a hash and, for most kinds, four numbers.
struct Record {
    XetHash hash;
    std::array<quint32, 4> numbers{};

    /// `offset` must lie a record before the end.
    static Record at(QByteArrayView body, qsizetype offset)
    {
        Record record;
        record.hash = *XetHash::fromBytes(body.sliced(offset, XetHash::Size));
        const char* number = body.data() + offset + XetHash::Size;
        for (quint32& value : record.numbers) {
            value = qFromLittleEndian<quint32>(number);
            number += sizeof(quint32);
        }
        return record;
    }

    /// Ends a section.
    bool isBookend() const
    {
        return std::ranges::all_of(hash.bytes(), [](std::uint8_t byte) { return byte == 0xff; });
    }
};

/// A file's header record and where its parts are.
struct FileLayout {
    FileLayout(const Record& header, qsizetype offset)
        : terms(header.numbers[1]), hasRangeHashes(header.numbers[0] & FileHasRangeHashes),
          hasSha256(header.numbers[0] & FileHasSha256), firstTerm(offset + ShardRecordBytes)
    {
    }

    qint64 firstRangeHash() const { return firstTerm + terms * ShardRecordBytes; }
    qint64 sha256() const { return firstRangeHash() + (hasRangeHashes ? terms * ShardRecordBytes : 0); }
    qint64 end() const { return sha256() + (hasSha256 ? ShardRecordBytes : 0); }

    qint64 terms;
    bool hasRangeHashes;
    bool hasSha256;
    qint64 firstTerm; ///< offset in the body, as the others
};

Term termOf(const Record& record)
{
    return {record.hash, record.numbers[2], record.numbers[3], record.numbers[1]};
}

bool isPlausible(const Term& term)
{
    return term.chunkStart < term.chunkEnd && term.chunkEnd <= MaxXorbChunks &&
           term.bytes >= term.chunkEnd - term.chunkStart &&
           term.bytes <= quint64(term.chunkEnd - term.chunkStart) * MaxChunkBytes;
}

tl::unexpected<Error> malformed(const char* what)
{
    return fail(ErrorCode::Malformed,
                QStringLiteral("The shard is damaged: %1.").arg(QLatin1StringView(what)));
}

/// Checks the file at `offset` and counts the chunks of its terms; returns where the next begins.
Result<qsizetype> checkFile(QByteArrayView body, qsizetype offset, qint64& chunks)
{
    const Record header = Record::at(body, offset);
    const FileLayout file(header, offset);
    if (file.end() > body.size())
        return malformed("it ends inside a file");
    if ((file.terms == 0) != header.hash.isNull())
        return malformed("only the empty file has no terms");
    for (qint64 i = 0; i < file.terms; ++i) {
        const Term term = termOf(Record::at(body, file.firstTerm + i * ShardRecordBytes));
        if (!isPlausible(term))
            return malformed("a file refers to an impossible run of chunks");
        chunks += term.chunkEnd - term.chunkStart;
    }
    if (chunks > MaxShardTermChunks)
        return fail(
            ErrorCode::TooLarge,
            QStringLiteral("The files of the shard have more than %1 chunks.").arg(MaxShardTermChunks));
    return file.end();
}

/// Checks the xorb at `offset`; returns where the next begins.
Result<qsizetype> checkXorb(QByteArrayView body, qsizetype offset)
{
    const quint32 chunks = Record::at(body, offset).numbers[1];
    if (chunks == 0 || chunks > MaxXorbChunks)
        return malformed("a xorb has an impossible number of chunks");
    const qsizetype first = offset + ShardRecordBytes;
    const qsizetype end = first + qsizetype(chunks) * ShardRecordBytes;
    if (end > body.size())
        return malformed("it ends inside a xorb");
    quint32 rawOffset = 0;
    for (qsizetype at = first; at < end; at += ShardRecordBytes) {
        const auto [start, bytes, flags, unused] = Record::at(body, at).numbers;
        if (start != rawOffset || bytes == 0 || bytes > MaxChunkBytes)
            return malformed("a xorb has an impossible chunk");
        rawOffset += bytes;
    }
    return end;
}

/// Checks a section up to and with its bookend; returns where it ends, and counts.
template <typename CheckEntry>
Result<qsizetype> checkSection(QByteArrayView body, qsizetype offset, quint32& count, CheckEntry checkEntry)
{
    for (;;) {
        if (body.size() - offset < ShardRecordBytes)
            return malformed("a section has no end");
        if (Record::at(body, offset).isBookend())
            return offset + ShardRecordBytes;
        const auto end = checkEntry(body, offset);
        if (!end)
            return end;
        offset = *end;
        ++count;
    }
}

} // namespace

Result<ShardReader> ShardReader::open(QByteArrayView body)
{
    if (body.size() > MaxShardBodyBytes)
        return fail(ErrorCode::TooLarge, QStringLiteral("The shard is larger than a shard may be."));
    if (body.size() < ShardRecordBytes || !body.startsWith(ShardTag))
        return fail(ErrorCode::Malformed, QStringLiteral("This is not a shard."));
    const char* const numbers = body.data() + ShardTag.size();
    if (qFromLittleEndian<quint64>(numbers) != ShardVersion)
        return fail(ErrorCode::Unsupported, QStringLiteral("The shard has an unknown version."));

    ShardReader reader(body);
    reader.m_nextFile = ShardRecordBytes;
    qint64 termChunks = 0;
    const auto filesEnd = checkSection(body, reader.m_nextFile, reader.m_fileCount,
                                       [&termChunks](QByteArrayView shard, qsizetype offset) {
                                           return checkFile(shard, offset, termChunks);
                                       });
    if (!filesEnd)
        return forward(filesEnd);
    reader.m_nextXorb = *filesEnd;
    const auto xorbsEnd = checkSection(body, reader.m_nextXorb, reader.m_xorbCount, checkXorb);
    if (!xorbsEnd)
        return forward(xorbsEnd);

    // What follows is not read: lookup tables, a footer, or nothing, whatever the header says. hf_xet 1.1.6 to
    // 1.2 announce a footer that they do not send.
    return reader;
}

std::optional<ShardFile> ShardReader::nextFile()
{
    const Record header = Record::at(m_body, m_nextFile);
    if (header.isBookend())
        return std::nullopt;
    const FileLayout layout(header, m_nextFile);
    ShardFile file;
    file.hash = header.hash;
    file.terms.reserve(std::size_t(layout.terms));
    for (qint64 i = 0; i < layout.terms; ++i)
        file.terms.push_back(termOf(Record::at(m_body, layout.firstTerm + i * ShardRecordBytes)));
    if (layout.hasRangeHashes) {
        file.rangeHashes.reserve(std::size_t(layout.terms));
        for (qint64 i = 0; i < layout.terms; ++i)
            file.rangeHashes.push_back(
                Record::at(m_body, layout.firstRangeHash() + i * ShardRecordBytes).hash);
    }
    // The protocol stores a SHA-256 as if its hex were a hash's text form.
    if (layout.hasSha256)
        file.sha256 = Sha256::fromHex(Record::at(m_body, layout.sha256()).hash.toText());
    m_nextFile = layout.end();
    return file;
}

std::optional<ShardXorb> ShardReader::nextXorb()
{
    const Record header = Record::at(m_body, m_nextXorb);
    if (header.isBookend())
        return std::nullopt;
    ShardXorb xorb;
    xorb.hash = header.hash;
    xorb.chunks.reserve(header.numbers[1]);
    for (quint32 i = 0; i < header.numbers[1]; ++i) {
        m_nextXorb += ShardRecordBytes;
        const Record record = Record::at(m_body, m_nextXorb);
        xorb.chunks.push_back({record.hash, record.numbers[1]});
    }
    m_nextXorb += ShardRecordBytes;
    return xorb;
}

} // namespace hublet::xet
