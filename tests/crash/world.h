// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/catalog.h"
#include "core/catalog/claimwriter.h"
#include "core/catalog/commitwriter.h"
#include "core/catalog/packagewriter.h"
#include "core/catalog/repositorywriter.h"
#include "core/catalog/treesweep.h"
#include "core/store/contentstore.h"

#include <memory>

namespace hublet::crash {

/// Database, store and catalog in one folder, as the program wires them, with one repository and one package.
struct World {
    [[nodiscard]] static Result<std::unique_ptr<World>> open(const QString& folder, bool uncleanStop);

    /// Creates repository and package when they are not there yet.
    [[nodiscard]] Result<catalog::Package> package(const QString& name);
    [[nodiscard]] Result<catalog::Repository> repository();

    World(const QString& dataFolder, std::unique_ptr<db::Database> openedDatabase);

    const QString folder;
    SystemClock clock;
    std::unique_ptr<db::Database> database;
    std::unique_ptr<store::ContentStore> store; ///< set by open()
    catalog::Catalog catalog;
};

/// What a file of a cycle holds: the same bytes for the same names, so that a check can tell right from
/// wrong.
[[nodiscard]] QByteArray bytesOf(quint32 seed, int cycle, int part);

inline constexpr int SmallFilesPerCommit = 3;
inline constexpr int LargePart = 100; ///< part number of the file that becomes a blob of its own

[[nodiscard]] PackageId packageId(const QString& name);
[[nodiscard]] RepoPath cycleFolder(int cycle);
[[nodiscard]] RepoPath smallFile(int cycle, int part);
[[nodiscard]] RepoPath largeFile(int cycle);

} // namespace hublet::crash
