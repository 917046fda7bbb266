// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/maintenance.h"

#include "core/access/directory.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/reading/catalogverifier.h"
#include "core/catalog/writing/claimwriter.h"
#include "core/catalog/writing/treesweep.h"
#include "core/db/database.h"
#include "core/service/context/servicecontext.h"
#include "core/service/upkeep/backup.h"
#include "core/service/upkeep/restore.h"
#include "core/service/upkeep/throttledprogress.h"
#include "core/store/upkeep/sweeptime.h"

#include <QDir>

namespace hublet::service {

namespace {

constexpr int MaxFilesNamed = 20; // per damaged content

} // namespace

Maintenance::Maintenance(ServiceContext& context) : m_context(context) {}

Result<QStringList> Maintenance::filesOf(const Sha256& content) const
{
    const auto uses = m_context.catalog.contentUses(content, MaxFilesNamed);
    if (!uses)
        return forward(uses);
    QStringList files;
    for (const catalog::ContentUse& use : *uses) {
        files.append(QStringLiteral("%1: %2@%3: %4")
                         .arg(use.package.repository.text(), use.package.id.artifactPath(), use.revision,
                              use.path.text()));
    }
    return files;
}

Result<std::vector<Maintenance::Damage>>
Maintenance::withFiles(const std::vector<store::DamagedContent>& damaged) const
{
    std::vector<Damage> named;
    for (const store::DamagedContent& content : damaged) {
        auto files = filesOf(content.sha256);
        if (!files)
            return forward(files);
        named.push_back({content, std::move(*files)});
    }
    return named;
}

Result<Maintenance::VerifyReport>
Maintenance::verify(const access::AdminPermit&, const ProgressFunction& progress, const CancelToken& cancel)
{
    const auto turn = m_turns.take();
    if (!turn)
        return forward(turn);
    if (const auto sound = m_context.database.checkIntegrity(); !sound)
        return forward(sound);
    const auto summary = m_context.store.summary();
    if (!summary)
        return forward(summary);
    const auto damaged = m_context.store.verify(throttled(progress), cancel);
    m_context.catalog.noteStorageChange(); // also after an error: what was found before it is noted
    if (!damaged)
        return forward(damaged);

    auto catalog = catalog::CatalogVerifier(m_context.catalog).run(cancel);
    if (!catalog)
        return forward(catalog);

    auto named = withFiles(*damaged);
    if (!named)
        return forward(named);
    return VerifyReport{summary->contents, summary->logicalBytes, std::move(*named), std::move(*catalog)};
}

Result<store::SweepReport> Maintenance::sweep(const access::AdminPermit&, bool dryRun,
                                              const ProgressFunction& progress, const CancelToken& cancel)
{
    const auto turn = m_turns.take();
    if (!turn)
        return forward(turn);
    return runSweep(dryRun, progress, cancel);
}

Result<store::SweepReport> Maintenance::sweepInBackground(const CancelToken& cancel)
{
    const auto turn = m_turns.takeInBackground(cancel);
    if (!turn)
        return forward(turn);
    return runSweep(false, {}, cancel);
}

Result<store::SweepReport> Maintenance::runSweep(bool dryRun, const ProgressFunction& progress,
                                                 const CancelToken& cancel)
{
    if (!dryRun) {
        if (const auto dropped = m_context.claimWriter.dropExpired(); !dropped)
            return forward(dropped);
        // Trees first: what only a dead tree names is free for the store's sweep at once.
        if (const auto trees = catalog::TreeSweep(m_context.catalog).run(throttled({}), cancel); !trees)
            return forward(trees);
    }
    auto report = m_context.store.sweep(m_context.catalog.liveContents(m_context.clock), dryRun,
                                        throttled(progress), cancel);
    if (!report || dryRun)
        return report;
    const auto noted = store::noteSweep(m_context.database, m_context.clock.nowMs());
    return noted ? report : forward(noted);
}

Result<void> Maintenance::scrubInBackground(qint64 bytes, const CancelToken& cancel)
{
    const auto turn = m_turns.takeInBackground(cancel);
    if (!turn)
        return forward(turn);
    const auto damaged = m_context.store.verify(throttled({}), cancel, bytes);
    if (!damaged || !damaged->empty())
        m_context.catalog.noteStorageChange();
    return damaged ? Result<void>() : forward(damaged);
}

Result<std::vector<Maintenance::Damage>> Maintenance::backup(const access::AdminPermit&,
                                                             const QString& bundle,
                                                             const ProgressFunction& progress,
                                                             const CancelToken& cancel)
{
    const auto turn = m_turns.take();
    if (!turn)
        return forward(turn);
    const auto damaged = writeBackup(m_context, bundle, throttled(progress), cancel);
    return damaged ? withFiles(*damaged) : forward(damaged);
}

Result<qint64> Maintenance::restore(const QString& bundle, const QString& dataFolder,
                                    const ProgressFunction& progress, const CancelToken& cancel)
{
    return Restore(QDir::cleanPath(QDir(dataFolder).absolutePath()), throttled(progress), cancel).run(bundle);
}

Result<Maintenance::Status> Maintenance::status() const
{
    auto summary = m_context.store.summary();
    if (!summary)
        return forward(summary);
    const auto repositories = m_context.catalog.repositories();
    if (!repositories)
        return forward(repositories);
    const auto swept = store::lastSweepMs(m_context.database);
    if (!swept)
        return forward(swept);
    Status status{std::move(*summary),
                  qint64(repositories->size()),
                  0,
                  m_context.directory.users().size(),
                  m_context.warnings,
                  *swept};
    for (const catalog::Repository& repository : *repositories) {
        const auto totals = m_context.catalog.totals(repository.id);
        if (!totals)
            return forward(totals);
        status.packages += totals->packages;
    }
    if (status.store.readOnly)
        status.warnings.append(
            QStringLiteral("The store accepts no writes: %1").arg(status.store.readOnlyReason));
    if (status.store.damaged > 0)
        status.warnings.append(
            QStringLiteral(
                "%1 of the stored contents %2 damaged and not served. 'hubletd verify' names the files; "
                "uploading them again repairs them")
                .arg(status.store.damaged)
                .arg(status.store.damaged == 1 ? QStringLiteral("is") : QStringLiteral("are")));
    return status;
}

} // namespace hublet::service
