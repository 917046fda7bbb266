// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/world.h"

#include <QDir>

namespace hublet::crash {

namespace {

constexpr qint64 LargeBytes = 300'000; ///< above ContentStore::PackedLimit
constexpr qint64 SmallBytes = 2'000;

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
    auto store = store::ContentStore::open(storeOptions, *world->database, world->clock);
    if (!store)
        return forward(store);
    world->store = std::move(*store);
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

QByteArray bytesOf(quint32 seed, int cycle, int part)
{
    QByteArray bytes(part == LargePart ? LargeBytes : SmallBytes + part * 700, Qt::Uninitialized);
    quint64 state = (quint64(seed) << 32) ^ (quint64(cycle) << 8) ^ quint64(part);
    for (char& c : bytes) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        c = static_cast<char>(state >> 56);
    }
    return bytes;
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
