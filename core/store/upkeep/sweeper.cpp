// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/sweeper.h"

#include "core/store/files/fileio.h"
#include "core/store/files/packformat.h"
#include "core/store/upkeep/liveset.h"
#include "core/store/upkeep/packcompactor.h"
#include "core/store/upkeep/xorbsweeper.h"

#include <QLoggingCategory>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr std::size_t MarkBatch = 10'000;   ///< rows in one write transaction
constexpr std::size_t DeleteBatch = 20'000; ///< contents in one write transaction
constexpr std::size_t OrphanBatch = 1'000;  ///< files looked up in one read
/// A pack is rewritten when less than this part of it is alive.
constexpr double MinLivePart = 0.5;

template <typename T, typename F>
[[nodiscard]] Result<void> inBatches(const std::vector<T>& items, std::size_t size, F&& work)
{
    for (std::size_t at = 0; at < items.size(); at += size) {
        const auto first = items.begin() + std::ptrdiff_t(at);
        const std::vector<T> batch(first, first + std::ptrdiff_t(std::min(size, items.size() - at)));
        if (const auto done = work(batch); !done)
            return done;
    }
    return {};
}

} // namespace

Sweeper::Sweeper(StoreContext& context, const LiveContents& live, const KeepTimes& keep, bool dryRun,
                 const ProgressFunction& progress, const CancelToken& cancel)
    : m_context(context), m_live(live), m_keep(keep), m_dryRun(dryRun), m_progress(progress),
      m_cancel(cancel), m_nowMs(context.clock.nowMs())
{
}

Result<SweepReport> Sweeper::run()
{
    const auto findings = look();
    if (!findings)
        return forward(findings);
    m_report.contents = qint64(findings->candidates.size());
    if (m_dryRun) {
        m_report.bytes = findings->candidateBytes;
    } else {
        if (const auto noted = note(*findings); !noted)
            return forward(noted);
        if (const auto deleted = deleteContents(findings->candidates); !deleted)
            return forward(deleted);
        if (const auto tidied = tidyPacks(); !tidied)
            return forward(tidied);
    }
    if (const auto swept = sweepXorbs(); !swept)
        return forward(swept);
    for (const FileKind kind : {FileKind::Blob, FileKind::Pack, FileKind::Xorb}) {
        if (const auto removed = removeOrphans(kind); !removed)
            return forward(removed);
    }
    return m_report;
}

Result<LiveSet> Sweeper::readLive(db::Transaction& transaction) const
{
    LiveSet live;
    if (const auto read = m_live(transaction, [&](const Sha256& sha256) { live.add(sha256); }); !read)
        return forward(read);
    live.sort();
    return live;
}

/// Compares all rows with all that is needed, in one snapshot.
Result<Sweeper::Findings> Sweeper::look()
{
    return m_context.database.read([&](db::Transaction& transaction) -> Result<Findings> {
        const auto live = readLive(transaction);
        if (!live)
            return forward(live);
        db::Query query =
            transaction.query(u"SELECT sha256, size, unreferenced_since_ms, xet_file FROM content");
        if (const auto run = query.run(); !run)
            return forward(run);
        Findings findings;
        while (query.next()) {
            const auto sha256 = query.digest<Sha256>(0);
            const bool isMarked = !query.isNull(2);
            const bool isSegmented = !query.isNull(3);
            const qint64 dueMs = m_nowMs - (isSegmented ? m_keep.segmentsMs : m_keep.wholeMs);
            if (live->contains(sha256)) {
                if (isMarked)
                    findings.referencedAgain.push_back(sha256);
                continue;
            }
            if (!isMarked)
                findings.newlyUnreferenced.push_back(sha256);
            if ((isMarked ? query.integer(2) : m_nowMs) <= dueMs) {
                findings.candidates.push_back(sha256);
                if (!isSegmented) // of segments, only what nothing else consists of will be freed
                    findings.candidateBytes += query.integer(1);
            }
        }
        return findings;
    });
}

Result<void> Sweeper::note(const Findings& findings)
{
    const auto marked =
        inBatches(findings.newlyUnreferenced, MarkBatch, [&](const std::vector<Sha256>& batch) {
            return m_context.database.write([&](db::Transaction& transaction) -> Result<void> {
                for (const Sha256& sha256 : batch) {
                    if (const auto done = queries::markUnreferenced(transaction, sha256, m_nowMs); !done)
                        return done;
                }
                return {};
            });
        });
    if (!marked)
        return marked;
    return inBatches(findings.referencedAgain, MarkBatch, [&](const std::vector<Sha256>& batch) {
        return m_context.database.write([&](db::Transaction& transaction) -> Result<void> {
            for (const Sha256& sha256 : batch) {
                if (const auto done = queries::keepContent(transaction, sha256); !done)
                    return done;
            }
            return {};
        });
    });
}

Result<void> Sweeper::deleteContents(const std::vector<Sha256>& candidates)
{
    m_report.contents = 0;
    qint64 done = 0;
    return inBatches(candidates, DeleteBatch, [&](const std::vector<Sha256>& batch) -> Result<void> {
        if (const auto proceed = checkCancelled(); !proceed)
            return proceed;
        if (const auto deleted = deleteBatch(batch); !deleted)
            return deleted;
        done += qint64(batch.size());
        if (m_progress)
            m_progress(done, qint64(candidates.size()));
        return {};
    });
}

