// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/catalog/model/repository.h"

#include <limits>

namespace hublet::service {

struct ServiceContext;

/// What a repository's quota still lets in. A value, taken when an upload starts, so that what has no room is
/// refused early. Uploads that run side by side each see all of it: the last word has the commit
/// (CommitWriter).
class QuotaRoom {
public:
    [[nodiscard]] static Result<QuotaRoom> of(const ServiceContext& context,
                                              const catalog::Repository& repository);
    /// Error: QuotaExceeded when `bytes` more do not fit.
    [[nodiscard]] Result<void> check(qint64 bytes) const;

private:
    qint64 m_bytes = std::numeric_limits<qint64>::max();
};

} // namespace hublet::service
