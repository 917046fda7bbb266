// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace hublet::catalog {

enum class DiscussionStatus { Draft, Open, Closed, Merged };

/// One entry of a discussion (hub-api 12).
struct DiscussionEvent {
    enum class Kind { Comment, StatusChange, Commit, TitleChange };
    static constexpr qsizetype MaxCommentBytes = 64 * 1024; ///< UTF-8, also of a description
    QByteArray hubId;                                       ///< 24 hex digits
    Kind kind = Kind::Comment;
    QString author;
    qint64 createdMs = 0;
    QString
        text; ///< comment: Markdown; status-change: the new status; commit: subject; title-change: new title
    QString formerText; ///< title-change: old title
    GitOid commit;      ///< commit events
    bool edited = false;
    bool hidden = false;
    qint64 updatedMs = 0;

    /// What an edited comment said before.
    struct Version {
        QString text;
        qint64 writtenMs = 0;
    };
    static constexpr std::size_t MaxVersions = 20; ///< the oldest are dropped
    std::vector<Version> history;                  ///< comments: oldest first; nothing once hidden
};

/// A discussion or pull request of a package; both are numbered together from 1.
struct Discussion {
    static constexpr qsizetype MaxTitleLength = 255; ///< UTF-16 units
    qint64 rowId = 0;
    int number = 0;
    bool isPullRequest = false;
    QString title;
    DiscussionStatus status = DiscussionStatus::Open;
    QString author;
    qint64 createdMs = 0;
    int commentCount = 0;
    QString baseBranch;                  ///< pull requests
    std::optional<GitOid> mergeCommit;   ///< merged pull requests
    std::vector<DiscussionEvent> events; ///< only when details were asked for
};

/// Is it short enough? Error: InvalidArgument.
[[nodiscard]] Result<void> checkDiscussionTitle(const QString& title);
[[nodiscard]] Result<void> checkComment(const QString& text);
/// The text of a commit, which may be longer, cut to what a discussion takes.
[[nodiscard]] QString asDiscussionTitle(const QString& text);
[[nodiscard]] QString asComment(const QString& text);

} // namespace hublet::catalog
