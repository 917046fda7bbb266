// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/authenticator.h"
#include "core/access/directory.h"
#include "core/access/policy.h"
#include "core/base/clock.h"
#include "core/base/workerpool.h"
#include "core/service/context/datafolder.h"
#include "core/service/context/downloadcounter.h"
#include "core/service/context/eventbus.h"
#include "core/service/context/settings.h"
#include "core/service/context/transfers.h"
#include "core/service/disk/disktransfers.h"
#include "core/service/packages/browse.h"
#include "core/service/packages/discussions.h"
#include "core/service/packages/packages.h"
#include "core/service/packages/repositories.h"
#include "core/service/upkeep/housekeeping.h"
#include "core/service/upkeep/maintenance.h"
#include "core/service/uploads/uploads.h"
#include "core/service/xet/xet.h"
#include "core/service/xet/xetaccess.h"

#include <memory>

namespace hublet::service {

/// What is told once, at the first start on a new data folder.
struct FirstRun {
    QString user;
    QString password;
    QString token;
};

/// The whole of Hublet behind its interfaces: opens the data folder and owns everything in it. One per
/// process. The window, the APIs and hubletd get a reference from app/ and call the parts. Thread-safe after
/// open().
class Services {
public:
    struct Options {
        QString dataFolder;
        QString database; ///< libpq connection string for PostgreSQL; empty: SQLite in the data folder
        int workers = 4;  ///< threads for work that waits
        /// Converts what a turned Xet switch asks for, and what an earlier run left. A process that ends soon
        /// would cut that off: it leaves it to the next one that stays.
        bool converts = true;
        const Clock* clock = nullptr; ///< outlives the services; null: the system's clock
    };
    /// Errors: Busy (another process holds the folder), Forbidden, Corrupt, Unsupported (newer schema), Io.
    [[nodiscard]] static Result<std::unique_ptr<Services>> open(const Options& options);
    ~Services(); ///< waits for running work

    [[nodiscard]] const std::optional<FirstRun>& firstRun() const;
    [[nodiscard]] const QStringList& warnings() const; ///< sentences for the administrator, from start-up

    [[nodiscard]] const DataFolder& dataFolder() const;
    [[nodiscard]] Settings& settings();
    [[nodiscard]] WorkerPool& workers();
    [[nodiscard]] EventBus& events();
    [[nodiscard]] Transfers& transfers();
    [[nodiscard]] DownloadCounter& downloads();
    [[nodiscard]] Housekeeping& housekeeping();
    [[nodiscard]] access::Directory& directory();
    [[nodiscard]] access::Authenticator& authenticator();
    [[nodiscard]] const access::Policy& policy() const;
    [[nodiscard]] Browse& browse();
    [[nodiscard]] Packages& packages();
    [[nodiscard]] Uploads& uploads();
    [[nodiscard]] Xet& xet();
    [[nodiscard]] XetAccess& xetAccess();
    [[nodiscard]] Discussions& discussions();
    [[nodiscard]] Repositories& repositories();
    [[nodiscard]] Maintenance& maintenance();
    [[nodiscard]] const DiskTransfers& diskTransfers();

    /// Runs `work(Services&)` on a worker thread; how the window calls anything. The future gives what `work`
    /// returns.
    template <typename F>
    [[nodiscard]] auto run(F work)
    {
        return workers().run([this, work = std::move(work)]() mutable { return work(*this); });
    }
    /// The same for what may take minutes, on a few threads of its own, so that nothing short queues behind
    /// it. Whoever starts such work cancels it before the services end, which wait for it.
    template <typename F>
    [[nodiscard]] auto runLong(F work)
    {
        return longWorkers().run([this, work = std::move(work)]() mutable { return work(*this); });
    }

private:
    Services();
    [[nodiscard]] WorkerPool& longWorkers();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hublet::service
