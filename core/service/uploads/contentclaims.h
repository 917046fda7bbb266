// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/principal.h"
#include "core/base/digest.h"
#include "core/base/result.h"

namespace hublet::service {

struct ServiceContext;

/// May the principal name this content in a commit without uploading it: it uploaded it lately, or may read
/// it in some package (DECISIONS 20)? `atMs`: the time at which it shall still be so.
[[nodiscard]] Result<bool> mayName(const ServiceContext& context, const access::Principal& principal,
                                   const Sha256& content, qint64 atMs);
/// Did this user upload it lately, whatever may be read elsewhere?
[[nodiscard]] Result<bool> uploadedBy(const ServiceContext& context, qint64 userId, const Sha256& content);

} // namespace hublet::service
