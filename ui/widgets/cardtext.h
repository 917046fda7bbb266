// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace hublet::ui {

/// A card's Markdown without what is never shown as such: HTML tags that cards are laid out with give way to
/// their text, images of either kind to their alternative text, comments and scripts to nothing. Code stays
/// as it is, and so does what only looks like a tag. Linear in the length of `markdown`, whatever it holds.
[[nodiscard]] QString withoutTagsAndImages(const QString& markdown);

} // namespace hublet::ui
