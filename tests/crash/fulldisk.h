// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/world.h"

#include <QStringList>

namespace hublet::crash {

/// Fills the file system of the world to the last byte and looks whether it can still be read, refused
/// politely, and emptied without a restart (reliability T15). Only for a small file system of its own. Gives
/// what is wrong.
[[nodiscard]] QStringList runOnFullDisk(World& world);

} // namespace hublet::crash
