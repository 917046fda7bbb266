// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/catalog/model/commitrequest.h"
#include "core/catalog/model/discussion.h"

namespace hublet::catalog {

class Catalog;

struct NewDiscussion {
    QString title;
    QString description; ///< becomes the first comment
    QString author;
    bool pullRequest = false; ///< refs/pr/<number> is created at the head of `baseBranch`
    QString baseBranch = QStringLiteral("main");
};

/// Writes discussions and pull requests (hub-api 12). Thread-safe; blocks until durable. Common errors:
/// PackageNotFound, NotFound (no such discussion or comment), InvalidArgument (a title or comment is too
/// long).
class DiscussionWriter {
public:
    DiscussionWriter(Catalog& catalog, const Clock& clock);

    /// A pull request starts as draft. Error: RevisionNotFound (base branch).
    [[nodiscard]] Result<Discussion> create(qint64 package, const NewDiscussion& discussion);
    [[nodiscard]] Result<DiscussionEvent> comment(qint64 package, int number, const QString& author,
                                                  const QString& text);
    [[nodiscard]] Result<DiscussionEvent> rename(qint64 package, int number, const QString& author,
                                                 const QString& title);
    /// Open, Closed or Draft. A comment, if any, is added before the status event. Error: Conflict (already
    /// merged).
    [[nodiscard]] Result<DiscussionEvent> setStatus(qint64 package, int number, const QString& author,
                                                    DiscussionStatus status, const QString& comment);
    /// Replaces the text of a comment. `comment` is its hubId. Error: Conflict (it is hidden).
    [[nodiscard]] Result<DiscussionEvent> editComment(qint64 package, int number, const QByteArray& comment,
                                                      const QString& text);
    [[nodiscard]] Result<DiscussionEvent> hideComment(qint64 package, int number, const QByteArray& comment);
    /// Merges refs/pr/<number> into its base branch: three-way by path, one commit with two parents.
    /// Errors: Conflict (naming files that changed on both sides; or it is closed or merged),
    /// RevisionNotFound (base gone).
    [[nodiscard]] Result<Discussion> merge(qint64 package, int number, const Signature& author,
                                           const QString& comment);

private:
    Catalog& m_catalog;
    const Clock& m_clock;
};

} // namespace hublet::catalog
