// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/verifier.h"

#include "core/store/upkeep/xorbverifier.h"

#include <QElapsedTimer>
#include <QLoggingCategory>

#include <limits>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr int PageRows = 1000;
constexpr qint64 ProgressIntervalMs = 250;

QString problemOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound:
        return QStringLiteral("missing");
    case ErrorCode::Corrupt:
        return QStringLiteral("short");
    case ErrorCode::DigestMismatch:
        return QStringLiteral("wrong digest");
    default:
        return QStringLiteral("unreadable");
    }
}

} // namespace

Verifier::Verifier(StoreContext& context, const ProgressFunction& progress, const CancelToken& cancel)
    : m_context(context), m_progress(progress), m_cancel(cancel), m_startMs(context.clock.nowMs())
{
}

Result<std::vector<DamagedContent>> Verifier::run(qint64 budgetBytes)
{
    const auto totals =
        m_context.database.read([](db::Transaction& transaction) { return queries::totals(transaction); });
    if (!totals)
        return forward(totals);
    const qint64 all = totals->wholeBytes + totals->xorbBytes;
    m_totalBytes = budgetBytes > 0 ? std::min(all, budgetBytes) : all;
    // Each kind gets its part of the budget, and a little at least, so that neither waits for the other.
    const auto partOf = [&](qint64 bytes) {
        return budgetBytes <= 0 ? 0
                                : std::max<qint64>(1, qint64(double(budgetBytes) * double(bytes) /
                                                             double(std::max<qint64>(all, 1))));
    };
    if (totals->xorbBytes > 0) {
        XorbVerifier xorbs(
            m_context,
            [this](qint64 bytes) {
                m_hashedBytes = bytes;
                if (m_progress)
                    m_progress(m_hashedBytes, m_totalBytes);
            },
            m_cancel);
        auto damaged = xorbs.run(partOf(totals->xorbBytes));
        if (!damaged)
            return damaged;
        m_damaged = std::move(*damaged);
    }
    if (const auto verified = runWhole(partOf(totals->wholeBytes)); !verified)
        return forward(verified);
    return std::move(m_damaged);
}

Result<void> Verifier::runWhole(qint64 budgetBytes)
{
    const bool oldestFirst = budgetBytes > 0;
    const qint64 end = oldestFirst ? budgetBytes : std::numeric_limits<qint64>::max();
    QElapsedTimer sinceProgress;
    sinceProgress.start();

    ContentRow last;
    while (m_readBytes < end) {
        const auto page = nextPage(last, oldestFirst);
        if (!page)
            return forward(page);
        if (page->empty())
            break;
        for (const ContentRow& row : *page) {
            if (m_cancel.isCancelled() || m_readBytes >= end)
                break;
            if (const auto checked = check(row); !checked)
                return forward(checked);
            if (m_progress && sinceProgress.hasExpired(ProgressIntervalMs)) {
                m_progress(m_hashedBytes, m_totalBytes);
                sinceProgress.restart();
            }
        }
        last = page->back();
        if (const auto noted = note(); !noted)
            return forward(noted);
        if (m_cancel.isCancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("The verification was cancelled"));
    }
    if (m_progress)
        m_progress(m_hashedBytes, m_totalBytes);
    return {};
}

Result<std::vector<ContentRow>> Verifier::nextPage(const ContentRow& last, bool oldestFirst) const
{
    return m_context.database.read([&](db::Transaction& transaction) {
        return oldestFirst ? queries::contentsVerifiedAfter(transaction, last, m_startMs, PageRows)
                           : queries::contentsAfter(transaction, last, PageRows);
    });
}

Result<void> Verifier::check(const ContentRow& row)
{
    const auto verified = m_context.verify(row, m_cancel, &m_readBytes);
    m_hashedBytes += row.size;
    if (verified) {
        m_verdicts.push_back(row);
        return {};
    }
    if (verified.error().code() == ErrorCode::Cancelled)
        return {}; // says nothing about the content
    // The sweep may have deleted or moved it since the page was read; then it is somebody else's or nobody's.
    const auto now = m_context.find(row.sha256);
    if (!now)
        return forward(now);
    if (!*now || (*now)->file.id != row.file.id)
        return {};
    const QString problem = problemOf(verified.error().code());
    qCCritical(storeLog, "content %s in %s is damaged: %s", row.sha256.toHex().constData(),
               row.file.path().constData(), qUtf8Printable(problem));
    m_damaged.push_back({row.sha256, row.size, problem});
    // At once, as nobody shall be served it; the next upload of the same content repairs it.
    return m_context.database.write(
        [&](db::Transaction& transaction) { return queries::noteVerdict(transaction, row, 0); });
}

/// What was sound, a page at a time.
Result<void> Verifier::note()
{
    if (m_verdicts.empty())
        return {};
    const auto noted = m_context.database.write([&](db::Transaction& transaction) -> Result<void> {
        for (const ContentRow& row : m_verdicts) {
            if (const auto done = queries::noteVerdict(transaction, row, m_startMs); !done)
                return done;
        }
        return {};
    });
    m_verdicts.clear();
    return noted;
}

} // namespace hublet::store
