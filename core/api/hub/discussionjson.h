// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/names.h"
#include "core/catalog/model/discussion.h"

#include <optional>
#include <vector>

namespace hublet::api {

// The Hub's JSON forms of discussions and their events (hub-api 12).

/// "draft", "open", "closed", "merged".
[[nodiscard]] QByteArrayView discussionStatusName(catalog::DiscussionStatus status);

/// The fields of an item of the list, without the braces around them.
void writeDiscussionFields(JsonWriter& json, const catalog::Discussion& discussion, const PackageId& package);
/// What the details of a pull request say beyond those of a discussion.
struct PullRequestFacts {
    std::vector<RepoPath> conflicts; ///< files that stop a merge now
    std::optional<QString> diff;     ///< when asked for
};
/// One discussion with its events. `facts` are looked at for pull requests only.
void writeDiscussionDetails(JsonWriter& json, const catalog::Discussion& discussion, const PackageId& package,
                            const PullRequestFacts& facts);
void writeDiscussionEvent(JsonWriter& json, const catalog::DiscussionEvent& event);

} // namespace hublet::api
