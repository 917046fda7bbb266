// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

class QObject;

namespace hublet::app {

/// What every Hublet process does first: no file opened later becomes a standard stream that the caller
/// closed, private files (umask 077), no core dumps of secrets, as many open files as the system allows, a
/// dead peer is an error code and not a signal (reliability 3.2 rule 6, 3.4).
void hardenProcess();

/// Calls `quit` in the thread of `owner`, from its event loop, at SIGTERM, SIGINT or SIGHUP. Once per
/// process.
void onTerminationSignal(QObject* owner, std::function<void()> quit);

} // namespace hublet::app
