// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/discussion.h"
#include "core/catalog/model/package.h"

#include <optional>
#include <vector>

namespace hublet::service {

struct ServiceContext;

/// Discussions and pull requests (hub-api 12). Thread-safe. Permits: Read to look, Write for everything else.
class Discussions {
public:
    explicit Discussions(ServiceContext& context);

    struct Filter {
        std::optional<bool> pullRequests; ///< only pull requests, or only plain discussions
        enum class Status { All, Open, Closed };
        Status status = Status::All; ///< Open includes drafts
        std::optional<QString> author;
        int page = 0; ///< from 0
    };
    static constexpr int PageSize = 50;
    struct Listing {
        std::vector<catalog::Discussion> items; ///< newest first, without events
        int count = 0;
        int start = 0;
    };
    [[nodiscard]] Result<Listing> list(const access::Permit& permit, const PackageId& id,
                                       const Filter& filter) const;
    /// Without events.
    [[nodiscard]] Result<catalog::Discussion> details(const access::Permit& permit, const PackageId& id,
                                                      int number) const;
    /// What happened in it, oldest first, page by page.
    [[nodiscard]] Result<catalog::Page<catalog::DiscussionEvent>>
    events(const access::Permit& permit, const PackageId& id, int number, const QByteArray& cursor) const;
    /// Unified diff of a pull request against its base: names and, for small text files, lines.
    /// RevisionNotFound when the base is gone and it is not merged.
    [[nodiscard]] Result<QString> diff(const access::Permit& permit, const PackageId& id, int number) const;
    /// Files that stop a merge now, as clients want them; empty when nothing does. RevisionNotFound when the
    /// base is gone.
    [[nodiscard]] Result<std::vector<RepoPath>> conflicts(const access::Permit& permit, const PackageId& id,
                                                          int number) const;
    /// A pull request gets refs/pr/<number> at the head of main at once and starts as draft.
    [[nodiscard]] Result<catalog::Discussion> create(const access::Permit& permit, const PackageId& id,
                                                     const QString& title, const QString& description,
                                                     bool pullRequest);
    [[nodiscard]] Result<catalog::DiscussionEvent> comment(const access::Permit& permit, const PackageId& id,
                                                           int number, const QString& text);
    [[nodiscard]] Result<catalog::DiscussionEvent> rename(const access::Permit& permit, const PackageId& id,
                                                          int number, const QString& title);
    [[nodiscard]] Result<catalog::DiscussionEvent> setStatus(const access::Permit& permit,
                                                             const PackageId& id, int number,
                                                             catalog::DiscussionStatus status,
                                                             const QString& comment);
    /// Errors: Conflict naming the files that changed on both sides, or when it is closed or merged already,
    /// or when the base is a release and the principal lacks the Delete right.
    [[nodiscard]] Result<catalog::Discussion> merge(const access::Permit& permit, const PackageId& id,
                                                    int number, const QString& comment);
    /// Only for the author, administrators and who may Manage the package, else Forbidden; Conflict when the
    /// comment is hidden.
    [[nodiscard]] Result<catalog::DiscussionEvent> editComment(const access::Permit& permit,
                                                               const PackageId& id, int number,
                                                               const QByteArray& commentId,
                                                               const QString& text);
    [[nodiscard]] Result<catalog::DiscussionEvent>
    hideComment(const access::Permit& permit, const PackageId& id, int number, const QByteArray& commentId);

private:
    [[nodiscard]] Result<catalog::Package> package(const access::Permit& permit, access::Action action,
                                                   const PackageId& id) const;
    /// Error: Forbidden. A comment that does not exist is none of its business.
    [[nodiscard]] Result<void> checkMayEdit(const access::Permit& permit, const catalog::Package& package,
                                            int number, const QByteArray& commentId) const;
    void postChanged(const catalog::Package& package, int number) const;

    ServiceContext& m_context;
};

} // namespace hublet::service
