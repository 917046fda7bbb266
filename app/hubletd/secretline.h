// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace hublet::app {

/// One line of standard input without its line feed; at most 4,096 bytes. At a terminal asks for it on
/// standard error and does not show what is typed; a signal that ends the process leaves the terminal as it
/// was. Blocks. To be called while there is no other thread.
[[nodiscard]] QByteArray readSecretLine();

} // namespace hublet::app
