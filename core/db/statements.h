// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/db/transaction.h"

#include <optional>
#include <type_traits>
#include <vector>

/// Whole statements in one call, inside the caller's transaction. Errors: Database.
namespace hublet::db {

/// Runs a statement and turns each row into a value by `read(const Query&)`, which must not run queries
/// itself.
template <typename Read, typename... Values>
[[nodiscard]] auto selectAll(Transaction& transaction, QStringView sql, Read read, const Values&... values)
    -> Result<std::vector<std::invoke_result_t<Read, const Query&>>>
{
    Query query = transaction.query(sql);
    if (const auto run = query.run(values...); !run)
        return forward(run);
    std::vector<std::invoke_result_t<Read, const Query&>> rows;
    while (query.next())
        rows.push_back(read(std::as_const(query)));
    return rows;
}

/// The first row, if there is one.
template <typename Read, typename... Values>
[[nodiscard]] auto selectOne(Transaction& transaction, QStringView sql, Read read, const Values&... values)
    -> Result<std::optional<std::invoke_result_t<Read, const Query&>>>
{
    Query query = transaction.query(sql);
    if (const auto run = query.run(values...); !run)
        return forward(run);
    std::optional<std::invoke_result_t<Read, const Query&>> row;
    if (query.next())
        row.emplace(read(std::as_const(query)));
    return row;
}

/// Runs a statement that gives no rows; the value is the number of rows it changed.
template <typename... Values>
[[nodiscard]] Result<qint64> change(Transaction& transaction, QStringView sql, const Values&... values)
{
    Query query = transaction.query(sql);
    if (const auto run = query.run(values...); !run)
        return forward(run);
    return query.rowsChanged();
}

/// The same where the number does not matter.
template <typename... Values>
[[nodiscard]] Result<void> execute(Transaction& transaction, QStringView sql, const Values&... values)
{
    return transaction.query(sql).run(values...);
}

} // namespace hublet::db
