// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace hublet::service {

/// The hunks of a unified diff ("@@ -1,3 +1,4 @@ ...", three lines of context) between two texts, without
/// file headers; empty when they are equal. Texts that differ in very many lines are shown as removed and
/// added as a whole. Pure.
[[nodiscard]] QByteArray unifiedHunks(QByteArrayView before, QByteArrayView after);

} // namespace hublet::service
