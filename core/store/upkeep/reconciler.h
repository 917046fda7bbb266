// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/storecontext.h"

namespace hublet::store {

/// Start-up check (reliability 1.4): every file recorded since the last such check must be on disk with its
/// length; a power cut or a kill may have come between. Contents of a file that is not are distrusted, so
/// that the next upload of the same bytes repairs them. Gives the number of contents lost. One stat per new
/// file.
[[nodiscard]] Result<qint64> reconcile(StoreContext& context);

} // namespace hublet::store
