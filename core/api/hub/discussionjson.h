// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/names.h"
#include "core/base/result.h"
#include "core/catalog/model/discussion.h"
#include "core/catalog/model/package.h"

#include <functional>
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
void writeDiscussionEvent(JsonWriter& json, const catalog::DiscussionEvent& event);

/// The page of events that `cursor`, of the page before, leads to; empty for the first.
using EventPages = std::function<Result<catalog::Page<catalog::DiscussionEvent>>(const QByteArray& cursor)>;

/// Writes one discussion with its events, piece by piece. Not thread-safe.
class DiscussionJson {
public:
    /// The events of `discussion` are not looked at; `facts` are for pull requests only.
    DiscussionJson(catalog::Discussion discussion, PackageId package, PullRequestFacts facts,
                   EventPages events);

    /// The next bytes; empty at the end.
    [[nodiscard]] Result<QByteArray> next();
    [[nodiscard]] bool isDone() const { return m_stage == Stage::Done; }

private:
    enum class Stage { Start, Events, Done };
    void start();
    [[nodiscard]] Result<void> writeEvents();

    const catalog::Discussion m_discussion;
    const PackageId m_package;
    const PullRequestFacts m_facts;
    const EventPages m_events;
    JsonWriter m_json;
    QByteArray m_cursor;
    Stage m_stage = Stage::Start;
};

} // namespace hublet::api
