// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/service/disk/uploadplan.h"

namespace hublet::service {

class Browse;

/// Walks the sources of an upload and compares them with what the package holds. One use, one thread.
class UploadPlanner {
public:
    static constexpr std::size_t MaxFiles = 1'000'000; ///< as many as a commit may have operations

    UploadPlanner(const Browse& browse, const access::Permit& permit, UploadRequest request,
                  CancelToken cancel);

    [[nodiscard]] Result<UploadPlan> make();

private:
    [[nodiscard]] Result<void> addSource(const QString& source);
    [[nodiscard]] Result<void> addFolder(const QString& folder);
    [[nodiscard]] Result<void> add(const QString& source, const QString& relative);
    [[nodiscard]] Result<void> compare();
    [[nodiscard]] Result<void> proceed() const;

    const Browse& m_browse;
    const access::Permit& m_permit;
    const CancelToken m_cancel;
    UploadPlan m_plan;
};

} // namespace hublet::service