/// Rows first, files second. What became live or was leased since the look is left alone: the write
/// transaction sees every commit, and an upload that comes later waits for the pardon.
Result<void> Sweeper::deleteBatch(const std::vector<Sha256>& batch)
{
    DoomedSet doomed(m_context.leases);
    std::vector<StoredFile> blobs;
    qint64 contents = 0;
    const auto deleted = m_context.database.write([&](db::Transaction& transaction) -> Result<void> {
        const auto live = readLive(transaction);
        if (!live)
            return forward(live);
        for (const Sha256& sha256 : batch) {
            if (live->contains(sha256) || !doomed.add(sha256))
                continue;
            const auto row = queries::deleteUnreferenced(transaction, sha256, m_nowMs - m_keep.wholeMs,
                                                         m_nowMs - m_keep.segmentsMs);
            if (!row)
                return forward(row);
            if (!*row)
                continue;
            ++contents;
            if ((*row)->isSegmented() || (*row)->file.kind != FileKind::Blob)
                continue;
            const auto removed = queries::deleteEmptyFile(transaction, (*row)->file.id);
            if (!removed)
                return forward(removed);
            if (*removed)
                blobs.push_back((*row)->file);
        }
        return {};
    });
    if (!deleted)
        return deleted;
    m_report.contents += contents;
    return removeFiles(blobs);
}

/// A name that is left behind by a crash or an error is an orphan of the next sweep.
Result<void> Sweeper::removeFiles(const std::vector<StoredFile>& files)
{
    Result<void> result;
    for (const StoredFile& file : files) {
        const auto removed = m_context.removeFile(file);
        if (!removed)
            result = forward(removed);
        else if (*removed)
            m_report.bytes += file.size;
    }
    return result;
}

Result<void> Sweeper::sweepXorbs()
{
    XorbSweeper xorbs(m_context, m_keep, m_cancel);
    const auto bytes = m_dryRun ? xorbs.bytesToFree() : xorbs.run();
    if (!bytes)
        return forward(bytes);
    m_report.bytes += *bytes;
    return {};
}

Result<void> Sweeper::tidyPacks()
{
    const auto packs =
        m_context.database.read([](db::Transaction& transaction) { return queries::packs(transaction); });
    if (!packs)
        return forward(packs);
    for (const PackRow& pack : *packs) {
        if (const auto proceed = checkCancelled(); !proceed)
            return proceed;
        if (pack.liveContents == 0) {
            if (const auto removed = removeEmptyPack(pack.file); !removed)
                return removed;
        } else if (double(packFileSize(pack.liveContents, pack.liveBytes)) <
                   double(pack.file.size) * MinLivePart) {
            const auto freed = PackCompactor(m_context).compact(pack.file);
            if (freed)
                m_report.bytes += *freed;
            else if (freed.error().code() == ErrorCode::ReadOnly || m_context.isReadOnly())
                return forward(freed);
            else // a damaged or full disk must not keep the sweep from freeing the rest
                qCWarning(storeLog, "pack %s stays as it is: %s", pack.file.path().constData(),
                          qUtf8Printable(freed.error().describe()));
        }
    }
    return {};
}

Result<void> Sweeper::removeEmptyPack(const StoredFile& pack)
{
    DoomedSet doomed(m_context.leases);
    if (!doomed.add(pack.name))
        return {};
    const auto deleted = m_context.database.write(
        [&](db::Transaction& transaction) { return queries::deleteEmptyFile(transaction, pack.id); });
    if (!deleted)
        return forward(deleted);
    return *deleted ? removeFiles({pack}) : Result<void>();
}

/// Files without a row: left by a process that was killed between naming a file and its transaction, or the
/// reverse.
Result<void> Sweeper::removeOrphans(FileKind kind)
{
    std::vector<StoredFile> onDisk;
    const auto listed = m_context.folder->forEachFile(kind, [&](const StoredFile& file) -> Result<void> {
        onDisk.push_back(file);
        return checkCancelled();
    });
    if (!listed)
        return listed;
    return inBatches(onDisk, OrphanBatch, [&](const std::vector<StoredFile>& batch) -> Result<void> {
        std::vector<StoredFile> orphans;
        const auto looked = m_context.database.read([&](db::Transaction& transaction) -> Result<void> {
            for (const StoredFile& file : batch) {
                const auto recorded = queries::hasFile(transaction, file.kind, file.name);
                if (!recorded)
                    return forward(recorded);
                if (!*recorded)
                    orphans.push_back(file);
            }
            return {};
        });
        if (!looked)
            return looked;
        for (const StoredFile& orphan : orphans) {
            const auto fd = m_context.folder->openFile(orphan);
            const auto size = fd ? fileSize(fd->get()) : Result<qint64>(0);
            const auto removed = m_dryRun ? Result<bool>(true) : m_context.removeUnrecorded(orphan);
            if (!removed)
                return forward(removed);
            if (*removed) {
                ++m_report.staging;
                m_report.bytes += size.value_or(0);
            }
        }
        return checkCancelled();
    });
}

Result<void> Sweeper::checkCancelled() const
{
    if (m_cancel.isCancelled())
        return fail(ErrorCode::Cancelled, QStringLiteral("The sweep was cancelled"));
    return {};
}

} // namespace hublet::store
