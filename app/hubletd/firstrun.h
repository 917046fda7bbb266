// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/services.h"

#include <QByteArray>

#include <cstdio>

namespace hublet::app {

/// Tells what a first start made and nobody can ask for again; nothing when this is none. `asJson`: one
/// object a line, else for a person. What cannot be told is taken back, so that the next start is the first
/// again. Errors: Io (not told), those of access::Directory.
[[nodiscard]] Result<void> tellFirstRun(service::Services& services, std::FILE* stream, bool asJson);

} // namespace hublet::app
