// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

namespace hublet::api::control {

/// How hubletd ends. Documented in README.md; scripts rely on the numbers.
enum class ExitCode {
    Success = 0,
    Failed = 1,   ///< the operation failed for a reason outside the request: disk, database
    Usage = 2,    ///< the command line is wrong
    NotFound = 3, ///< what it names does not exist
    Exists = 4,   ///< it exists already, or is in a state that forbids the operation
    Damaged = 5,  ///< verify, backup or restore found data that does not match its digest
    Busy = 6,     ///< the data folder or the port is in use, or another long operation runs
    Refused = 7,  ///< not allowed
};

[[nodiscard]] ExitCode exitCodeFor(ErrorCode code);

} // namespace hublet::api::control
