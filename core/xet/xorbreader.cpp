// SPDX-License-Identifier: Apache-2.0
#include "core/xet/xorbreader.h"

#include "core/xet/keyedhash.h"

#include <QtEndian>

namespace hublet::xet {

namespace {

// A record cannot begin like this: its version would be 'X'.
constexpr QByteArrayView FooterTag("XETBLOB");
constexpr qsizetype FooterLengthBytes = 4;

// Bytes of a footer without the length that follows it (xet.md 4.3, 4.4).
constexpr qsizetype footerBytes(quint32 chunks, int version)
{
    return version == 0 ? 60 + 36 * qsizetype(chunks) : 92 + 40 * qsizetype(chunks);
}

} // namespace

Result<void> XorbReader::add(QByteArrayView bytes)
{
    m_bodyBytes += bytes.size();
    if (m_bodyBytes > MaxXorbBodyBytes)
        return fail(ErrorCode::TooLarge, QStringLiteral("The xorb is larger than a xorb may be."));
    while (!bytes.isEmpty() && !m_footer) {
        const QByteArrayView unit = takeUnit(bytes, m_header ? m_header->storedBytes : RecordHeader::Size);
        if (unit.isEmpty())
            return {};
        if (const auto taken = m_header ? takePayload(unit) : takeHeader(unit); !taken)
            return taken;
        m_unit.resize(0); // keeps the memory, unlike clear()
    }
    return m_footer ? addFooter(bytes) : Result<void>();
}

/// The next `wanted` bytes, from what is begun and from `bytes`; empty when there are not as many yet.
QByteArrayView XorbReader::takeUnit(QByteArrayView& bytes, qsizetype wanted)
{
    const qsizetype count = std::min(wanted - m_unit.size(), bytes.size());
    const QByteArrayView next = bytes.first(count);
    bytes = bytes.sliced(count);
    if (count == wanted)
        return next;
    m_unit.append(next);
    return m_unit.size() == wanted ? QByteArrayView(m_unit) : QByteArrayView();
}

Result<void> XorbReader::takeHeader(QByteArrayView header)
{
    if (header.startsWith(FooterTag)) {
        m_footer = header.toByteArray();
        return {};
    }
    if (m_tree.leaves() == MaxXorbChunks)
        return fail(ErrorCode::Malformed,
                    QStringLiteral("The xorb has more than %1 chunks.").arg(MaxXorbChunks));
    const auto parsed = RecordHeader::parse(header);
    if (!parsed)
        return forward(parsed);
    m_header = *parsed;
    return {};
}

Result<void> XorbReader::takePayload(QByteArrayView payload)
{
    const auto raw = m_decoder.decode(*m_header, payload);
    if (!raw)
        return forward(raw);
    m_header.reset();
    const Chunk chunk{chunkHash(*raw), quint32(raw->size())};
    m_tree.add(chunk);
    return m_sink.addChunk(chunk, *raw);
}

Result<void> XorbReader::addFooter(QByteArrayView bytes)
{
    if (m_footer->size() + bytes.size() > footerBytes(chunkCount(), 1) + FooterLengthBytes)
        return fail(ErrorCode::Malformed, QStringLiteral("The xorb's footer is too long."));
    m_footer->append(bytes);
    return {};
}

Result<void> XorbReader::checkFooter() const
{
    const int version = m_footer->at(FooterTag.size());
    if (version != 0 && version != 1)
        return fail(ErrorCode::Unsupported, QStringLiteral("The xorb's footer has an unknown version."));
    const qsizetype bytes = footerBytes(chunkCount(), version);
    if (m_footer->size() != bytes + FooterLengthBytes ||
        qFromLittleEndian<quint32>(m_footer->constData() + bytes) != quint32(bytes))
        return fail(ErrorCode::Malformed,
                    QStringLiteral("The xorb's footer is not of the length it should have."));
    return {};
}

Result<XetHash> XorbReader::finish()
{
    if (m_header || !m_unit.isEmpty())
        return fail(ErrorCode::Malformed, QStringLiteral("The xorb ends inside a chunk record."));
    if (m_tree.leaves() == 0)
        return fail(ErrorCode::Malformed, QStringLiteral("The xorb has no chunks."));
    if (m_footer) {
        if (const auto checked = checkFooter(); !checked)
            return forward(checked);
    }
    return m_tree.root();
}

} // namespace hublet::xet
