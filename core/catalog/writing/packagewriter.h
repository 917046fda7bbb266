// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/catalog/model/commitrequest.h"
#include "core/store/contentstore.h"

#include <QHash>

namespace hublet::catalog {

class Catalog;

/// Only what is set changes.
struct PackageChange {
    std::optional<bool> isPrivate;
    std::optional<Gating> gating;
    std::optional<bool> disabled;
};

/// Creates, changes, moves and removes packages. Thread-safe; blocks until durable.
class PackageWriter {
public:
    PackageWriter(Catalog& catalog, store::ContentStore& store, const Clock& clock);

    /// Creates the package with branch main and one commit "initial commit" that holds `files` and, unless
    /// `files` brings one, the default .gitattributes (hub-api 7.4). `staged` as in CommitWriter::commit;
    /// null = nothing staged. A forwarding entry left by a move of a package of that name ends. Errors:
    /// AlreadyExists (in any spelling), RepositoryNotFound, and those of CommitWriter::commit.
    [[nodiscard]] Result<Package> create(const NewPackage& package, const std::vector<AddFile>& files,
                                         store::ContentWriter* staged);
    /// Removes the package with its refs, commits, deployments, discussions and forwarding entries. Content
    /// and trees stay for the sweeps. Error: PackageNotFound.
    [[nodiscard]] Result<void> remove(qint64 package);
    /// Gives the package another id, another repository, or both; the old name forwards to it from then on.
    /// Errors: AlreadyExists, PackageNotFound, RepositoryNotFound, QuotaExceeded (of the other repository).
    [[nodiscard]] Result<Package> move(qint64 package, qint64 toRepository, const PackageId& newId);
    [[nodiscard]] Result<Package> change(qint64 package, const PackageChange& change);
    /// Adds to the download counters, many at once; packages that are gone are skipped. Key: row id.
    [[nodiscard]] Result<void> addDownloads(const QHash<qint64, qint64>& downloads);

private:
    Catalog& m_catalog;
    store::ContentStore& m_store;
    const Clock& m_clock;
};

/// The default .gitattributes of an initial commit.
[[nodiscard]] QByteArray defaultGitAttributes(PackageType type);

} // namespace hublet::catalog
