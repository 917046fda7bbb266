// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/sweeptime.h"

#include "core/store/tables/contentqueries.h"

namespace hublet::store {

namespace {

/// In table store_mark.
QString sweptMark()
{
    return QStringLiteral("swept_ms");
}

} // namespace

Result<qint64> lastSweepMs(const db::Database& database)
{
    return database.read(
        [](db::Transaction& transaction) { return queries::mark(transaction, sweptMark()); });
}

Result<void> noteSweep(db::Database& database, qint64 endedMs)
{
    return database.write(
        [&](db::Transaction& transaction) { return queries::setMark(transaction, sweptMark(), endedMs); });
}

} // namespace hublet::store
