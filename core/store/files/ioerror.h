// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

namespace hublet::store {

/// What a failed system call means: NoSpace (disk, quota or file size limit), ReadOnly, else Io. `doing`
/// completes the sentence "Cannot ...". Never names a file: the text may reach a client.
[[nodiscard]] Error ioError(const QString& doing, int errorNumber);
/// The same, ready to be returned.
[[nodiscard]] tl::unexpected<Error> failIo(const QString& doing, int errorNumber);

} // namespace hublet::store
