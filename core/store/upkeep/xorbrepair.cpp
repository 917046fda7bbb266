// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/xorbrepair.h"

#include "core/store/context/filepublisher.h"
#include "core/store/files/fileio.h"
#include "core/store/tables/xorbqueries.h"
#include "core/xet/keyedhash.h"

#include <QLoggingCategory>

#include <algorithm>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr int MaxPlaces = 8; ///< of one chunk that are looked at

/// The chunk's bytes, if they are what the index says.
std::optional<QByteArray> readChunk(int fd, const XorbIndex& index, quint32 position)
{
    const xet::Chunk& chunk = index.chunks()[position];
    auto bytes = readAt(fd, index.rawOffset(position), chunk.bytes);
    return bytes && xet::chunkHash(*bytes) == chunk.hash ? std::optional(std::move(*bytes)) : std::nullopt;
}

} // namespace

Result<bool> XorbRepair::run(const XorbRow& xorb, const XorbIndex& index, const std::vector<quint32>& damaged)
{
    if (const auto writable = m_context.checkWritable(); !writable)
        return forward(writable);
    auto staged = m_context.folder->stage();
    if (!staged)
        return forward(staged);
    XorbWriter writer(std::move(*staged));
    const auto copied = copy(xorb, index, damaged, writer);
    if (!copied || !*copied)
        return copied;
    if (const auto finished = writer.finish(); !finished)
        return forward(finished);
    FilePublisher publisher(m_context);
    const LeaseHold lease(m_context.leases, xorb.file.name);
    publisher.add(writer.takeFile(), xorb.file, true);
    if (const auto published = publisher.publish(); !published)
        return forward(published);
    m_context.forget(xorb.file.id);
    const auto recorded = m_context.database.write([&](db::Transaction& transaction) {
        return queries::addXorb(transaction, xorb.file, index, m_context.clock.nowMs());
    });
    if (!recorded)
        return forward(recorded);
    qCWarning(storeLog, "xorb %s was made whole again", xorb.file.path().constData());
    return true;
}

Result<bool> XorbRepair::copy(const XorbRow& xorb, const XorbIndex& index,
                              const std::vector<quint32>& damaged, XorbWriter& writer)
{
    const auto source = m_context.folder->openFile(xorb.file);
    for (quint32 i = 0; i < index.count(); ++i) {
        std::optional<QByteArray> bytes;
        if (source && !std::binary_search(damaged.begin(), damaged.end(), i))
            bytes = readChunk(source->get(), index, i);
        if (!bytes) {
            auto found = findElsewhere(index.chunks()[i]);
            if (!found)
                return forward(found);
            bytes = std::move(*found);
        }
        if (!bytes)
            return false;
        if (const auto added = writer.add(index.chunks()[i], *bytes); !added)
            return forward(added);
    }
    return true;
}

Result<std::optional<QByteArray>> XorbRepair::findElsewhere(const xet::Chunk& chunk)
{
    const auto places = m_context.database.read(
        [&](db::Transaction& transaction) { return queries::findChunk(transaction, chunk.hash, MaxPlaces); });
    if (!places)
        return forward(places);
    for (const queries::ChunkPlace& place : *places) {
        const auto other = m_context.openXorb(place.xorb);
        const auto file = m_context.openFile(place.xorb);
        if (!other || !file || place.position >= (*other)->index.count() ||
            (*other)->index.chunks()[place.position] != chunk)
            continue;
        if (auto bytes = readChunk((*file)->get(), (*other)->index, place.position))
            return bytes;
    }
    return std::optional<QByteArray>();
}

} // namespace hublet::store
