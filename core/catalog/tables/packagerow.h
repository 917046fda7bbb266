// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/catalog/model/package.h"
#include "core/db/query.h"

namespace hublet::catalog::queries {

// The order of these columns is known to readPackage().
#define PACKAGE_COLUMNS                                                                                      \
    "p.id, p.repository, r.name, p.type, p.name, p.hub_id, p.is_private, p.gating, p.disabled, p.creator, "  \
    "p.created_ms, p.modified_ms, p.head, p.total_size, p.file_count, p.downloads, p.card, p.tags, "         \
    "p.pipeline_tag, "                                                                                       \
    "p.library_name "
#define PACKAGE_TABLES "FROM package p JOIN repository r ON r.id = p.repository "

/// Reads a row of PACKAGE_COLUMNS. Error: Corrupt.
[[nodiscard]] Result<Package> readPackage(const db::Query& query);

/// Characters of the card in a row of PACKAGE_COLUMNS, as stored.
[[nodiscard]] qsizetype cardSize(const db::Query& query);

/// As stored: "open", "auto", "manual".
[[nodiscard]] QString gatingName(Gating gating);

} // namespace hublet::catalog::queries
