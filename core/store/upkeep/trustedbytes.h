// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/database.h"
#include "core/store/context/storereports.h"
#include "core/store/files/storedfile.h"

#include <vector>

namespace hublet::store {

/// Are the bytes of a stored file, open as `fd`, right wherever `rows` - the database of its store, or a copy
/// - trust them? Contents and chunks that are noted there as damaged may be anything. Reads the whole file.
/// Errors: Io, Database.
[[nodiscard]] Result<bool> areTrustedBytesRight(const db::Database& rows, const StoredFile& file, int fd);

/// The contents that `rows` know to be damaged. Error: Database.
[[nodiscard]] Result<std::vector<DamagedContent>> knownDamage(const db::Database& rows);

} // namespace hublet::store
