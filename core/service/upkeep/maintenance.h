// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/service/upkeep/maintenanceturns.h"
#include "core/store/contentstore.h"

#include <QStringList>

namespace hublet::service {

struct ServiceContext;

/// Verify, sweep, backup. Thread-safe; long: give progress and a cancel token. One of these runs at a time
/// (Busy otherwise).
class Maintenance {
public:
    explicit Maintenance(ServiceContext& context);

    struct Damage {
        store::DamagedContent content;
        QStringList files; ///< "hf-local: models/acme/bert@main: model.safetensors", at most 20
    };
    struct VerifyReport {
        qint64 contents = 0;
        qint64 bytes = 0;
        std::vector<Damage> damaged;
        QStringList catalog; ///< a sentence for each damaged row of a tree or commit
    };
    /// Re-hashes everything, also trees and commits, and checks the database. Progress in bytes.
    [[nodiscard]] Result<VerifyReport> verify(const access::AdminPermit& permit,
                                              const ProgressFunction& progress, const CancelToken& cancel);
    [[nodiscard]] Result<store::SweepReport> sweep(const access::AdminPermit& permit, bool dryRun,
                                                   const ProgressFunction& progress,
                                                   const CancelToken& cancel);
    /// Writes one bundle file (core/archive: tar, zstd): a consistent copy of the database first, then all
    /// stored files that it names, compared with their digests. Works under load. Gives what is damaged in
    /// the bundle, as it is in the store. An existing file is not replaced (AlreadyExists); a stored file
    /// that is missing or short is Corrupt. Progress in bytes.
    [[nodiscard]] Result<std::vector<Damage>> backup(const access::AdminPermit& permit, const QString& bundle,
                                                     const ProgressFunction& progress,
                                                     const CancelToken& cancel);
    /// Brings a bundle back into a data folder that does not exist yet or is empty; no server runs on it.
    /// Every content is re-hashed on the way. Gives the number of contents that were damaged when the bundle
    /// was made: they are served to nobody. Errors: Conflict (folder not empty), Corrupt, NoSpace, Io.
    [[nodiscard]] static Result<qint64> restore(const QString& bundle, const QString& dataFolder,
                                                const ProgressFunction& progress, const CancelToken& cancel);

    // For Housekeeping: these give way to the others, by cancelling `cancel`.
    [[nodiscard]] Result<store::SweepReport> sweepInBackground(const CancelToken& cancel);
    /// Re-hashes what was not looked at for longest, up to `bytes` of it. Damage goes to the log.
    [[nodiscard]] Result<void> scrubInBackground(qint64 bytes, const CancelToken& cancel);

    struct Status {
        store::StoreSummary store;
        qint64 repositories = 0;
        qint64 packages = 0;
        qint64 users = 0;
        QStringList warnings;
        qint64 lastSweepMs = 0; ///< when the last sweep ended; 0: never
    };
    [[nodiscard]] Result<Status> status() const;

private:
    [[nodiscard]] Result<store::SweepReport> runSweep(bool dryRun, const ProgressFunction& progress,
                                                      const CancelToken& cancel);
    [[nodiscard]] Result<QStringList> filesOf(const Sha256& content) const;
    [[nodiscard]] Result<std::vector<Damage>>
    withFiles(const std::vector<store::DamagedContent>& damaged) const;

    ServiceContext& m_context;
    MaintenanceTurns m_turns;
};

} // namespace hublet::service
