// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/inventory.h"

#include "core/base/hasher.h"
#include "core/store/files/fileio.h"
#include "core/store/xetstore.h"
#include "core/xet/filechunker.h"
#include "core/xet/xorbreader.h"

namespace hublet::crash {

namespace {

/// For who wants only the name that chunks add up to.
class NoSink : public xet::ChunkSink {
public:
    Result<void> addChunk(const xet::Chunk&, QByteArrayView) override { return {}; }
};

Result<void> readAll(const std::vector<Extent>& extents,
                     const std::function<Result<void>(QByteArrayView)>& visit)
{
    for (const Extent& extent : extents) {
        Result<void> visited;
        const auto read =
            store::readBlocks(extent.file->get(), extent.offset, extent.length, [&](QByteArrayView block) {
                if (visited)
                    visited = visit(block);
            });
        if (!read || !visited)
            return read ? visited : read;
    }
    return {};
}

Result<Sha256> sha256Of(const std::vector<Extent>& extents)
{
    Sha256Hasher hasher;
    const auto read = readAll(extents, [&](QByteArrayView block) -> Result<void> {
        hasher.add(block);
        return {};
    });
    return read ? Result<Sha256>(hasher.finish()) : forward(read);
}

Result<XetHash> xetHashOf(const std::vector<Extent>& extents)
{
    NoSink sink;
    xet::FileChunker chunker(sink);
    const auto read = readAll(extents, [&](QByteArrayView block) { return chunker.add(block); });
    return read ? chunker.finish() : forward(read);
}

/// What a client computes that fetches all records of a xorb.
Result<XetHash> xorbHashOf(const store::XetStore& xet, const XetHash& name)
{
    const auto xorb = xet.xorb(name);
    if (!xorb)
        return forward(xorb);
    const store::XorbIndex& index = (*xorb)->index;
    const auto records = xet.records(name, {0, xet::recordOffset(index.rawBytes(), index.count()) - 1});
    if (!records)
        return forward(records);
    NoSink sink;
    xet::XorbReader reader(sink);
    const auto read = readAll(records->extents, [&](QByteArrayView block) { return reader.add(block); });
    return read ? reader.finish() : forward(read);
}

tl::unexpected<Error> wrongBytes()
{
    return fail(ErrorCode::Corrupt, QStringLiteral("wrong bytes"));
}

} // namespace

Inventory Inventory::take(World& world)
{
    Inventory inventory(world);
    inventory.readContents();
    inventory.readFiles();
    inventory.readXorbs();
    return inventory;
}

std::optional<Sha256> Inventory::contentOf(const XetHash& file) const
{
    const auto known = m_files.find(file);
    return known == m_files.end() ? std::nullopt : std::optional(*known);
}

void Inventory::readContents()
{
    for (const auto& name : names<Sha256>(u"SELECT sha256 FROM content")) {
        const auto content = m_world.store->open(name);
        auto read = content ? sha256Of(content->extents) : forward(content);
        if (read && *read != name)
            read = wrongBytes();
        if (read)
            m_contents.insert(name);
        else
            problem(QStringLiteral("content ") + QString::fromLatin1(name.toHex()), read.error());
    }
}

void Inventory::readFiles()
{
    const store::XetStore& xet = m_world.store->xet();
    for (const auto& name : names<XetHash>(u"SELECT hash FROM xet_file")) {
        const auto content = xet.open(name);
        auto read = content ? xetHashOf(content->extents) : forward(content);
        const auto sha256 = content ? sha256Of(content->extents) : forward(content);
        if (read && (*read != name || !sha256 || *sha256 != content->sha256))
            read = wrongBytes();
        if (read)
            m_files.insert(name, *sha256);
        else
            problem(QStringLiteral("file ") + QString::fromLatin1(name.toText()), read.error());
    }
}

void Inventory::readXorbs()
{
    for (const auto& name :
         names<XetHash>(u"SELECT f.name FROM xorb x JOIN stored_file f ON f.id = x.file")) {
        auto read = xorbHashOf(m_world.store->xet(), name);
        if (read && *read != name)
            read = wrongBytes();
        if (!read)
            problem(QStringLiteral("xorb ") + QString::fromLatin1(name.toText()), read.error());
    }
    m_idleXorbs = qsizetype(names<XetHash>(u"SELECT f.name FROM xorb x JOIN stored_file f ON f.id = x.file "
                                           u"WHERE NOT EXISTS "
                                           u"(SELECT 1 FROM xet_term t WHERE t.xorb = x.file)")
                                .size());
}

template <typename T>
std::vector<T> Inventory::names(QStringView sql)
{
    auto read = m_world.database->read([&](db::Transaction& transaction) -> Result<std::vector<T>> {
        db::Query query = transaction.query(sql);
        if (const auto run = query.run(); !run)
            return forward(run);
        std::vector<T> found;
        while (query.next())
            found.push_back(T::fromBytes(query.bytes(0)).value_or(T()));
        return found;
    });
    if (!read) {
        problem(QStringLiteral("names"), read.error());
        return {};
    }
    return std::move(*read);
}

void Inventory::problem(const QString& what, const Error& error)
{
    m_problems += what + QStringLiteral(": ") + error.describe();
}

} // namespace hublet::crash
