// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/trees/treereader.h"

#include <QCache>

#include <map>
#include <memory>
#include <mutex>

namespace hublet::catalog {

/// Finds for many paths at once the newest commit in the first-parent history that touched each. Trees and
/// pages that two neighbouring commits share are not looked at. Thread-safe; remembers answers in a bounded
/// cache: those about committed rows never change. So it is for reads only, never inside a write.
class LastCommitFinder {
public:
    explicit LastCommitFinder(const TreeReader& reader);

    /// A path that was not touched within this many commits is said to be touched by the oldest one looked
    /// at.
    static constexpr int MaxCommits = 20'000;

    /// In the order of `paths`; nothing for a path that does not exist at `commit`.
    [[nodiscard]] Result<std::vector<std::optional<LastCommit>>>
    find(db::Transaction& transaction, const queries::CommitRow& commit, const std::vector<RepoPath>& paths);

private:
    class Search;

    static constexpr int MaxCached = 50'000; ///< answers; some 10 MB

    [[nodiscard]] std::optional<LastCommit> cached(qint64 commit, const QByteArray& path);
    void remember(qint64 commit, const QByteArray& path, const LastCommit& answer);

    const TreeReader& m_reader;
    std::mutex m_mutex; ///< protects the cache
    QCache<std::pair<qint64, QByteArray>, LastCommit> m_cache;
};

} // namespace hublet::catalog
