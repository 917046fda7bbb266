// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/opencontent.h"

#include <algorithm>
#include <utility>

namespace hublet::store {

namespace {

/// Contents of unknown size look for free space each time they have grown by this.
constexpr qint64 SpaceCheckBytes = 32LL << 20;

} // namespace

OpenContent::OpenContent(StoreContext& context, qint64 expectedSize, xet::ChunkSink* sink)
    : m_context(context), m_expectedSize(expectedSize), m_sink(sink), m_nextSpaceCheck(SpaceCheckBytes)
{
}

Result<void> OpenContent::prepare()
{
    if (m_expectedSize > PackedLimit)
        return spill();
    if (m_expectedSize > 0)
        m_buffer.reserve(m_expectedSize);
    return {};
}

Result<void> OpenContent::append(QByteArrayView bytes)
{
    if (const auto room = makeRoom(bytes.size()); !room)
        return room;
    if (isSmall() && m_size <= PackedLimit) {
        m_buffer += bytes;
        return {};
    }
    if (isSmall()) {
        if (const auto spilled = spill(); !spilled)
            return spilled;
    }
    return appendLarge(bytes);
}

Result<void> OpenContent::appendBlock(QByteArray& block)
{
    if (isSmall() || block.size() != BlockStrand::BlockBytes)
        return append(block);
    if (const auto room = makeRoom(block.size()); !room)
        return room;
    if (!m_buffer.isEmpty()) {
        if (const auto passed = passBlock(); !passed)
            return passed;
        m_buffer = m_hashing->takeBlock();
    }
    m_buffer.swap(block);
    const auto passed = passBlock();
    m_buffer = m_hashing->takeBlock();
    return passed;
}

/// Counts bytes that come now, before they are taken.
Result<void> OpenContent::makeRoom(qsizetype bytes)
{
    if (m_expectedSize >= 0 && m_size + bytes > m_expectedSize)
        return fail(ErrorCode::LengthMismatch, QStringLiteral("More bytes came than were announced"));
    m_size += bytes;
    if (m_expectedSize >= 0 || m_size < m_nextSpaceCheck)
        return {};
    m_nextSpaceCheck = m_size + SpaceCheckBytes;
    return m_context.checkSpace(SpaceCheckBytes);
}

/// The content is too large for memory.
Result<void> OpenContent::spill()
{
    if (m_sink) {
        m_cutting = std::make_unique<CutStrand>(m_context.strands, *m_sink);
    } else {
        auto staged = m_context.folder->stage();
        if (!staged)
            return forward(staged);
        if (const auto reserved = (*staged)->reserve(m_expectedSize); !reserved)
            return reserved;
        m_file = std::move(*staged);
    }
    const bool withOid = m_expectedSize >= 0 && m_expectedSize <= StagedContent::BlobOidLimit;
    m_hashing = std::make_unique<HashStrand>(m_context.strands,
                                             withOid ? std::optional(m_expectedSize) : std::nullopt);
    const QByteArray soFar = std::exchange(m_buffer, m_hashing->takeBlock());
    return appendLarge(soFar);
}

Result<void> OpenContent::appendLarge(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qsizetype part = std::min(bytes.size(), BlockStrand::BlockBytes - m_buffer.size());
        m_buffer += bytes.first(part);
        bytes = bytes.sliced(part);
        if (m_buffer.size() == BlockStrand::BlockBytes) {
            if (const auto passed = passBlock(); !passed)
                return passed;
            m_buffer = m_hashing->takeBlock();
        }
    }
    return {};
}

/// Hands the block on as soon as it is written: the next one is written while this one is hashed.
Result<void> OpenContent::passBlock()
{
    if (m_expectedSize < 0 && m_cutting) {
        if (m_size <= StagedContent::BlobOidLimit)
            m_git += m_buffer;
        else
            m_git = {};
    }
    const auto passed = m_cutting ? m_cutting->add(m_buffer) : m_file->append(m_buffer);
    if (!passed)
        return passed;
    m_hashing->add(std::move(m_buffer));
    return {};
}

Result<StagedContent> OpenContent::finishLarge()
{
    if (const auto passed = passBlock(); !passed)
        return forward(passed);
    StagedContent staged;
    staged.size = m_size;
    if (m_cutting) {
        const auto hash = m_cutting->finish();
        if (!hash)
            return forward(hash);
        staged.xetHash = *hash;
    }
    const HashStrand::Digests digests = m_hashing->finish();
    staged.sha256 = digests.sha256;
    if (digests.blobOid)
        staged.blobOid = *digests.blobOid;
    else if (const auto added = addBlobOid(staged); !added)
        return forward(added);
    return staged;
}

/// The git id of a content whose size was not known beforehand.
Result<void> OpenContent::addBlobOid(StagedContent& staged) const
{
    if (staged.size > StagedContent::BlobOidLimit)
        return {};
    if (m_cutting) {
        staged.blobOid = gitObjectOid("blob", m_git);
        return {};
    }
    const auto oid = m_file->readBlobOid();
    if (!oid)
        return forward(oid);
    staged.blobOid = *oid;
    return {};
}

} // namespace hublet::store
