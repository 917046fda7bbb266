// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/xorbsweeper.h"

#include "core/base/faultpoint.h"
#include "core/store/tables/xorbsweepqueries.h"
#include "core/store/upkeep/xorbcompactor.h"

#include <QLoggingCategory>

#include <algorithm>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

/// A xorb is rewritten when less than this part of it is alive.
constexpr double MinLivePart = 0.5;

/// Bytes of the union of runs that come by start.
qint64 unionBytes(const std::vector<queries::LiveRun>& runs)
{
    qint64 bytes = 0;
    qint64 reached = 0;
    for (const queries::LiveRun& run : runs) {
        const qint64 end = run.start + run.bytes;
        bytes += std::max<qint64>(0, end - std::max(run.start, reached));
        reached = std::max(reached, end);
    }
    return bytes;
}

} // namespace

Result<qint64> XorbSweeper::run()
{
    if (const auto compacted = compact(); !compacted)
        return forward(compacted);
    if (const auto hidden = hideUnreferenced(); !hidden)
        return forward(hidden);
    if (const auto deleted = deleteHidden(); !deleted)
        return forward(deleted);
    return m_freed;
}

Result<qint64> XorbSweeper::bytesToFree() const
{
    return m_context.database.read([&](db::Transaction& transaction) -> Result<qint64> {
        const auto xorbs = queries::hiddenXorbs(transaction, m_nowMs - m_keep.hiddenMs);
        if (!xorbs)
            return forward(xorbs);
        qint64 bytes = 0;
        for (const XorbRow& xorb : *xorbs)
            bytes += xorb.file.size;
        return bytes;
    });
}

/// Runs `work` on each xorb that no upload holds. An upload that wants one of them meanwhile waits for the
/// pardon, and then finds it hidden or gone.
Result<void> XorbSweeper::forEachUnleased(const Result<std::vector<XorbRow>>& xorbs,
                                          const std::function<Result<void>(const XorbRow&)>& work)
{
    if (!xorbs)
        return forward(xorbs);
    for (const XorbRow& xorb : *xorbs) {
        if (const auto proceed = checkCancelled(); !proceed)
            return proceed;
        DoomedSet doomed(m_context.leases);
        if (!doomed.add(xorb.file.name))
            continue;
        if (const auto done = work(xorb); !done)
            return done;
    }
    return {};
}

Result<void> XorbSweeper::hideUnreferenced()
{
    const qint64 dueMs = m_nowMs - m_keep.segmentsMs;
    const auto xorbs = m_context.database.read(
        [&](db::Transaction& transaction) { return queries::unreferencedXorbs(transaction, dueMs); });
    return forEachUnleased(xorbs, [&](const XorbRow& xorb) -> Result<void> {
        const auto stored = m_context.openXorb(xorb.file);
        const auto hidden = m_context.database.write([&](db::Transaction& transaction) {
            return queries::hideXorb(transaction, xorb, stored ? &(*stored)->index : nullptr, dueMs, m_nowMs);
        });
        return hidden ? Result<void>() : forward(hidden);
    });
}

/// Rows first, files second.
Result<void> XorbSweeper::deleteHidden()
{
    const qint64 dueMs = m_nowMs - m_keep.hiddenMs;
    const auto xorbs = m_context.database.read(
        [&](db::Transaction& transaction) { return queries::hiddenXorbs(transaction, dueMs); });
    return forEachUnleased(xorbs, [&](const XorbRow& xorb) -> Result<void> {
        if (HUBLET_FAULT_POINT("mutant.xorb-before-row"))
            (void)m_context.folder->remove(xorb.file);
        const auto deleted = m_context.database.write([&](db::Transaction& transaction) {
            return queries::deleteHiddenXorb(transaction, xorb, dueMs);
        });
        if (!deleted)
            return forward(deleted);
        if (!*deleted)
            return {};
        const auto removed = m_context.removeFile(xorb.file);
        if (!removed)
            return forward(removed);
        if (*removed)
            m_freed += xorb.file.size;
        return {};
    });
}

Result<void> XorbSweeper::compact()
{
    std::vector<XorbRow> sparse;
    const auto looked = m_context.database.read([&](db::Transaction& transaction) {
        return queries::forEachLiveXorb(transaction, m_nowMs - m_keep.segmentsMs,
                                        [&](const XorbRow& xorb, const std::vector<queries::LiveRun>& runs) {
                                            if (double(unionBytes(runs)) <
                                                double(xorb.rawBytes) * MinLivePart)
                                                sparse.push_back(xorb);
                                        });
    });
    if (!looked)
        return looked;
    for (const XorbRow& xorb : sparse) {
        if (const auto proceed = checkCancelled(); !proceed)
            return proceed;
        const auto compacted = XorbCompactor(m_context).compact(xorb);
        if (compacted)
            continue;
        if (compacted.error().code() == ErrorCode::ReadOnly || m_context.isReadOnly())
            return compacted;
        // A damaged or full disk must not keep the sweep from freeing the rest.
        qCWarning(storeLog, "xorb %s stays as it is: %s", xorb.file.path().constData(),
                  qUtf8Printable(compacted.error().describe()));
    }
    return {};
}

Result<void> XorbSweeper::checkCancelled() const
{
    if (m_cancel.isCancelled())
        return fail(ErrorCode::Cancelled, QStringLiteral("The sweep was cancelled"));
    return {};
}

} // namespace hublet::store
