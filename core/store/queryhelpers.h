// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"
#include "core/store/storedfile.h"

namespace hublet::store::queries {

/// Reads id, kind, name and size of a stored_file from `column` on.
[[nodiscard]] inline StoredFile readFile(const db::Query& query, int column)
{
    return {query.integer(column), FileKind(query.integer(column + 1)), query.digest<Sha256>(column + 2),
            query.integer(column + 3)};
}

/// Rows changed.
template <typename... Values>
[[nodiscard]] Result<qint64> change(db::Transaction& transaction, QStringView sql, const Values&... values)
{
    db::Query query = transaction.query(sql);
    if (const auto run = query.run(values...); !run)
        return forward(run);
    return query.rowsChanged();
}

template <typename... Values>
[[nodiscard]] Result<void> execute(db::Transaction& transaction, QStringView sql, const Values&... values)
{
    return transaction.query(sql).run(values...);
}

} // namespace hublet::store::queries
