// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/mergebase.h"

#include "core/catalog/tables/commitqueries.h"

#include <map>

namespace hublet::catalog {

namespace {

/// Which of the two commits come from this one.
enum Side : unsigned { Left = 1, Right = 2, Both = Left | Right };

} // namespace

Result<std::optional<qint64>> mergeBase(db::Transaction& transaction, qint64 left, qint64 right)
{
    // A commit is stored after its parents, so it has a higher row: taken from the highest row down, each is
    // met only when all that could come from it have been, and the first that both come from is the newest.
    std::map<qint64, unsigned> open;
    open[left] |= Left;
    open[right] |= Right;
    while (!open.empty()) {
        const auto [row, sides] = *open.rbegin();
        if (sides == Both)
            return row;
        open.erase(row);
        const auto parents = queries::parentRows(transaction, row);
        if (!parents)
            return forward(parents);
        for (const qint64 parent : *parents)
            open[parent] |= sides;
    }
    return std::nullopt;
}

} // namespace hublet::catalog
