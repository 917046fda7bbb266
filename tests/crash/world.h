// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/claimwriter.h"
#include "core/catalog/writing/commitwriter.h"
#include "core/catalog/writing/packagewriter.h"
#include "core/catalog/writing/repositorywriter.h"
#include "core/catalog/writing/treesweep.h"
#include "core/store/contentstore.h"
#include "tests/support/fakeclock.h"

#include <memory>

namespace hublet::crash {

/// A sweep leaves alone what was touched in the same cycle, and frees what was touched in the one before.
inline constexpr qint64 CycleMs = 30LL * 24 * 3600 * 1000;
/// A second sweep so long after the first deletes the xorbs that the first has hidden.
inline constexpr qint64 HiddenMs = 3LL * 3600 * 1000;

/// Database, store and catalog in one folder, as the program wires them, with one repository and one package.
/// The store has a clock of its own, which is set forward so that what it keeps for weeks is freed in
/// seconds; uploads are claimed by the clock of the system.
struct World {
    /// The store's clock goes on from the last time that a xorb was touched.
    [[nodiscard]] static Result<std::unique_ptr<World>> open(const QString& folder, bool uncleanStop);

    /// Creates repository and package when they are not there yet.
    [[nodiscard]] Result<catalog::Package> package(const QString& name);
    [[nodiscard]] Result<catalog::Repository> repository();

    [[nodiscard]] Result<store::SweepReport> sweep();
    /// Sweeps now and HiddenMs later, which leaves no xorb that nothing needs and nobody may believe in.
    /// Gives the sum.
    [[nodiscard]] Result<store::SweepReport> sweepThoroughly();

    World(const QString& dataFolder, std::unique_ptr<db::Database> openedDatabase);

    const QString folder;
    SystemClock clock;
    test::FakeClock storeClock;
    std::unique_ptr<db::Database> database;
    std::unique_ptr<store::ContentStore> store; ///< set by open()
    catalog::Catalog catalog;
};

/// What a file of a cycle holds: the same bytes for the same names, so that a check can tell right from
/// wrong.
[[nodiscard]] QByteArray bytesOf(quint32 seed, int cycle, int part);

inline constexpr int SmallFilesPerCommit = 3;
inline constexpr int LargePart = 100;   ///< becomes a blob of its own
inline constexpr int XetPart = 101;     ///< uploaded over Xet, and stays
inline constexpr int DyingPart = 102;   ///< uploaded over Xet and needed by nobody; most of its xorb
inline constexpr int UnusedPart = 103;  ///< in a xorb that no shard ever names
inline constexpr int SegmentPart = 104; ///< see segmentedBytes()

/// What a Xet client uploads to stay: in even cycles a content that is new, in odd ones what lies as a blob.
[[nodiscard]] QByteArray keptBytes(quint32 seed, int cycle);
/// In odd cycles it begins like keptBytes(), so that chunks are found again; in even ones no chunk of it is
/// stored, so that the xorb of keptBytes() is not touched after its cycle and can be rewritten.
[[nodiscard]] QByteArray segmentedBytes(quint32 seed, int cycle);

[[nodiscard]] PackageId packageId(const QString& name);
[[nodiscard]] RepoPath cycleFolder(int cycle);
[[nodiscard]] RepoPath smallFile(int cycle, int part);
[[nodiscard]] RepoPath largeFile(int cycle);

} // namespace hublet::crash
