// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/fulldisk.h"

#include "core/base/hasher.h"
#include "tests/crash/inventory.h"
#include "tests/crash/staging.h"
#include "tests/crash/xetupload.h"

#include <QFile>

#include <fcntl.h>
#include <unistd.h>

namespace hublet::crash {

namespace {

constexpr quint32 Seed = 15;
constexpr int Packages = 5;
constexpr qint64 UserId = 1;
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
        const auto staged = stage(writer, bytesOf(Seed, number, part));
        if (!staged)
            return forward(staged);
        files.push_back({smallFile(number, part), *staged, catalog::StoreAs::Auto, std::nullopt});
    }
    const auto made = catalog::PackageWriter(world.catalog, *world.store, world.clock)
                          .create({home->id, packageId(packageName(number)), false, {}}, files, &writer);
    return made ? Result<void>() : forward(made);
}

Result<void> uploadOverXet(World& world, int number)
{
    const XetUpload upload(Seed, number);
    for (const test::ClientXorb* const xorb : {&upload.xorb, &upload.unused}) {
        if (const auto posted = post(*world.store, *xorb); !posted)
            return posted;
    }
    return registerFiles(world, upload, UserId);
}

Result<void> uploadAsSegments(World& world, int number)
{
    store::ContentWriter writer = world.store->writer(store::StorageForm::Segments);
    const auto staged = stage(writer, segmentedBytes(Seed, number));
    if (!staged)
        return forward(staged);
    if (const auto published = writer.publish(); !published)
        return published;
    return catalog::ClaimWriter(world.catalog, world.clock).claim({UserId}, staged->sha256, writer);
}

Result<void> convert(World& world, const QByteArray& bytes, store::StorageForm form)
{
    const auto converted = world.store->convert({Sha256Hasher::hash(bytes)}, form, {}, CancelToken());
    return converted ? Result<void>() : forward(converted);
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
    const auto upload = [&](int number, std::optional<ErrorCode> code, const QString& when) {
        expect(crash::upload(world, number), code, QStringLiteral("upload ") + when);
        expect(uploadAsSegments(world, number), code, QStringLiteral("upload as segments ") + when);
    };
    const auto sweep = [&](const QString& when) {
        const auto noted = world.sweep(); // since when what is not needed
        world.storeClock.advance(CycleMs);
        const auto swept = world.sweepThoroughly();
        if (!noted || !swept)
            problems += QStringLiteral("sweep %1: %2").arg(when, (noted ? swept : noted).error().describe());
        else if (noted->bytes + swept->bytes == 0)
            problems += QStringLiteral("sweep %1: nothing was freed").arg(when);
    };
    const auto summary = world.store->summary();
    if (!summary || summary->freeBytes > LargestFileSystem)
        return {QStringLiteral("this file system was not made to be filled")};
    for (int number = 0; number < Packages; ++number) {
        upload(number, std::nullopt, QStringLiteral("with space"));
        expect(uploadOverXet(world, number), std::nullopt, QStringLiteral("upload over Xet with space"));
    }
    const QByteArray blob = bytesOf(Seed, 0, LargePart);
    const QByteArray segments = segmentedBytes(Seed, 0);
    const QString filler = world.folder + QStringLiteral("/filler");

    fill(filler);
    if (world.store->summary()->freeBytes != 0)
        problems += QStringLiteral("the file system is not full");
    upload(Packages, ErrorCode::NoSpace, QStringLiteral("without space"));
    expect(uploadOverXet(world, Packages), ErrorCode::NoSpace,
           QStringLiteral("upload over Xet without space"));
    expect(convert(world, blob, store::StorageForm::Segments), ErrorCode::NoSpace,
           QStringLiteral("conversion without space"));
    expect(convert(world, segments, store::StorageForm::Whole), ErrorCode::NoSpace,
           QStringLiteral("conversion back without space"));
    problems += Inventory::take(world).problems(); // everything can be read
    for (int number = 1; number < Packages; ++number)
        expect(remove(world, number), std::nullopt, QStringLiteral("removal without space"));
    sweep(QStringLiteral("without space"));

    upload(Packages, std::nullopt, QStringLiteral("after the sweep"));
    QFile::remove(filler);
    expect(uploadOverXet(world, Packages), std::nullopt, QStringLiteral("upload over Xet after the sweep"));
    expect(convert(world, blob, store::StorageForm::Segments), std::nullopt, QStringLiteral("conversion"));
    expect(convert(world, segments, store::StorageForm::Whole), std::nullopt,
           QStringLiteral("conversion back"));
    sweep(QStringLiteral("with space")); // rewrites the xorbs for which there was no space
    problems += Inventory::take(world).problems();
    if (const auto damaged = world.store->verify({}, CancelToken()); !damaged || !damaged->empty())
        problems += QStringLiteral("content was damaged");
    if (const auto whole = world.database->checkIntegrity(); !whole)
        problems += whole.error().describe();
    return problems;
}

} // namespace hublet::crash
