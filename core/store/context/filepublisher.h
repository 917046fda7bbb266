// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/storecontext.h"

#include <deque>
#include <future>
#include <optional>

namespace hublet::store {

/// Steps 5 to 7 of the write path (core/store/README.md) for the files of one upload or one compaction: sync
/// each file, link it to its final name, sync the folders. The leases of the files are the caller's business.
/// Not thread-safe.
class FilePublisher {
public:
    explicit FilePublisher(StoreContext& context) : m_context(context) {}
    /// Waits for the syncs under way (the store is read-only when one fails), then removes what was linked
    /// and has no row in the database.
    ~FilePublisher();
    FilePublisher(const FilePublisher&) = delete;
    FilePublisher& operator=(const FilePublisher&) = delete;

    /// Takes over a fully written file whose final name is known and starts its sync on a thread of the
    /// store; files added long before get their names already, so that few are open. Errors come from
    /// publish(). `replaces`: what bears the name is known to be damaged; file.id is its row then, else 0.
    void add(std::unique_ptr<StagedFile> staged, const StoredFile& file, bool replaces);
    /// Makes all added files durable. Errors: Io (the store is read-only then if it was a sync), NoSpace.
    [[nodiscard]] Result<void> publish();
    /// Removes linked files that have no row. Call when their leases are released. Done by the destructor
    /// too.
    void removeUnrecorded();

private:
    struct Pending {
        std::unique_ptr<StagedFile> staged;
        std::future<Result<void>> synced;
        bool isSynced = false; ///< `synced` was read
        bool replaces = false;
    };

    [[nodiscard]] tl::unexpected<Error> failed(const Error& error);
    [[nodiscard]] Result<void> waitForSync(Pending& pending);
    [[nodiscard]] Result<void> linkOldest();
    [[nodiscard]] Result<void> link(Pending& pending, const StoredFile& file);

    StoreContext& m_context;
    std::vector<StoredFile> m_files;
    std::size_t m_linked = 0;       ///< so many of m_files bear their final name
    std::deque<Pending> m_pending;  ///< those behind, in the same order
    std::optional<Error> m_failure; ///< of a file that was linked early
};

} // namespace hublet::store
