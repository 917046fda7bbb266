// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"
#include "core/store/files/storedxorb.h"

namespace hublet::store::queries {

/// Reads id, kind, name and size of a stored_file from `column` on.
[[nodiscard]] inline StoredFile readFile(const db::Query& query, int column)
{
    return {query.integer(column), FileKind(query.integer(column + 1)), query.digest<Sha256>(column + 2),
            query.integer(column + 3)};
}

/// Columns of a XorbRow; every SELECT that readXorb() reads starts with them.
#define HUBLET_XORB_COLUMNS                                                                                  \
    u"SELECT f.id, f.kind, f.name, f.size, x.chunk_count, x.raw_bytes, x.touched_ms, x.verified_ms, "        \
    u"x.dying_since_ms FROM xorb x JOIN stored_file f ON f.id = x.file "

[[nodiscard]] inline XorbRow readXorb(const db::Query& query)
{
    return {readFile(query, 0), quint32(query.integer(4)),
            query.integer(5),   query.integer(6),
            query.integer(7),   query.isNull(8) ? std::nullopt : std::optional(query.integer(8))};
}

} // namespace hublet::store::queries
