// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/names.h"
#include "core/catalog/discussion.h"

#include <optional>

namespace hublet::api {

// The Hub's JSON forms of discussions and their events (hub-api 12).

/// "draft", "open", "closed", "merged".
[[nodiscard]] QByteArrayView discussionStatusName(catalog::DiscussionStatus status);

/// The fields of an item of the list, without the braces around them.
void writeDiscussionFields(JsonWriter& json, const catalog::Discussion& discussion, const PackageId& package);
/// One discussion with its events. `diff` only for pull requests.
void writeDiscussionDetails(JsonWriter& json, const catalog::Discussion& discussion, const PackageId& package,
                            const std::optional<QString>& diff);
void writeDiscussionEvent(JsonWriter& json, const catalog::DiscussionEvent& event);

} // namespace hublet::api
