// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/xorbverifier.h"

#include "core/store/files/fileio.h"
#include "core/store/files/xorbformat.h"
#include "core/store/tables/xorbqueries.h"
#include "core/store/upkeep/xorbrepair.h"

#include <QLoggingCategory>

#include <limits>
#include <numeric>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr int PageRows = 100;

} // namespace

Result<std::vector<DamagedContent>> XorbVerifier::run(qint64 budgetBytes)
{
    const bool oldestFirst = budgetBytes > 0;
    const qint64 budget = oldestFirst ? budgetBytes : std::numeric_limits<qint64>::max();
    qint64 hashed = 0;
    XorbRow last;
    last.verifiedMs = -1;
    while (hashed < budget) {
        const auto page = m_context.database.read([&](db::Transaction& transaction) {
            return oldestFirst ? queries::xorbsVerifiedAfter(transaction, last, m_startMs, PageRows)
                               : queries::xorbsAfter(transaction, last, PageRows);
        });
        if (!page)
            return forward(page);
        if (page->empty())
            break;
        for (const XorbRow& row : *page) {
            if (hashed >= budget)
                break;
            if (m_cancel.isCancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("The verification was cancelled"));
            if (const auto checked = check(row); !checked)
                return forward(checked);
            hashed += row.rawBytes;
            m_report(hashed);
        }
        last = page->back();
    }
    return std::move(m_damaged);
}

Result<void> XorbVerifier::check(const XorbRow& row)
{
    const auto file = m_context.folder->openFile(row.file); // by its name: an open one may be unlinked
    const auto size = file ? fileSize(file->get()) : Result<qint64>(0);
    const auto damaged = !file ? Result<std::vector<quint32>>(forward(file))
                         : !size || *size != row.file.size
                             ? Result<std::vector<quint32>>(fail(
                                   ErrorCode::Corrupt, QStringLiteral("A xorb does not have its length")))
                             : findDamagedChunks(file->get(), *size, xorbHashOf(row.file.name));
    if (damaged && damaged->empty())
        return noteSound(row);
    // An upload may have replaced the file since it was opened.
    const auto now = m_context.database.read(
        [&](db::Transaction& transaction) { return queries::findXorb(transaction, row.file.id); });
    if (!now)
        return forward(now);
    if (!*now || ((*now)->verifiedMs != row.verifiedMs && (*now)->verifiedMs != 0))
        return {};
    if (damaged)
        return noteDamaged(**now, *damaged, QStringLiteral("wrong digest"));
    std::vector<quint32> all(row.chunkCount);
    std::iota(all.begin(), all.end(), 0U);
    return noteDamaged(**now, all,
                       damaged.error().code() == ErrorCode::NotFound ? QStringLiteral("missing")
                                                                     : QStringLiteral("unreadable"));
}

Result<void> XorbVerifier::noteSound(const XorbRow& row)
{
    if (row.verifiedMs != 0 || row.dyingSinceMs)
        return m_context.database.write([&](db::Transaction& transaction) {
            return queries::markXorbSound(transaction, row.file.id, m_startMs);
        });
    // Was found damaged before, and reads well again.
    const auto xorb = m_context.openXorb(row.file);
    if (!xorb)
        return forward(xorb);
    const auto revived = m_context.database.write([&](db::Transaction& transaction) {
        return queries::addXorb(transaction, row.file, (*xorb)->index, m_startMs);
    });
    return revived ? Result<void>() : forward(revived);
}

Result<void> XorbVerifier::noteDamaged(const XorbRow& row, const std::vector<quint32>& positions,
                                       const QString& problem)
{
    m_context.files.forget(row.file.id);
    const auto xorb = m_context.openXorb(row.file);
    const XorbIndex* const index = xorb ? &(*xorb)->index : nullptr;
    const auto contents = m_context.database.write([&](db::Transaction& transaction) {
        return queries::noteDamage(transaction, row, positions, index);
    });
    if (!contents)
        return forward(contents);
    qCCritical(storeLog, "xorb %s has %zu damaged chunks (%s); %zu contents are hurt",
               row.file.path().constData(), positions.size(), qUtf8Printable(problem), contents->size());
    if (index) {
        const auto repaired = XorbRepair(m_context).run(row, *index, positions);
        if (!repaired && repaired.error().code() == ErrorCode::Database)
            return forward(repaired);
        if (!repaired) // such as a full disk: the others are looked at all the same, and the damage reported
            qCWarning(storeLog, "xorb %s cannot be made whole: %s", row.file.path().constData(),
                      qUtf8Printable(repaired.error().describe()));
        else if (*repaired)
            return {};
    }
    for (const auto& [sha256, size] : *contents)
        m_damaged.push_back({sha256, size, problem});
    return {};
}

} // namespace hublet::store
