// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/listings.h"
#include "core/db/transaction.h"

/// The statements over discussions. Each runs inside the caller's transaction.
namespace hublet::catalog::queries {

[[nodiscard]] Result<DiscussionPage> discussions(db::Transaction& transaction, qint64 package,
                                                 const DiscussionQuery& query);
/// Without events. Error: NotFound.
[[nodiscard]] Result<Discussion> discussion(db::Transaction& transaction, qint64 package, int number);
/// Oldest first.
[[nodiscard]] Result<std::vector<DiscussionEvent>> discussionEvents(db::Transaction& transaction,
                                                                    qint64 discussion);

/// Those behind the event with row id `after`, oldest first: a page of them, which ends when it is long.
[[nodiscard]] Result<Page<DiscussionEvent>> discussionEvents(db::Transaction& transaction, qint64 discussion,
                                                             qint64 after);

/// Takes the next number of the package; the other fields come from `fresh`.
[[nodiscard]] Result<Discussion> insertDiscussion(db::Transaction& transaction, qint64 package,
                                                  Discussion fresh);
/// Stores title, status and merge commit.
[[nodiscard]] Result<void> updateDiscussion(db::Transaction& transaction, const Discussion& discussion);
/// Gives the event its id and times.
[[nodiscard]] Result<DiscussionEvent> insertEvent(db::Transaction& transaction, qint64 discussion,
                                                  DiscussionEvent fresh, qint64 nowMs);
/// Stores text, edited, hidden and updatedMs.
[[nodiscard]] Result<void> updateEvent(db::Transaction& transaction, qint64 discussion,
                                       const DiscussionEvent& event);

/// "draft", "open", "closed", "merged".
[[nodiscard]] QString discussionStatusName(DiscussionStatus status);

} // namespace hublet::catalog::queries
