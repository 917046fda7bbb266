// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hublet::http {

/// To be called by a serving thread each time it has answered a request. A thread with many busy connections
/// never sleeps, so the kernel takes its core away only at the next tick, up to 4 ms later, and whoever waits
/// for that core, a client or the other serving thread, sees it as a slow answer. This lets them go first after
/// half a millisecond of work. Costs reading a clock otherwise.
void offerCpuTurn();

} // namespace hublet::http
