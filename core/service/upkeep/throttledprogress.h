// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"

namespace hublet::service {

/// Passes calls on to `progress` a few times a second at most, the first and the last always. `progress` may
/// be empty. The result may be called from one thread at a time.
[[nodiscard]] ProgressFunction throttled(ProgressFunction progress);

} // namespace hublet::service
