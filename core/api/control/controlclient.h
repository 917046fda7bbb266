// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/control/command.h"

namespace hublet::api::control {

/// Asks the process behind `socketPath` to run a command and waits for the end; blocking, needs no event
/// loop. Cancelling hangs up, which cancels the command there. Errors: Unavailable (nobody listens, or gives
/// no sign of life within 10 s; the detail is a sentence about that process), Io, Cancelled.
[[nodiscard]] Result<CommandOutput> runThroughServer(const QString& socketPath, const QStringList& words,
                                                     const QByteArray& input,
                                                     const ProgressFunction& progress,
                                                     const CancelToken& cancel);

} // namespace hublet::api::control
