// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/fulldisk.h"

#include "core/base/hasher.h"

#include <QFile>

#include <fcntl.h>
#include <unistd.h>

namespace hublet::crash {

namespace {

constexpr quint32 Seed = 15;
constexpr int Packages = 5;
/// A file system larger than this is not one that was made to be filled.
constexpr qint64 LargestFileSystem = 1LL << 30;

QString packageName(int number)
{
    return QStringLiteral("p%1").arg(number);
}

Result<void> upload(World& world, int number)
{
    const auto home = world.repository();
    if (!home)
        return forward(home);
    store::ContentWriter writer = world.store->writer();
    std::vector<catalog::AddFile> files;
    for (const int part : {0, LargePart}) {
        const QByteArray bytes = bytesOf(Seed, number, part);
        if (const auto begun = writer.begin(bytes.size()); !begun)
            return forward(begun);
        if (const auto appended = writer.append(bytes); !appended)
            return forward(appended);
        const auto staged = writer.end();
        if (!staged)
            return forward(staged);
        files.push_back({smallFile(number, part), *staged, catalog::StoreAs::Auto, std::nullopt});
    }
    const auto made = catalog::PackageWriter(world.catalog, *world.store, world.clock)
                          .create({home->id, packageId(packageName(number)), false, {}}, files, &writer);
    return made ? Result<void>() : forward(made);
}

Result<void> remove(World& world, int number)
{
    const auto home = world.repository();
    if (!home)
        return forward(home);
    const auto package = world.catalog.package(home->id, packageId(packageName(number)));
    if (!package)
        return forward(package);
    return catalog::PackageWriter(world.catalog, *world.store, world.clock).remove(package->rowId);
}

/// Writes until not one byte more fits.
void fill(const QString& file)
{
    const UniqueFd fd(
        ::open(QFile::encodeName(file).constData(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600));
    for (QByteArray block(1 << 20, 'x'); !block.isEmpty(); block.resize(block.size() / 2)) {
        while (::write(fd.get(), block.constData(), size_t(block.size())) > 0) {
        }
    }
    ::fsync(fd.get());
}

} // namespace

QStringList runOnFullDisk(World& world)
{
    QStringList problems;
    const auto expect = [&](const Result<void>& result, std::optional<ErrorCode> code, const QString& what) {
        const bool asExpected = code ? !result && result.error().code() == *code : result.has_value();
        if (!asExpected) {
            problems += QStringLiteral("%1: %2").arg(what, result ? QStringLiteral("succeeded")
                                                                  : result.error().describe());
        }
    };
    const auto summary = world.store->summary();
    if (!summary || summary->freeBytes > LargestFileSystem)
        return {QStringLiteral("this file system was not made to be filled")};
    for (int number = 0; number < Packages; ++number)
        expect(upload(world, number), std::nullopt, QStringLiteral("upload with space"));

    fill(world.folder + QStringLiteral("/filler"));
    if (world.store->summary()->freeBytes != 0)
        problems += QStringLiteral("the file system is not full");
    expect(upload(world, Packages), ErrorCode::NoSpace, QStringLiteral("upload without space"));
    for (int number = 0; number < Packages; ++number) {
        const QByteArray bytes = bytesOf(Seed, number, LargePart);
        const auto read = world.store->readAll(Sha256Hasher::hash(bytes), bytes.size());
        if (!read || *read != bytes)
            problems += QStringLiteral("content cannot be read without space");
    }
    for (int number = 1; number < Packages; ++number)
        expect(remove(world, number), std::nullopt, QStringLiteral("removal without space"));
    const auto swept = world.store->sweep(world.catalog.liveContents(world.clock), false, {}, CancelToken());
    if (!swept)
        problems += QStringLiteral("sweep without space: ") + swept.error().describe();
    else if (swept->bytes == 0)
        problems += QStringLiteral("the sweep freed nothing");

    expect(upload(world, Packages), std::nullopt, QStringLiteral("upload after the sweep"));
    if (const auto damaged = world.store->verify({}, CancelToken()); !damaged || !damaged->empty())
        problems += QStringLiteral("content was damaged");
    if (const auto whole = world.database->checkIntegrity(); !whole)
        problems += whole.error().describe();
    return problems;
}

} // namespace hublet::crash
