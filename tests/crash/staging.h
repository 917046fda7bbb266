// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/intake/contentwriter.h"
#include "tests/crash/world.h"

namespace hublet::crash {

/// Gives `bytes` to the writer as one content; they must have the digest that was promised.
[[nodiscard]] Result<store::StagedContent> stage(store::ContentWriter& writer, const QByteArray& bytes,
                                                 const Sha256& promised);
[[nodiscard]] Result<store::StagedContent> stage(store::ContentWriter& writer, const QByteArray& bytes);

/// " <sha256>@<path of the file its first byte is in>", as answers name contents; "unknown" when it cannot be
/// opened.
[[nodiscard]] QByteArray whereIs(const World& world, const Sha256& sha256);

} // namespace hublet::crash
