// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/inplaceedit.h"

#include <QByteArray>

namespace hublet::api::cas {

/// The JSON form of what a client must know to change a file in place (xet.md 6.9).
[[nodiscard]] QByteArray encodeInPlaceEdit(const xet::InPlaceEdit& edit);

} // namespace hublet::api::cas
