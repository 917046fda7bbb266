// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/context/transfers.h"

namespace hublet::ui {

/// One entry for what a client sends in many parts: the blocks of Xet data of a package, the parts of a large
/// file. Parts that follow each other closely belong together. `transfers` are as Transfers::snapshot() gives
/// them, and keep that order; an entry made of several has the id of its oldest part, and no total while it
/// runs: nobody knows how many parts are to come.
[[nodiscard]] std::vector<service::TransferInfo>
groupedTransfers(const std::vector<service::TransferInfo>& transfers);

/// A User-Agent as a person reads it: without what says nothing ("unknown/None").
[[nodiscard]] QString clientText(const QString& userAgent);

} // namespace hublet::ui
