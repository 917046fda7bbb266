// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/catalog/model/repository.h"

#include <limits>

namespace hublet::service {

struct ServiceContext;

/// What a repository's quota still lets in. A value, taken when an upload starts: uploads that run side by
/// side may together go beyond it by what they bring.
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
