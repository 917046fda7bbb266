// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace hublet::catalog {

enum class DiscussionStatus { Draft, Open, Closed, Merged };

/// One entry of a discussion (hub-api 12).
struct DiscussionEvent {
    enum class Kind { Comment, StatusChange, Commit, TitleChange };
    QByteArray hubId; ///< 24 hex digits
    Kind kind = Kind::Comment;
    QString author;
    qint64 createdMs = 0;
    QString text;      ///< comment: Markdown; status-change: the new status; commit: subject; title-change: new title
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
    qint64 rowId = 0;
    int number = 0;
    bool isPullRequest = false;
    QString title;
    DiscussionStatus status = DiscussionStatus::Open;
    QString author;
    qint64 createdMs = 0;
    int commentCount = 0;
    QString baseBranch;                ///< pull requests
    std::optional<GitOid> mergeCommit; ///< merged pull requests
    std::vector<DiscussionEvent> events; ///< only when details were asked for
};

} // namespace hublet::catalog
