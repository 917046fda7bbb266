// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/world.h"

#include <QDir>

#include <algorithm>

namespace hublet::crash {

namespace {

constexpr qint64 LargeBytes = 300'000; ///< above PackedLimit
constexpr qint64 SmallBytes = 2'000;
constexpr qint64 DyingBytes = 500'000; ///< more than half of the xorb: without it the xorb is rewritten
/// A few chunks of the files above are enough to be used again.
constexpr quint32 MinRunChunks = 2;

qint64 sizeOf(int part)
{
    switch (part) {
    case LargePart:
    case XetPart:
    case SegmentPart:
        return LargeBytes;
    case DyingPart:
        return DyingBytes;
    case UnusedPart:
        return LargeBytes / 2;
    default:
        return SmallBytes + part * 700;
    }
}

/// When a xorb was last touched, or nothing.
Result<std::optional<qint64>> lastTouched(db::Database& database)
{
    return database.read([](db::Transaction& transaction) -> Result<std::optional<qint64>> {
        db::Query query = transaction.query(u"SELECT MAX(touched_ms) FROM xorb");
        if (const auto run = query.run(); !run)
            return forward(run);
        return query.next() && !query.isNull(0) ? std::optional(query.integer(0)) : std::nullopt;
    });
}

RepoPath path(const QString& text)
{
    return RepoPath::parse(text.toUtf8()).value();
}

} // namespace

World::World(const QString& dataFolder, std::unique_ptr<db::Database> openedDatabase)
    : folder(dataFolder), database(std::move(openedDatabase)), catalog(*database)
{
}

Result<std::unique_ptr<World>> World::open(const QString& folder, bool uncleanStop)
{
    if (!QDir().mkpath(folder))
        return fail(ErrorCode::Io, QStringLiteral("Cannot create the data folder"));
    db::DatabaseOptions options;
    options.file = folder + QStringLiteral("/db.sqlite");
    auto database = db::Database::open(options, uncleanStop);
    if (!database)
        return forward(database);
    auto world = std::make_unique<World>(folder, std::move(*database));
    store::StoreOptions storeOptions;
    storeOptions.folder = folder + QStringLiteral("/store");
    storeOptions.keepUnreferencedMs = 0;
    storeOptions.keepFreeBytes = 0;
    storeOptions.keepFreeRatio = 0;
    storeOptions.minRunChunks = MinRunChunks;
    auto store = store::ContentStore::open(storeOptions, *world->database, world->storeClock);
    if (!store)
        return forward(store);
    world->store = std::move(*store);
    const auto touched = lastTouched(*world->database);
    if (!touched)
        return forward(touched);
    if (*touched)
        world->storeClock.advance(std::max<qint64>(0, **touched - world->storeClock.nowMs()));
    return world;
}

Result<catalog::Repository> World::repository()
{
    const RepositoryKey key = RepositoryKey::parse(u"crash").value();
    auto known = catalog.repository(key);
    if (known || known.error().code() != ErrorCode::RepositoryNotFound)
        return known;
    return catalog::RepositoryWriter(catalog, clock)
        .create(key, catalog::RepositoryClass::Local, catalog::Layout::MachineLearning, {});
}

Result<catalog::Package> World::package(const QString& name)
{
    const auto home = repository();
    if (!home)
        return forward(home);
    auto known = catalog.package(home->id, packageId(name));
    if (known || known.error().code() != ErrorCode::PackageNotFound)
        return known;
    return catalog::PackageWriter(catalog, *store, clock)
        .create(
            {home->id, packageId(name), false, {QStringLiteral("crash"), QStringLiteral("crash@localhost")}},
            {}, nullptr);
}

Result<store::SweepReport> World::sweep()
{
    return store->sweep(catalog.liveContents(clock), false, {}, CancelToken());
}

Result<store::SweepReport> World::sweepThoroughly()
{
    const auto first = sweep();
    if (!first)
        return first;
    storeClock.advance(HiddenMs);
    auto second = sweep();
    if (second) {
        second->contents += first->contents;
        second->bytes += first->bytes;
        second->staging += first->staging;
    }
    return second;
}

QByteArray bytesOf(quint32 seed, int cycle, int part)
{
    QByteArray bytes(sizeOf(part), Qt::Uninitialized);
    quint64 state = (quint64(seed) << 32) ^ (quint64(cycle) << 8) ^ quint64(part);
    for (char& c : bytes) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        c = static_cast<char>(state >> 56);
    }
    return bytes;
}

QByteArray keptBytes(quint32 seed, int cycle)
{
    return bytesOf(seed, cycle, cycle % 2 == 0 ? XetPart : LargePart);
}

QByteArray segmentedBytes(quint32 seed, int cycle)
{
    const QByteArray own = bytesOf(seed, cycle, SegmentPart);
    return cycle % 2 == 0 ? own : keptBytes(seed, cycle) + own;
}

PackageId packageId(const QString& name)
{
    return PackageId::parse(PackageType::Model, QStringLiteral("acme/") + name).value();
}

RepoPath cycleFolder(int cycle)
{
    return path(QStringLiteral("c%1").arg(cycle));
}
RepoPath smallFile(int cycle, int part)
{
    return path(QStringLiteral("c%1/small%2.txt").arg(cycle).arg(part));
}
RepoPath largeFile(int cycle)
{
    return path(QStringLiteral("c%1/large.bin").arg(cycle));
}

} // namespace hublet::crash
